"""What a chat needs of the house around it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from assistant.chat.sessions import Shopper
from assistant.storage.store import StoredTurn
from assistant.turn_report import TurnReport
from skills.message import ItemId
from skills.shopping.product import ShopId
from skills.shopping.shop import Shop
from skills.skill import Understanding
from skills.storefront.front import Storefront
from skills.turn import Utterance


@dataclass(frozen=True)
class Surroundings:
    """Functions that are not awaited block, are called from threads, and raise ServiceError where they fail."""

    turn: Callable[[Utterance], Awaitable[TurnReport]]
    understand: Callable[[str], Awaitable[Understanding]]
    """What words mean in a shop, without any effect; raises DialogueError."""
    kept_turn: Callable[[str, str], StoredTurn | None]
    """The turn of a conversation and request, if it has been kept."""
    shop: Callable[[ShopId], Shop | None]
    front: Callable[[ShopId], Storefront]
    """A shop's rules, as they are live."""
    last_order: Callable[[Shopper], datetime | None]
    """When a shopper bought last."""
    topic: Callable[[ShopId, ItemId], str]
    """The topic of one of a shop's answers."""
    values: Callable[[Shop, Shopper, ItemId | None, Collection[str]], Mapping[str, str]]
    """What variables of these names hold for a shopper on a product's page."""
    sells: Callable[[ShopId, ItemId], bool]
    cart_count: Callable[[ShopId, str], int]
    """How many things a shopper has in the cart."""
    take_cart: Callable[[ShopId, str, str], int]
    """Put a guest's cart into that of the shopper whom the guest turned out to be; how many things are in it then."""


def now() -> datetime:
    """The time, aware."""
    return datetime.now(UTC)

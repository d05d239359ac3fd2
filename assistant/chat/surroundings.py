"""What a chat needs of the house around it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from assistant.storage.store import StoredTurn
from assistant.turn_report import TurnReport
from skills.message import ItemId
from skills.shopping.product import ShopId
from skills.shopping.shop import Shop
from skills.skill import Understanding
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
    sells: Callable[[ShopId, ItemId], bool]
    cart_count: Callable[[ShopId, str], int]
    """How many things a shopper has in the cart."""
    take_cart: Callable[[ShopId, str, str], int]
    """Put a guest's cart into that of the shopper whom the guest turned out to be; how many things are in it then."""


def now() -> datetime:
    """The time, aware."""
    return datetime.now(UTC)

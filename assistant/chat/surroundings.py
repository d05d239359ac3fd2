"""What a chat needs of the house around it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from assistant.turn_report import TurnReport
from skills.message import ItemId
from skills.shopping.product import ShopId
from skills.shopping.shop import Shop
from skills.skill import Understanding
from skills.turn import Reply, Utterance


@dataclass(frozen=True)
class Surroundings:
    """Functions that are not awaited block, and are called from threads."""

    turn: Callable[[Utterance], Awaitable[TurnReport]]
    understand: Callable[[str], Awaitable[Understanding]]
    """What words mean in a shop, without any effect; raises DialogueError."""
    kept_reply: Callable[[str, str], Reply | None]
    """The reply that a turn (conversation, request) has got, if it has."""
    shop: Callable[[ShopId], Shop | None]
    sells: Callable[[ShopId, ItemId], bool]
    cart_count: Callable[[ShopId, str], int | None]
    """How many things a shopper has in the cart."""


def now() -> datetime:
    """The time, aware."""
    return datetime.now(UTC)

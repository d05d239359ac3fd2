"""Where listeners are in items, as far as the skill needs to know it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from skills.message import ItemId


@dataclass(frozen=True)
class Place:
    """How far a listener is in an item, in milliseconds from its beginning, and what was queued there."""

    item: ItemId
    position_ms: int
    queue: tuple[ItemId, ...] = ()


class Places(Protocol):
    """What is known of all listeners."""

    async def latest(self, listener: str) -> Place | None:
        """Where `listener` last was in an item that was not heard to its end; None if there is none."""

    async def finished(self, listener: str, items: Collection[ItemId]) -> Collection[ItemId]:
        """Which of these items `listener` has heard to the end."""

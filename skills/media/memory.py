"""What the media skill remembers of a conversation."""

from __future__ import annotations

from typing import Self

from skills.skill import Memory
from skills.turn import ItemId, Message


class MediaMemory(Message):
    """`shown` are the results of the last search, best first, of which the first `told` were presented."""

    shown: tuple[ItemId, ...] = ()
    told: int = 0
    chosen: ItemId | None = None
    """The item last handed to the player; `shown` is the queue around it."""
    offered: ItemId | None = None
    """The item an open question is about: "shall I play it?"."""
    said: str = ""
    """The last speech, for "say that again"."""

    @classmethod
    def read(cls, memory: Memory) -> Self:
        """From what was kept; an empty memory is a new conversation."""
        return cls.model_validate(memory)

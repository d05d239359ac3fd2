"""What the media skill remembers of a conversation."""

from __future__ import annotations

from typing import Self

from pydantic import ValidationError

from skills.media.moment_memory import MomentList
from skills.media.wanted import Wanted
from skills.message import ItemId, Message
from skills.skill import Memory


class MediaMemory(Message):
    """`shown` are the results of the last search, best first, of which the first `told` were presented."""

    shown: tuple[ItemId, ...] = ()
    told: int = 0
    chosen: ItemId | None = None
    """The item last handed to the player; `shown` is the queue around it."""
    offered: ItemId | None = None
    """The item an open question is about: "shall I play it?"."""
    between: tuple[ItemId, ...] = ()
    """The items that an open question names: "do you mean ..., or ...?"."""
    wanted: Wanted | None = None
    """What the last search was for."""
    doubtful: str = ""
    """What a name of it was taken for, where another may have been meant."""
    news: tuple[str, ...] = ()
    """The channels of which there is more that is new."""
    news_kind: str = ""
    """The kind that alone was asked for of it."""
    moments: MomentList | None = None
    """The moments that were found last."""
    said: str = ""
    """The last speech, for "say that again"."""

    @property
    def following(self) -> ItemId | None:
        """What "next" leads to among the results."""
        place = self.shown.index(self.chosen) + 1 if self.chosen in self.shown else 0
        return self.shown[place] if place < len(self.shown) else None

    @classmethod
    def read(cls, memory: Memory) -> Self:
        """From what was kept; nothing, or what another version of Sori kept, is a new conversation."""
        try:
            return cls.model_validate(memory)
        except ValidationError:
            return cls()

"""The moments that were found last, as the conversation remembers them: where they are, and which one it is at."""

from __future__ import annotations

from typing import Self

from pydantic import Field

from skills.message import ItemId, Message
from skills.player import Milliseconds

REMEMBERED = 20
"""Moments remembered of a search."""

NEAR_MS = 120_000
"""Who has heard more from a moment on, no longer means it by "before that"."""


class Mark(Message):
    """Where a moment is; see `Moment`."""

    item: ItemId
    start_ms: Milliseconds
    at_ms: Milliseconds
    end_ms: Milliseconds


class MomentList(Message):
    """The moments found for `topic`: those of the first item in the order of time, then those of others, best first."""

    topic: str
    marks: tuple[Mark, ...] = Field(min_length=1, max_length=REMEMBERED)
    place: int = Field(default=0, ge=0)
    """Of the mark that was told last."""

    @property
    def current(self) -> Mark:
        """The one that was told last."""
        return self.marks[min(self.place, len(self.marks) - 1)]

    def begin_of(self, item: ItemId) -> int:
        """From where this item speaks of it; 0 where it is not among the moments."""
        marks = (self.current, *self.marks)
        return next((mark.start_ms for mark in marks if mark.item == item), 0)

    def is_at(self, item: ItemId | None, position_ms: int) -> bool:
        """Whether a player that is at this place has come there from the present moment."""
        return item == self.current.item and 0 <= position_ms - self.current.start_ms <= NEAR_MS

    def heard_until(self, item: ItemId | None, position_ms: int) -> Self:
        """The same for a player that has come to a position by itself: what it has passed is behind."""
        passed = [
            place
            for place, mark in enumerate(self.marks)
            if mark.item == item == self.current.item and mark.start_ms <= position_ms
        ]
        return self.model_copy(update={"place": max(passed)}) if passed else self

    def stepped(self, step: int) -> Self | None:
        """The next (+1) or the one before (-1); None where there is none."""
        place = self.place + step
        return self.model_copy(update={"place": place}) if 0 <= place < len(self.marks) else None

    def moved(self, begin_ms: int) -> Self:
        """With another beginning of the present one."""
        marks = list(self.marks)
        marks[self.place] = self.current.model_copy(update={"start_ms": begin_ms})
        return self.model_copy(update={"marks": tuple(marks)})

"""What is remembered of how a conversation goes, beside what its skills remember."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from pydantic import Field

from skills.skill import Understanding
from skills.turn import MAX_TEXT, Message

KEY = "turns"
"""Under this name, beside the skills', in the conversation's memory."""


class Option(Message):
    """One side of "did you mean A, or B?": what was said, if it was this, and how it is called."""

    text: str = Field(max_length=MAX_TEXT)
    called: str


class TurnMemory(Message):
    """The misses in a row, whether the last reply expected an answer, and the readings that were asked about."""

    missed: int = 0
    asked: bool = False
    options: tuple[Option, ...] = ()

    @classmethod
    def read(cls, memory: Mapping[str, Any]) -> Self:
        """From a conversation's memory; a new conversation has none."""
        return cls.model_validate(memory.get(KEY, {}))

    def answered_by(self, understanding: Understanding) -> Option | None:
        """The option that an answer takes: by its place, or by yes, which is said at once when the first is named."""
        if understanding.intent == "affirm":
            place: int | None = 0
        elif understanding.intent == "choose_item":
            place = _PLACES.get(understanding.value("ordinal"))
        else:
            place = None
        return self.options[place] if self.options and place is not None else None


_PLACES = {"1": 0, "2": 1, "-1": 1}

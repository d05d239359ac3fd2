"""What the console remembers of what a seller said to it."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, ValidationError

from skills.message import Message
from skills.skill import Memory


class Proposal(Message):
    """What has been read back and waits for a yes."""

    does: Literal["answer", "publish", "undo"]
    answer: str = ""
    """Of "answer": the entry, new or not."""
    text: str = ""
    """Of "answer": what it would say."""
    question: str = ""
    """Of "answer": what it is asked by, where it is new."""
    seen: int = 0
    """Of "answer": the revision of the draft that was read, 0 of a new one. Of "publish": that of all drafts."""
    version: int = 0
    """Of "undo": the version that is taken back, the newest one then."""


class SellerMemory(Message):
    """An open question is closed by whatever is answered next, so that no late "yes" does what nobody thinks of."""

    proposal: Proposal | None = None
    choices: tuple[str, ...] = Field(default=(), max_length=5)
    """Answers among which to choose, by id, in the order in which they were named."""
    parts: int = 0
    """So many facts of `answer` were named, of which one is to be exchanged."""
    wording: str = ""
    """What the chosen one is to say; empty where it is only to be read."""
    answer: str = ""
    """The answer last spoken about: "it"."""
    said: str = ""

    @classmethod
    def read(cls, memory: Memory) -> Self:
        """From what was kept; nothing, or what another version of Sori kept, is a new conversation."""
        try:
            return cls.model_validate(memory)
        except ValidationError:
            return cls()

"""A shop's own wording in place of what the assistant would say by itself."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from skills.message import Message
from skills.shopping.system_replies import SYSTEM_REPLIES


class OwnWording(Message):
    """Kind `wording`; its entry's id is `reply`, the id of a system reply."""

    reply: str = Field(max_length=60)
    text: str = Field(min_length=1, max_length=500)
    """May have the variables of that reply, in braces."""

    @model_validator(mode="after")
    def _known(self) -> Self:
        if self.reply not in SYSTEM_REPLIES:
            raise ValueError("The assistant has no such reply.")
        if problem := SYSTEM_REPLIES[self.reply].problem(self.text):
            raise ValueError(problem)
        return self

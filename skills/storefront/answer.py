"""An answer of a shop's, with the questions that it answers."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from skills.message import ItemId, Message
from skills.shop_view import Link

VARIANTS_MAX = 200
"""Ways to ask one question."""

Wording = Annotated[str, Field(min_length=1, max_length=500)]


class ShopAnswer(Message):
    """What a shop answers to a question, however it is put. All texts are plain, without markup."""

    id: ItemId
    question: Wording
    variants: tuple[Wording, ...] = Field(default=(), max_length=VARIANTS_MAX)
    """Other ways to ask it."""
    answer: str = Field(min_length=1, max_length=2_000)
    topic: str = Field(default="", max_length=60)
    links: tuple[Link, ...] = Field(default=(), max_length=5)
    quick: tuple[Annotated[str, Field(min_length=1, max_length=40)], ...] = Field(default=(), max_length=4)
    """What may be tapped to say next."""

    @property
    def wordings(self) -> tuple[str, ...]:
        """Every way to ask, the question first."""
        return (self.question, *self.variants)

"""What a button, or an item of the menu, does when it is tapped."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from skills.message import ItemId, Message
from skills.shop_view import Address
from skills.turn import MAX_TEXT

LABEL_MAX = 18
"""Characters on a button."""

Said = Annotated[str, Field(max_length=MAX_TEXT)]


class Doing(Message):
    """Exactly one of these."""

    say: Said = ""
    """It says this, as if the customer had written it."""
    link: Address | None = None
    """It opens this page."""
    card: ItemId | None = None
    """It shows this card of the shop's (`card`, by its entry's id)."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        if self.deeds != 1:
            raise ValueError("Choose one thing that it does: say something, open a page, or show a card.")
        return self

    @property
    def deeds(self) -> int:
        """How many of them are given."""
        return bool(self.say.strip()) + (self.link is not None) + (self.card is not None)


class CardButton(Doing):
    """Of a card, or of a message that comes by itself."""

    label: str = Field(min_length=1, max_length=LABEL_MAX)

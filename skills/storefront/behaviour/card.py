"""Cards that a shop has made: shown together, side by side, where a button, a keyword or the menu asks for them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from skills.message import Message
from skills.shop_view import CARDS_MAX, Address
from skills.storefront.behaviour.doing import CardButton
from skills.storefront.behaviour.texts import checked

TITLE_MAX = 200
BUTTONS_MAX = 10


class Card(Message):
    """A picture, a title, a text, and buttons; all texts are plain and may have variables."""

    title: Annotated[str, checked] = Field(min_length=1, max_length=TITLE_MAX)
    text: Annotated[str, checked] = Field(default="", max_length=1_000)
    picture: Address | None = None
    described: str = Field(default="", max_length=200)
    """What the picture shows, for those who do not see it."""
    buttons: tuple[CardButton, ...] = Field(default=(), max_length=BUTTONS_MAX)


class Cards(Message):
    """Kind `card`: cards that are shown together, under a name that only the shop sees."""

    name: str = Field(min_length=1, max_length=80)
    text: Annotated[str, checked] = Field(default="", max_length=500)
    """What is said with them."""
    cards: tuple[Card, ...] = Field(min_length=1, max_length=CARDS_MAX)

"""What the shopping skill remembers of a conversation; carts, orders and people's names are not kept here."""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from pydantic import Field, ValidationError

from skills.message import ItemId, Message
from skills.shopping.product import ShopId
from skills.skill import Memory


class Ask(StrEnum):
    """What an open question of the shop's is about."""

    OPTION = "option"
    """Which size or colour, before something is put into the cart."""
    CONFIRM = "confirm"
    """Yes or no to `Pending.tap`."""
    EMAIL = "email"
    CODE = "code"
    """Of a letter that was sent."""
    ORDER = "order"
    PIN = "pin"
    WHICH = "which"
    """Which of the things that were named."""


class Pending(Message):
    """The open question, and what is to be done once it is answered: `tap` with `values`, to which the answer goes."""

    ask: Ask
    tap: str = ""
    values: dict[str, str | int | bool | list[str]] = Field(default_factory=dict)
    option: str = ""
    """Of OPTION: its name."""
    said: str = ""
    """The speech that asked it, which `shop_answer` fills in: once something else is said, the question is closed."""


class ShoppingMemory(Message):
    """`shown` are the products found last, in order, of which the first `told` were presented."""

    shop: ShopId | None = None
    """The shop that was opened at the speaker; in a shop's own widget the utterance names it."""
    shown: tuple[ItemId, ...] = Field(default=(), max_length=200)
    told: int = 0
    product: ItemId | None = None
    """The one last spoken about: "it"."""
    page: ItemId | None = None
    """The one on the page when the last answer was given: another one since is what "it" is now."""
    sku: ItemId | None = None
    options: dict[str, str] = Field(default_factory=dict)
    """Chosen of `product` so far."""
    compared: tuple[ItemId, ...] = ()
    pending: Pending | None = None
    order: str = ""
    """The number of the order last spoken about."""
    query: str = ""
    """What the products shown were asked for, refinements included, as it is understood again."""
    dropped: tuple[str, ...] = ()
    """Conditions of `query` that were taken back, by their labels."""
    like: ItemId | None = None
    """The product that those shown resemble, where that was asked for."""
    said: str = ""
    """The last speech, for "say that again"."""

    @classmethod
    def read(cls, memory: Memory) -> Self:
        """From what was kept; nothing, or what another version of Sori kept, is a new conversation."""
        try:
            return cls.model_validate(memory)
        except ValidationError:
            return cls()

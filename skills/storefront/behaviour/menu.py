"""The menu that stays below the conversation: four items at most on each of three levels."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from skills.message import Message
from skills.storefront.behaviour.doing import Doing

ITEMS_MAX, LEVELS_MAX = 4, 3
LABEL_MAX = 30


class MenuItem(Doing):
    """Does something, or leads to a further level."""

    label: str = Field(min_length=1, max_length=LABEL_MAX)
    items: tuple[MenuItem, ...] = Field(default=(), max_length=ITEMS_MAX)

    @property
    def deeds(self) -> int:
        """How many of them are given, a further level being one."""
        return super().deeds + bool(self.items)

    @property
    def levels(self) -> int:
        """This one, and those below it."""
        return 1 + max((one.levels for one in self.items), default=0)


class Menu(Message):
    """Kind `menu`, of which there is one, `MENU_ID`."""

    items: tuple[MenuItem, ...] = Field(default=(), max_length=ITEMS_MAX)

    @model_validator(mode="after")
    def _depth(self) -> Self:
        if any(one.levels > LEVELS_MAX for one in self.items):
            raise ValueError(f"A menu has {LEVELS_MAX} levels at most.")
        return self


MENU_ID = "menu"

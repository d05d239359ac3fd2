"""When people of a shop answer: its week, breaks, holidays, days on which it is different."""

from __future__ import annotations

from datetime import date
from typing import Self

from pydantic import Field, field_validator, model_validator

from skills.message import Message
from skills.shopping.shop import Opening
from skills.storefront.zones import is_zone

DAY_MIN = 1_440
SPECIAL_MAX = 200
HOURS_ID = "hours"


class Range(Message):
    """Minutes from midnight; `end` may lie past the next one."""

    begin: int = Field(ge=0, lt=DAY_MIN)
    end: int = Field(gt=0, le=2 * DAY_MIN)

    @model_validator(mode="after")
    def _length(self) -> Self:
        if not 0 < self.end - self.begin <= DAY_MIN:
            raise ValueError("It has to end after it begins, within a day.")
        return self


class Break(Range):
    """Nobody answers for a while, on one day of the week (0 is Monday) or, without one, every day."""

    day: int | None = Field(default=None, ge=0, le=6)


class SpecialDay(Message):
    """A date, or all from `first` to `last`, on which the week does not count: closed, or open at other times."""

    name: str = Field(default="", max_length=80)
    """As customers read it: "Christmas"."""
    first: date
    last: date | None = None
    yearly: bool = False
    ranges: tuple[Range, ...] = Field(default=(), max_length=10)
    """None for closed all day. Breaks do not count on such a day."""

    @model_validator(mode="after")
    def _order(self) -> Self:
        if self.last is not None and not 0 <= (self.last - self.first).days <= 365:
            raise ValueError("The last day has to come after the first, within a year.")
        return self


class Hours(Message):
    """Kind `hours`, of which there is one, `HOURS_ID`. While a shop has none, its profile's `opening` counts."""

    week: tuple[Opening, ...] = Field(default=(), max_length=50)
    """None stands for never."""
    breaks: tuple[Break, ...] = Field(default=(), max_length=50)
    special: tuple[SpecialDay, ...] = Field(default=(), max_length=SPECIAL_MAX)
    """Where several mean one date, one of that year counts before a yearly one, then the first."""
    time_zone: str = Field(default="", max_length=64)
    """Empty for the shop's own."""

    @field_validator("time_zone")
    @classmethod
    def _known(cls, name: str) -> str:
        if name and not is_zone(name):
            raise ValueError("This time zone is not known. One is called, for example, Europe/Berlin.")
        return name

"""What a customer who writes is told while people are away: at most once in a period. Pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from skills.message import Message
from skills.storefront.behaviour.texts import checked_with_opens


class AwayWhen(StrEnum):
    """When it is said."""

    CLOSED = "closed"
    """Outside the shop's hours."""
    DATES = "dates"
    """From a day to another, as when everybody is on holiday."""
    ALWAYS = "always"
    """To everybody who writes, as "we read this within a day"."""


class AwayReply(Message):
    """Kind `away`. The assistant answers all the same."""

    when: AwayWhen
    text: Annotated[str, checked_with_opens] = Field(min_length=1, max_length=500)
    """May have variables, and `{opens}`: when people answer again."""
    first: date | None = None
    last: date | None = None
    """Of DATES, both included, by the shop's clock."""
    every_hours: int = Field(default=24, ge=1, le=24 * 30)
    """One customer hears it once in so long."""
    on: bool = True

    @model_validator(mode="after")
    def _dates(self) -> Self:
        if self.when is AwayWhen.DATES and (self.first is None or self.last is None or self.last < self.first):
            raise ValueError("Say from which day to which you are away.")
        return self

    def holds(self, *, is_open: bool, today: date) -> bool:
        """Whether it is said now; `today` by the shop's clock."""
        match self.when:
            case AwayWhen.CLOSED:
                fits = not is_open
            case AwayWhen.DATES:
                fits = self.first is not None and self.last is not None and self.first <= today <= self.last
            case AwayWhen.ALWAYS:
                fits = True
        return self.on and fits


def is_due(last: datetime | None, now: datetime, every_hours: int) -> bool:
    """Whether somebody who heard it at `last` may hear it again."""
    return last is None or now - last >= timedelta(hours=every_hours)

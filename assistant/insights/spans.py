"""Spans of days as a shop's clocks have them, and what they are cut into. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from assistant.chat.facts import QUARTER_S

DAYS_MAX = 366
BARS_MAX = 31
"""Days that are shown one by one; longer spans are shown by weeks."""
WEEK = 7


@dataclass(frozen=True)
class Span:
    """Whole days from `first` to `last`, both included, by the clock of `zone`; of a day that is not over what there
    is of it until `now`.
    """

    first: date
    last: date
    zone: ZoneInfo
    now: datetime

    @classmethod
    def of_days(cls, days: int, now: datetime, zone: ZoneInfo) -> Span:
        """So many days, today being the last of them."""
        today = now.astimezone(zone).date()
        return cls(today - timedelta(days=days - 1), today, zone, now)

    @property
    def days(self) -> int:
        """How many."""
        return (self.last - self.first).days + 1

    @property
    def since(self) -> datetime:
        """Its first moment, in UTC."""
        return midnight(self.first, self.zone)

    @property
    def until(self) -> datetime:
        """The first moment after it, in UTC."""
        return midnight(self.last + timedelta(days=1), self.zone)

    @property
    def before(self) -> Span:
        """As many days before it, up to the same time of their last day: half a day is compared with half a day."""
        shift = timedelta(days=self.days)
        wall = self.now.astimezone(self.zone).replace(tzinfo=None) - shift
        now = min(self.now, wall.replace(tzinfo=self.zone).astimezone(UTC)) if self.now < self.until else self.now
        return Span(self.first - shift, self.last - shift, self.zone, now)

    @property
    def end(self) -> datetime:
        """Up to when facts count, in UTC: now, while the span lasts."""
        return min(self.until, self.now.astimezone(UTC) + timedelta(microseconds=1))

    def bars(self) -> list[Span]:
        """Its days, or its weeks, the last of which is whole, where those are too many."""
        if self.days <= BARS_MAX:
            begins = [self.first + timedelta(days=one) for one in range(self.days)]
        else:
            begins = [
                self.first,
                *(self.last - timedelta(days=WEEK * one - 1) for one in range(self.days // WEEK, 0, -1)),
            ]
            begins = sorted(set(begins))
        begins.append(self.last + timedelta(days=1))
        return [Span(one, following - timedelta(days=1), self.zone, self.now) for one, following in pairwise(begins)]


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When a day begins, in UTC; where the clocks skip midnight, when they go on."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def quarter_of(at: datetime) -> int:
    """The quarter of an hour that a time lies in, counted since 1970: every zone's days begin with one."""
    return int(at.timestamp()) // QUARTER_S


def wall_time(quarter: int, zone: ZoneInfo) -> datetime:
    """A quarter's begin by the clock of a zone."""
    return datetime.fromtimestamp(quarter * QUARTER_S, zone)

"""Whether people of a shop answer at a time, and when they do next, by the clock on the shop's wall. Pure.

What counts is what that clock shows: in autumn an hour that comes twice is open or closed twice, in spring one that is
skipped does not come. A range past midnight belongs to the day that it begins on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from skills.shopping.shop import Profile
from skills.storefront.behaviour.hours import DAY_MIN, Hours, SpecialDay
from skills.storefront.hours_words import clock
from skills.storefront.zones import zone

LOOK_AHEAD_DAYS = 375
"""A year of holidays, and a week."""
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Timetable:
    """A shop's hours, where its clock hangs."""

    hours: Hours
    where: ZoneInfo

    def is_open(self, at: datetime) -> bool:
        """Whether people answer at a time (aware)."""
        local = at.astimezone(self.where)
        today, minute = local.date(), local.hour * 60 + local.minute
        begun = self._within(today, minute) or self._within(today - DAY, minute + DAY_MIN)
        return begun and not self._break(today, minute) and not self._break(today - DAY, minute + DAY_MIN)

    def opens_at(self, at: datetime) -> datetime | None:
        """When people answer next, to the minute, in UTC: `at` itself if they do, None if they do not within a year."""
        if self.is_open(at):
            return at.astimezone(UTC)
        if not self.hours.week and not any(one.ranges for one in self.hours.special):
            return None
        first = at.astimezone(self.where).date() - DAY
        found: datetime | None = None
        for ahead in range(LOOK_AHEAD_DAYS):
            day = first + ahead * DAY
            if found and datetime.combine(day, time(), self.where) > found:
                break
            edges = [edge for edge in self._edges(day) if edge > at and self.is_open(edge)]
            found = min([*edges, *([found] if found else [])], default=None)
        return found

    def opens_in_words(self, at: datetime) -> str:
        """When people answer again: `today at 9:00 am`, `tomorrow at ...`, `on Monday at ...`, `on 7 January at ...`;
        empty while they do, and for never.
        """
        opens = None if self.is_open(at) else self.opens_at(at)
        if opens is None:
            return ""
        local, now = opens.astimezone(self.where), at.astimezone(self.where)
        days = (local.date() - now.date()).days
        later = f"on {local:%A}" if days < 7 else f"on {local.day} {local:%B}"
        day = {0: "today", 1: "tomorrow"}.get(days, later)
        return f"{day} at {clock(local.hour * 60 + local.minute)}"

    def special(self, day: date) -> SpecialDay | None:
        """What makes a date differ from its day of the week."""
        found = [one for one in self.hours.special if _means(one, day)]
        return min(found, key=lambda one: one.yearly, default=None)  # of equals, min takes the first

    def _within(self, day: date, minute: int) -> bool:
        """Whether this minute since a day's midnight, perhaps of the next day, is in what begins on that day."""
        return any(begin <= minute < end for begin, end in self._ranges(day))

    def _ranges(self, day: date) -> list[tuple[int, int]]:
        special = self.special(day)
        ranges = special.ranges if special else [one for one in self.hours.week if one.day == day.weekday()]
        return [(one.begin, one.end) for one in ranges]

    def _break(self, day: date, minute: int) -> bool:
        """Whether it is in a break that begins on that day."""
        mine = [one for one in self.hours.breaks if one.day in (None, day.weekday())]
        return any(one.begin <= minute < one.end for one in mine) and self.special(day) is None

    def _edges(self, day: date) -> Iterator[datetime]:
        """When what the clock shows may mean something else: ranges that begin, breaks that end, clocks that change."""
        minutes = {begin for begin, _ in self._ranges(day)} | {one.end for one in self.hours.breaks}
        for minute in minutes:
            wall = datetime.combine(day, time()) + timedelta(minutes=minute)
            for fold in (0, 1):  # in autumn it comes twice
                yield wall.replace(tzinfo=self.where, fold=fold).astimezone(UTC)
        if change := _change(
            datetime.combine(day, time(), self.where), datetime.combine(day + DAY, time(), self.where)
        ):
            yield change


def timetable(hours: Hours | None, shop: Profile) -> Timetable:
    """The shop's hours: its own entry, or while it has none, what its profile says."""
    known = hours or Hours(week=shop.opening)
    return Timetable(known, zone(known.time_zone or shop.time_zone))


def _means(special: SpecialDay, day: date) -> bool:
    last = special.last or special.first
    if not special.yearly:
        return special.first <= day <= last
    first = (special.first.month, special.first.day)
    end, it = (last.month, last.day), (day.month, day.day)
    return first <= it <= end if first <= end else it >= first or it <= end


def _change(begin: datetime, end: datetime) -> datetime | None:
    """When the clocks change between two times, to the minute."""
    low, high = begin.astimezone(UTC), end.astimezone(UTC)
    where = begin.tzinfo
    before = begin.utcoffset()
    if end.utcoffset() == before:
        return None
    while high - low > timedelta(minutes=1):
        middle = low + (high - low) // timedelta(minutes=2) * timedelta(minutes=1)
        if middle.astimezone(where).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high

"""A shop's hours in plain words: whether people are there now, and the next two weeks. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from skills.storefront.behaviour.hours import DAY_MIN
from skills.storefront.timetable import Timetable

AHEAD_DAYS = 14
DAY = timedelta(days=1)

Span = tuple[int, int]
"""Minutes from a day's midnight; the end may lie on the next day."""


@dataclass(frozen=True)
class DayAhead:
    """A day as a line of the look ahead."""

    label: str
    hours: str
    """Like "9:00 to 12:30, 13:00 to 18:00", or "Closed"."""
    note: str
    """What makes it differ from other weeks."""
    is_open: bool


def now_in_words(table: Timetable, at: datetime) -> str:
    """Whether people are there: "Open now until 18:00.", "Closed now. Opens tomorrow at 9:00.", ..."""
    local = at.astimezone(table.where)
    if table.is_open(at):
        end = _end(table, local.date(), local.hour * 60 + local.minute)
        return f"Open now until {_time(end)}." if end is not None else "Open now, around the clock."
    opens = table.opens_at(at)
    if opens is None:
        return "Closed. No opening hours are set, so nobody is promised a person."
    then = opens.astimezone(table.where)
    days = (then.date() - local.date()).days
    later = f"on {then:%A}" if days < 7 else f"on {then.day} {then:%B}"
    day = {0: "today", 1: "tomorrow"}.get(days, later)
    return f"Closed now. Opens {day} at {_time(then.hour * 60 + then.minute)}."


def ahead(table: Timetable, at: datetime, days: int = AHEAD_DAYS) -> list[DayAhead]:
    """Today and the days after it."""
    today = at.astimezone(table.where).date()
    return [_day(table, today + number * DAY, number) for number in range(days)]


def _day(table: Timetable, day: date, number: int) -> DayAhead:
    special, spans = table.special(day), spans_on(table, day)
    label = {0: "Today", 1: "Tomorrow"}.get(number, f"{day:%A}")
    hours = ", ".join(_span(one) for one in spans) or "Closed"
    note = (special.name or "Other hours than usual") if special else ""
    return DayAhead(f"{label}, {day.day} {day:%b}", hours, note, bool(spans))


def spans_on(table: Timetable, day: date) -> list[Span]:
    """What begins on a day, breaks taken out, in order."""
    special = table.special(day)
    if special:
        return _merged((one.begin, one.end) for one in special.ranges)
    spans = _merged((one.begin, one.end) for one in table.hours.week if one.day == day.weekday())
    for pause in table.hours.breaks:
        if pause.day in (None, day.weekday()):
            spans = [part for span in spans for part in _without(span, (pause.begin, pause.end))]
    return spans


def _end(table: Timetable, day: date, minute: int) -> int | None:
    """The minute of a day, perhaps of the next, at which it closes; None where it does not within a day."""
    near = [(begin + DAY_MIN * ahead, end + DAY_MIN * ahead) for ahead in (-1, 0, 1, 2)
            for begin, end in spans_on(table, day + ahead * DAY)]  # fmt: skip
    end = next((end for begin, end in _merged(near) if begin <= minute < end), None)
    return end if end is not None and end - minute < DAY_MIN else None


def _merged(spans: Iterable[Span]) -> list[Span]:
    """In order; those that touch are one."""
    merged: list[Span] = []
    for begin, end in sorted(spans):
        if merged and begin <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((begin, end))
    return merged


def _without(span: Span, pause: Span) -> list[Span]:
    (begin, end), (pause_begin, pause_end) = span, pause
    if pause_end <= begin or end <= pause_begin:
        return [span]
    return [part for part in ((begin, pause_begin), (pause_end, end)) if part[0] < part[1]]


def _span(span: Span) -> str:
    if span == (0, DAY_MIN):
        return "All day"
    return f"{_time(span[0])} to {_time(span[1])}"


def _time(minute: int) -> str:
    return f"{minute // 60 % 24}:{minute % 60:02}"

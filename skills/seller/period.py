"""Which days are meant: "last week", "since Monday", "in the past ten days", "in October". Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from skills.media.amounts import number_in, words

DAYS_MAX = 366
"""The longest stretch that is looked at."""
WEEKEND = 5
"""Saturday."""

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
           "november", "december")  # fmt: skip
_UNITS = {"day": 1, "week": 7, "fortnight": 14, "month": 30, "quarter": 90, "year": 365}
_ROLLING = re.compile(r"\b(?:in|over|for|of|during|within) (?:the |these )?(?:last|past)\b(.*?)\b(\w+?)s?$")
_COUNTED = re.compile(r"\b(?:last|past) (.+?) (\w+?)s?$")


@dataclass(frozen=True)
class Period:
    """Whole days of the shop's calendar, both included; `said` is how an answer names them ("this week")."""

    first: date
    last: date
    said: str


def read_period(text: str, today: date) -> Period:
    """The days that a text means, up to today; this week where it names none that is known."""
    said = " ".join(words(text))
    for read in (_named, _rolling, _since, _weekend, _day, _month):
        if (found := read(said, today)) is not None:
            first, last, name = found
            last = min(last, today)
            return Period(min(max(first, last - timedelta(days=DAYS_MAX - 1)), last), last, name)
    return Period(_monday(today), today, "this week")


_Found = tuple[date, date, str] | None


def _named(said: str, today: date) -> _Found:
    if re.search(r"\b(?:in|over|during) (?:the |these )?(?:last|past)\b", said):
        return None  # "in the last week": seven days, not a week of the calendar
    monday, first = _monday(today), today.replace(day=1)
    january = today.replace(month=1, day=1)
    calendar: dict[str, Callable[[], tuple[date, date]]] = {
        "this week": lambda: (monday, today),
        "last week": lambda: (monday - timedelta(days=7), monday - timedelta(days=1)),
        "this month": lambda: (first, today),
        "last month": lambda: ((first - timedelta(days=1)).replace(day=1), first - timedelta(days=1)),
        "this year": lambda: (january, today),
        "last year": lambda: (january.replace(year=january.year - 1), january - timedelta(days=1)),
        "yesterday": lambda: (today - timedelta(days=1),) * 2,
        "today": lambda: (today, today),
    }
    if re.search(r"\bsince (?:yesterday|last)\b", said):
        return _since_named(said, today, calendar)
    name = next((one for one in calendar if re.search(rf"\b{one}\b", said)), None)
    if name is None:
        return (today, today, "today") if re.search(r"\bthis (?:morning|afternoon|evening)\b", said) else None
    return *calendar[name](), name


def _since_named(said: str, today: date, calendar: dict[str, Callable[[], tuple[date, date]]]) -> _Found:
    name = next((one for one in calendar if f"since {one}" in said), None)
    return (calendar[name]()[0], today, f"since {name}") if name else None


def _rolling(said: str, today: date) -> _Found:
    found = _ROLLING.search(said) or _COUNTED.search(said)
    if not found or found[2] not in _UNITS:
        return None
    amount = number_in(found[1].split())
    count = max(1, int(amount.value)) if amount else 1
    days = min(count * _UNITS[found[2]], DAYS_MAX)
    name = "in the last 24 hours" if days == 1 else f"in the last {days} days"
    return today - timedelta(days=days - 1), today, name


def _since(said: str, today: date) -> _Found:
    found = re.search(rf"\bsince ({'|'.join((*_DAYS, *_MONTHS))})\b", said)
    if not found:
        return None
    name = found[1]
    return _last(name, today) if name in _DAYS else _begin(name, today), today, f"since {name.capitalize()}"


def _weekend(said: str, today: date) -> _Found:
    if "weekend" not in said:
        return None
    saturday = today - timedelta(days=(today.weekday() - WEEKEND) % 7)
    return saturday, saturday + timedelta(days=1), "at the weekend"


def _day(said: str, today: date) -> _Found:
    found = re.search(rf"\b({'|'.join(_DAYS)})\b", said)
    if not found:
        return None
    day = _last(found[1], today)
    return day, day, f"on {found[1].capitalize()}"


def _month(said: str, today: date) -> _Found:
    found = re.search(rf"\b({'|'.join(_MONTHS)})\b(?! (?:i|we|you)\b)", said)  # "may I see ..." is no month
    if not found:
        return None
    begin = _begin(found[1], today)
    end = (begin + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return begin, end, f"in {found[1].capitalize()}"


def _last(day: str, today: date) -> date:
    """The newest day of this name, today too."""
    return today - timedelta(days=(today.weekday() - _DAYS.index(day)) % 7)


def _begin(month: str, today: date) -> date:
    """The first day of the newest month of this name, today's too."""
    number = _MONTHS.index(month) + 1
    return date(today.year - (number > today.month), number, 1)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())

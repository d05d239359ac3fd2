"""Which days the numbers are for, as the address of a page says it. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from assistant.insights.spans import DAYS_MAX, Span

CHOICES = {"1": "Today", "7": "7 days", "28": "28 days", "90": "90 days"}
DEFAULT = "7"
OWN = "own"


@dataclass(frozen=True)
class Choice:
    """A span as it was chosen; `problem` says why it is another one than was asked for."""

    span: Span
    key: str
    """One of CHOICES, or OWN."""
    first: str
    last: str
    """The own days as they were written."""
    problem: str = ""

    @property
    def query(self) -> str:
        """For the addresses of everything that is about the same days."""
        if self.key != OWN or self.problem:
            return urlencode({"span": self.key})
        return urlencode({"span": OWN, "from": self.first, "to": self.last})


def read_choice(get: Callable[[str, str], str], now: datetime, zone: ZoneInfo) -> Choice:
    """From the parameters `span`, `from` and `to` of an address; nonsense is the default."""
    key, first, last = get("span", DEFAULT), get("from", "")[:10], get("to", "")[:10]
    if key != OWN:
        key = key if key in CHOICES else DEFAULT
        span = Span.of_days(int(key), now, zone)
        return Choice(span, key, span.first.isoformat(), span.last.isoformat())
    today = now.astimezone(zone).date()
    try:
        begin, end = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        return _refused("Please choose a first and a last day.", first, last, now, zone)
    if end < begin:
        begin, end = end, begin
    if begin > today:
        return _refused("These days are still to come.", first, last, now, zone)
    end = min(end, today)
    if (end - begin).days >= DAYS_MAX:
        return _refused(f"Please choose at most {DAYS_MAX} days.", first, last, now, zone)
    return Choice(Span(begin, end, zone, now), OWN, begin.isoformat(), end.isoformat())


def _refused(problem: str, first: str, last: str, now: datetime, zone: ZoneInfo) -> Choice:
    return Choice(Span.of_days(int(DEFAULT), now, zone), DEFAULT, first, last, f"{problem} These are the last 7 days.")


def days_in_words(span: Span) -> str:
    """As in "Friday, 20 Nov 2026" or "14 to 20 Nov 2026"."""
    first, last = span.first, span.last
    if first == last:
        return f"{first:%A}, {_day(first)} {first:%Y}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {_day(last)} {last:%Y}"
    if first.year == last.year:
        return f"{_day(first)} to {_day(last)} {last:%Y}"
    return f"{_day(first)} {first:%Y} to {_day(last)} {last:%Y}"


def bar_in_words(bar: Span) -> str:
    """As in "20 Nov", of a week its first day."""
    return _day(bar.first)


def _day(day: date) -> str:
    return f"{day.day} {day:%b}"

"""A shop's opening hours as they are said. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from skills.shopping.shop import Opening

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def hours_in_words(week: Sequence[Opening]) -> str:
    """As in "Monday to Friday 9:00 am to 5:00 pm, Saturday 10:00 am to 2:00 pm"; empty for never."""
    by_day = [tuple(sorted((one.begin, one.end) for one in week if one.day == day)) for day in range(7)]
    said = []
    for ranges, days in groupby(range(7), key=lambda day: by_day[day]):
        first, *rest = days
        if ranges:
            name = f"{DAYS[first]}{_and(first, rest[-1])}" if rest else DAYS[first]
            said.append(f"{name} {' and '.join(f'{clock(begin)} to {clock(end)}' for begin, end in ranges)}")
    return ", ".join(said)


def clock(minutes: int) -> str:
    """A time of day, in minutes from midnight: "9:00 am"."""
    hour, minute = divmod(minutes % 1_440, 60)
    return f"{hour % 12 or 12}:{minute:02} {'am' if hour < 12 else 'pm'}"


def _and(first: int, last: int) -> str:
    return f" and {DAYS[last]}" if last == first + 1 else f" to {DAYS[last]}"

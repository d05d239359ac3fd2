"""When people of a shop answer: ranges of the week in the shop's own time, several a day, past midnight. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from skills.shopping.shop import Opening

DAY_MIN = 1_440
LOOK_AHEAD_DAYS = 8
"""A week, and what is left of today."""


def zone(name: str) -> ZoneInfo:
    """The time zone of this name; UTC where there is none such."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def is_open(opening: Sequence[Opening], at: datetime, where: ZoneInfo) -> bool:
    """Whether people answer at a time (aware), by the clock on the shop's wall."""
    local = at.astimezone(where)
    day, minute = local.weekday(), local.hour * 60 + local.minute
    return any(
        (one.day == day and one.begin <= minute < one.end)
        or (one.day == (day - 1) % 7 and one.begin <= minute + DAY_MIN < one.end)
        for one in opening
    )


def opens_at(opening: Sequence[Opening], at: datetime, where: ZoneInfo) -> datetime | None:
    """When people answer next, in UTC: `at` itself if they do, None if they never do.

    A range whose begin the clocks skip in spring begins that much later.
    """
    if is_open(opening, at, where):
        return at.astimezone(UTC)
    begins = (begin for begin in _begins(opening, at, where) if begin > at and is_open(opening, begin, where))
    return min(begins, default=None)


def _begins(opening: Sequence[Opening], at: datetime, where: ZoneInfo) -> Iterator[datetime]:
    today = at.astimezone(where).date()
    for ahead in range(LOOK_AHEAD_DAYS + 1):
        day = today + timedelta(days=ahead)
        for one in opening:
            if one.day == day.weekday():
                wall = datetime.combine(day, time(one.begin // 60, one.begin % 60), where)
                yield from (wall.replace(fold=fold).astimezone(UTC) for fold in (0, 1))  # in autumn it comes twice


def in_words(opens: datetime | None, at: datetime, where: ZoneInfo) -> str:
    """When people answer again: `today at 9:00 am`, `tomorrow at ...`, `on Monday at ...`; empty for never."""
    if opens is None:
        return ""
    local, now = opens.astimezone(where), at.astimezone(where)
    days = (local.date() - now.date()).days
    day = {0: "today", 1: "tomorrow"}.get(days, f"on {local:%A}")
    return f"{day} at {local.hour % 12 or 12}:{local.minute:02} {'am' if local.hour < 12 else 'pm'}"

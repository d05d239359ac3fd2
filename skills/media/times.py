"""Days and times as people say them, pure: "yesterday", "tonight at 8", "on Friday at 7 pm"."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from skills.media import phrases

EVENING = 18
"""The hour from which "today" is "tonight"."""

WEEK = 7
YEAR_CLEAR = 300
"""Days ahead within which a date needs no year."""

_DAY = timedelta(days=1)


def day(which: date, today: date) -> str:
    """A day: "yesterday", "on Tuesday" within a week, "on 12 November", "on 12 November 2024"."""
    distance = (which - today).days
    if near := {-1: "yesterday", 0: "today", 1: "tomorrow"}.get(distance):
        return near
    if abs(distance) < WEEK:
        return f"on {which:%A}"
    is_clear = which.year == today.year or 0 < distance < YEAR_CLEAR
    return f"on {which.day} {which:%B}" if is_clear else f"on {which.day} {which:%B} {which.year}"


def moment(at: datetime, now: datetime) -> str:
    """A time to come, in the time zone of `now`: "in 20 minutes", "tonight at 8", "on Friday at 7:30 pm"."""
    at = at.astimezone(now.tzinfo)
    left = at - now
    if left < timedelta(seconds=50):
        return "in a moment"
    if left < timedelta(minutes=59, seconds=30):
        minutes = round(left.total_seconds() / 60)
        return f"in {minutes} minute{'' if minutes == 1 else 's'}"
    is_midnight = at.time() == time(0)
    which = day((at - _DAY).date() if is_midnight else at.date(), now.date())
    if is_midnight:
        return f"{which} at midnight".replace("today", "tonight")
    if which == "today" and at.hour >= EVENING:
        return f"tonight at {_clock(at)[: -len(' pm')]}"
    return f"{which} at {_clock(at)}"


def ago(since: datetime, now: datetime) -> str:
    """A time that has passed, at most some hours ago: "20 minutes ago"."""
    seconds = int((now - since).total_seconds())
    return "just now" if seconds < 90 else f"{phrases.duration(seconds)} ago"


def _clock(at: datetime) -> str:
    if (at.hour, at.minute) == (12, 0):
        return "noon"
    minutes = f":{at.minute:02}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes} {'am' if at.hour < 12 else 'pm'}"

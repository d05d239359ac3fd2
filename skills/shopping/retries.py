"""How often, and when, what could not be delivered is tried again: letters and calls alike."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

ATTEMPTS = 8
FIRST_WAIT = timedelta(seconds=30)


def next_at(now: datetime, attempts: int) -> datetime:
    """When to try again if an attempt at `now` fails after `attempts` others; the wait doubles with each, so that the
    last attempt is made about an hour after the first.
    """
    return now.astimezone(UTC) + FIRST_WAIT * (1 << attempts)

"""Times as databases give them back."""

from __future__ import annotations

from datetime import UTC, datetime


def in_utc(at: datetime) -> datetime:
    """A time as it was stored; SQLite forgets time zones, and all are in UTC."""
    return at if at.tzinfo else at.replace(tzinfo=UTC)

"""When live shows are on: what is live now, what is still to come. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum

from skills.media.catalogue import Details

EVERY = {"daily": timedelta(days=1), "weekly": timedelta(weeks=1)}
"""How long after a showing the next one begins."""

UNKNOWN_LENGTH = timedelta(hours=1)
"""Of a show that does not say how long it is."""


class State(StrEnum):
    """Of a show that is on at a certain time."""

    LIVE = "live"
    UPCOMING = "upcoming"


def local_now() -> datetime:
    """The time now, in the zone of this machine."""
    return datetime.now().astimezone()


def next_start(item: Details, now: datetime) -> datetime | None:
    """When the showing begins, or began, that is on at `now` (aware) or else comes next; None where there is none."""
    if item.starts_at is None:
        return None
    start = item.starts_at if item.starts_at.tzinfo else item.starts_at.replace(tzinfo=UTC)
    length = timedelta(seconds=item.duration_s) if item.duration_s else UNKNOWN_LENGTH
    over = now - start - length  # since the first showing has ended
    if over < timedelta():
        return start
    if item.repeats is None:
        return None
    every = EVERY[item.repeats]
    return start + (over // every + 1) * every


def state(item: Details, now: datetime) -> State | None:
    """Whether the item is live at `now`, or still to come; None where it is neither."""
    start = next_start(item, now)
    if start is None:
        return None
    return State.LIVE if start <= now else State.UPCOMING

"""Who is who in feeds: ids that stay the same from import to import.

An id is made of where the feed was fetched, never of what the feed says of itself: whoever claims another's guid must
not come to own its episodes.
"""

from __future__ import annotations

import uuid
from urllib.parse import urlsplit

_NAMESPACE = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
"""Podcasting 2.0's, for the guid of a feed (podcast-namespace, docs/tags/guid.md)."""


def feed_key(url: str) -> str:
    """The identity of a feed: the UUID that Podcasting 2.0 derives of its address, without scheme and last slash."""
    return str(uuid.uuid5(_NAMESPACE, url.partition("://")[2].rstrip("/") or url))


def episode_id(feed: str, *names: str) -> str:
    """The id of what goes by these names in the feed of that key: 32 hexadecimal digits."""
    return uuid.uuid5(uuid.UUID(feed), "\n".join(names)).hex


def lasting(url: str) -> str:
    """An address without what changes from day to day: scheme, user, query (often a ticket) and fragment."""
    parts = urlsplit(url)
    return f"{parts.hostname}{parts.path}"

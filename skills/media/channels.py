"""The channels of a catalogue: what a creator has made, and a series, newest first."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from skills.media.catalogue import Item

Key = tuple[int, int, str]
"""Where an item stands in its channel: the newest day first, of one day the latest episode."""

_SLUG_MAX, _DIGITS = 40, 12


class ChannelKind(StrEnum):
    """Whose items a channel has."""

    CREATOR = "creator"
    SERIES = "series"


@dataclass(frozen=True)
class Channel:
    """What can be followed; `name` is as the newest of its items spells it."""

    id: str
    kind: ChannelKind
    name: str
    items: tuple[Item, ...]
    """Newest first, at least one."""

    def after(self, key: Key | None, limit: int) -> tuple[Item, ...]:
        """The first `limit` items, or those that come after `key`, whether its item is still there or not."""
        first = bisect_right(self.items, key, key=item_key) if key else 0
        return self.items[first : first + limit]


class Channels:
    """All channels of the items of one time."""

    def __init__(self, items: Collection[Item]) -> None:
        self._channels = {channel.id: channel for kind in ChannelKind for channel in _channels(kind, items)}

    def get(self, channel: str) -> Channel | None:
        """The channel of this id."""
        return self._channels.get(channel)

    def of(self, kind: ChannelKind, name: str) -> Channel | None:
        """The channel of this name."""
        return self._channels.get(channel_id(kind, name))


def channel_id(kind: ChannelKind, name: str) -> str:
    """What a channel is known by for good: `mina-park-0d5f3c5b7a01`; legible, and safe in addresses and file names.

    Two spellings are one where they match without regard to case and compatibility (the Unicode Standard, 3.13, D146).
    """
    folded = _folded(name)
    digest = hashlib.sha256(f"{kind.value}:{folded}".encode()).hexdigest()[:_DIGITS]
    plain = unicodedata.normalize("NFKD", folded).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain)[:_SLUG_MAX].strip("-")
    return f"{slug or kind.value}-{digest}"


def item_key(item: Item) -> Key:
    """Where an item stands in its channels."""
    return -item.published.toordinal(), -(item.episode or 0), item.id


def _channels(kind: ChannelKind, items: Iterable[Item]) -> Iterator[Channel]:
    by_name: dict[str, list[Item]] = {}
    for item in items:
        if name := item.creator if kind is ChannelKind.CREATOR else item.series:
            by_name.setdefault(name, []).append(item)
    by_id: dict[str, list[Item]] = {}
    for name, made in by_name.items():  # a name is folded once, however many items bear it
        by_id.setdefault(channel_id(kind, name), []).extend(made)
    for identity, made in by_id.items():
        made.sort(key=item_key)
        newest = made[0]
        name = newest.creator if kind is ChannelKind.CREATOR else newest.series
        yield Channel(identity, kind, name, tuple(made))


def _folded(name: str) -> str:
    folded = unicodedata.normalize("NFD", name).casefold()
    for _ in range(2):
        folded = unicodedata.normalize("NFKD", folded).casefold()
    return unicodedata.normalize("NFKD", folded)

"""Playlists of listeners: items under a name, in the order in which they were added."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import jellyfish

from skills.message import ItemId

PLAYLISTS_MAX, ITEMS_MAX = 50, 500
"""Of one listener; of one playlist."""

NAME_MAX = 60
"""Characters."""

ALIKE = 0.86
"""Jaro-Winkler similarity from which a heard name is that of a playlist: "runing" is "running", "cooking" is not."""

_NOT_THE_NAME = re.compile(r"^(?:my|the|a|an|new)\s+|\s+(?:play\s?list|list|mix)$")


@dataclass(frozen=True)
class Playlist:
    """A playlist, by the name that its listener gave it."""

    name: str
    items: tuple[ItemId, ...]


class Adding(StrEnum):
    """What became of the wish to add an item."""

    ADDED = "added"
    ALREADY = "already"
    LIST_FULL = "list_full"
    TOO_MANY_LISTS = "too_many_lists"


class Playlists(Protocol):
    """What is kept for all listeners. A playlist is there while it has items."""

    async def of(self, listener: str) -> Sequence[Playlist]:
        """The listener's playlists, by name."""

    async def add(self, listener: str, name: str, item: ItemId) -> Adding:
        """Add an item at the end of a playlist, which is made where there is none; it is kept when this returns."""

    async def remove(self, listener: str, name: str, item: ItemId) -> bool:
        """Take an item off a playlist; whether it was on it."""


def playlist_key(name: str) -> str:
    """What a name is known by: two that only differ in case or form are one."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())[:NAME_MAX]


def playlist_name(heard: str) -> str:
    """The name in what was heard: "my running playlist" is called "running"."""
    name, before = playlist_key(heard), ""
    while name != before:
        before, name = name, _NOT_THE_NAME.sub("", name)
    return name


def called(name: str, playlists: Iterable[Playlist]) -> Playlist | None:
    """The playlist of that name, or of the one that is most like it; None where none is like it."""
    wanted = playlist_key(name)
    scored = [(jellyfish.jaro_winkler_similarity(wanted, playlist_key(one.name)), one) for one in playlists]
    best = max(scored, key=lambda entry: entry[0], default=None)
    return best[1] if best and best[0] >= ALIKE else None

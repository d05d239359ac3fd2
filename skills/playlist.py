"""What a player plays after what, pure: the queue, repeating and shuffling, and where a seek leads.

The page has the same in `assistant/web/static/speaker/playlist.js`; a test holds them to the same results.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from skills.player import QUEUE_MAX, Play, Repeat

PLAYED_MAX = 50
"""Items that "repeat all" goes back to."""

Pick = Callable[[int], int]
"""One of the numbers from 0 to below n, by chance."""


@dataclass(frozen=True)
class Entry:
    """An item in the list; `place` orders it among the others as it was asked for."""

    play: Play
    place: int


@dataclass(frozen=True)
class Playlist:
    """The present item, what was played of the list before it, and what comes next."""

    current: Entry | None = None
    queue: tuple[Entry, ...] = ()
    """In the order in which it will be played."""
    played: tuple[Entry, ...] = ()
    repeat: Repeat = Repeat.OFF
    shuffle: bool = False

    def start(self, play: Play) -> Playlist:
        """Play this now, as the first of a new list; what is queued stays so."""
        return replace(self, current=Entry(play, self._before), played=())

    def enqueue(self, plays: Sequence[Play], place: Literal["next", "last", "only"], pick: Pick) -> Playlist:
        """Add to the queue, or replace it. What goes beyond its bound is left out, from the end."""
        queue = () if place == "only" else self.queue
        if place == "next":
            first = min([entry.place for entry in queue], default=self._after)
            later = [replace(entry, place=entry.place + len(plays)) for entry in queue]
            queue = (*_entries(plays, first), *later)
        else:
            for entry in _entries(plays, self._after):
                at = pick(len(queue) + 1) if self.shuffle else len(queue)
                queue = (*queue[:at], entry, *queue[at:])
        return replace(self, queue=queue[:QUEUE_MAX])

    def repeating(self, repeat: Repeat) -> Playlist:
        """Repeat otherwise from now on."""
        return replace(self, repeat=repeat)

    def shuffled(self, shuffle: bool, pick: Pick) -> Playlist:
        """Mix the queue, or bring it back into the order in which it was asked for."""
        queue = _mixed(self.queue, pick) if shuffle else _ordered(self.queue)
        return replace(self, shuffle=shuffle, queue=queue)

    def ended(self, pick: Pick) -> Playlist:
        """The present item has ended; without a `current` nothing follows."""
        return self if self.repeat is Repeat.ONE else self.next(pick)

    def next(self, pick: Pick) -> Playlist:
        """Go on with the first of the queue, or, repeating all, with the first of all; else with nothing."""
        over = (*self.played, *([self.current] if self.current else []))
        queue = self.queue
        if not queue and self.repeat is Repeat.ALL:
            queue, over = _mixed(over, pick) if self.shuffle else _ordered(over), ()
        if not queue:
            return replace(self, current=None, played=())
        return replace(self, current=queue[0], queue=queue[1:], played=over[-PLAYED_MAX:])

    @property
    def _before(self) -> int:
        return min([entry.place for entry in self.queue], default=0) - 1

    @property
    def _after(self) -> int:
        known = [*self.queue, *self.played, *([self.current] if self.current else [])]
        return max([-1, *(entry.place for entry in known)]) + 1


def sought(play: Play, position_ms: int, length_ms: int | None) -> tuple[Play, int]:
    """Where a seek leads: within the item of `length_ms`, None where that is not known.

    Who leaves the part of an item that was asked for wants to hear the rest too: its bounds fall away.
    """
    position_ms = max(0, position_ms if length_ms is None else min(position_ms, length_ms))
    end_ms = play.end_ms
    if end_ms is not None and not play.begin_ms <= position_ms < end_ms:
        play = play.model_copy(update={"begin_ms": 0, "duration_ms": None})
    return play, position_ms


def _entries(plays: Sequence[Play], first: int) -> list[Entry]:
    return [Entry(play, first + number) for number, play in enumerate(plays)]


def _ordered(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=lambda entry: entry.place))


def _mixed(entries: Iterable[Entry], pick: Pick) -> tuple[Entry, ...]:
    """Every order equally likely (Fisher and Yates, as Durstenfeld does it)."""
    mixed = list(entries)
    for last in range(len(mixed) - 1, 0, -1):
        other = pick(last + 1)
        mixed[last], mixed[other] = mixed[other], mixed[last]
    return tuple(mixed)

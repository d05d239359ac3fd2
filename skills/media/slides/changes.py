"""Where the picture changes, from small pictures that are looked at at equal intervals. Pure.

The measure is the mean absolute difference of pixels. A cut is a difference between two neighbours that stands out
from those before and after it (the adaptive threshold of PySceneDetect), and a fade or dissolve the same over several
intervals: from a still picture to a still picture, as in the twin comparison of Zhang, Kankanhalli and Smoliar
(Automatic partitioning of full-motion video, 1993). A camera that pans differs as much before and after, and a flash
is over at once: neither is a change.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
"""Rows of pixels, grey or RGB, 0 to 255; all of a video have the same shape."""

SPANS = (1, 2, 4, 8)
"""Intervals that a change may take: a cut takes one."""
FULL = 0.05
"""Share of full scale that pixels differ by on average where a still page becomes one of the same colour and another
text."""
STANDS_OUT = 2.0
"""Where the picture moves, it takes so many times the difference before or after the change on top of that."""
LEAST = 0.5
"""Of these: a steady motion never comes up to it."""


@dataclass(frozen=True, order=True)
class Change:
    """One picture until `start_ms`, another from `end_ms` on, and more of that from `at_ms`; `strength` is 0 to 1."""

    start_ms: int
    at_ms: int
    end_ms: int
    strength: float


class ChangeFinder:
    """Takes the pictures one by one; holds as many as three of the longest spans take, and what it has found."""

    def __init__(self, interval_ms: int) -> None:
        self._interval_ms = interval_ms
        self._seen: deque[NDArray[np.int16]] = deque(maxlen=3 * SPANS[-1] + 1)
        self._count = 0
        self._found: list[tuple[int, int, float]] = []
        """The numbers of the last picture before a change and the first after it, and its strength."""

    def look(self, picture: Picture) -> None:
        """The next picture."""
        self._seen.append(picture.astype(np.int16))
        self._count += 1
        for span in SPANS:
            self._try(span)

    def changes(self) -> tuple[Change, ...]:
        """All that were found, in order; of those that overlap the steepest."""
        taken: list[tuple[int, int, float]] = []
        for before, after, strength in sorted(self._found, key=lambda one: one[2] / (one[1] - one[0]), reverse=True):
            place = bisect_left(taken, (before, after, 0.0))
            is_free = place == 0 or taken[place - 1][1] <= before
            if is_free and (place == len(taken) or taken[place][0] >= after):
                insort(taken, (before, after, strength))
        return tuple(self._change(*one) for one in taken)

    def _change(self, before: int, after: int, strength: float) -> Change:
        middle = (before + after + 1) // 2  # of a cut, the first picture after it
        start_ms, at_ms, end_ms = (number * self._interval_ms for number in (before, middle, after))
        return Change(start_ms, at_ms, end_ms, min(1.0, strength))

    def _try(self, span: int) -> None:
        """Whether the picture changed between two and one span ago."""
        if len(self._seen) <= 3 * span:
            return
        first, before, after, last = (self._seen[-1 - back * span] for back in (3, 2, 1, 0))
        by = _difference(before, after)
        strength = by / (FULL + STANDS_OUT * max(_difference(first, before), _difference(after, last)))
        if strength >= LEAST:
            after_it = self._count - 1 - span
            self._found.append((after_it - span, after_it, strength))


def _difference(one: NDArray[np.int16], other: NDArray[np.int16]) -> float:
    return float(np.abs(one - other).mean()) / 255

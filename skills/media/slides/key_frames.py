"""Which picture shows a scene, the sharpest of it that belongs to it alone, and which are none to show. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence

from skills.media.slides.changes import Change
from skills.media.slides.looking import Look
from skills.media.slides.segmenting import Stretch

EDGE_MS = 400
"""A picture so near an end of the scene may still be half the other."""
EMPTY = 6.0
"""Contrast below which a picture is black, or a page without anything on it."""

SOON_MS = 1_000
"""A picture that is gone so soon after a change was only on its way to black."""


def beginnings(looks: Sequence[Look], changes: Sequence[Change]) -> list[Change]:
    """The changes that something to see begins with: all but those that lead to a black or empty picture."""
    return [
        change
        for change in changes
        if all(look.contrast >= EMPTY for look in _between(looks, change.end_ms, change.end_ms + SOON_MS))
    ]


def key_look(looks: Sequence[Look], stretch: Stretch, changes: Mapping[int, Change]) -> Look:
    """The sharpest look into a scene, the first of several alike.

    It is not near the ends of the scene, not in the middle of the changes there and not empty, as long as there is any
    like that. `looks` are all of the video, at least one of them in the scene, or before it and still seen; `changes`
    are found by where they become boundaries.
    """
    inside = _between(looks, stretch.start_ms, stretch.end_ms)
    if not inside:
        return looks[max(0, bisect_left(looks, stretch.start_ms, key=_at) - 1)]
    first, last = changes.get(stretch.start_ms), changes.get(stretch.end_ms)
    settled = _between(
        inside,
        max(stretch.start_ms + EDGE_MS, first.end_ms if first else 0),
        min(stretch.end_ms - EDGE_MS, last.start_ms if last else stretch.end_ms),
    )
    full = [one for one in settled if one.contrast >= EMPTY]
    return max(full or settled or inside, key=lambda one: one.sharpness)


def _between(looks: Sequence[Look], start_ms: int, end_ms: int) -> Sequence[Look]:
    return looks[bisect_left(looks, start_ms, key=_at) : bisect_left(looks, end_ms, key=_at)]


def _at(look: Look) -> int:
    return look.at_ms

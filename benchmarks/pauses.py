"""Recorded sentences with pauses spliced in between their words, the room's own noise in the pause."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from voice.audio import RATE
from voice.recogniser import Word

SHORTEST_MS, LONGEST_MS = 100, 1_000
MOST_PAUSES = 2
BEFORE_MS, AFTER_MS = 400, 3_000
SEARCH_MS = 50
"""A cut is made at the quietest place so near to the word boundary that was recognised."""
TONE_MS = 200
"""Of the quietest stretch of a recording, which is taken for the room's noise."""
_WINDOW_MS = 10
_PER_MS = RATE // 1000

Samples = NDArray[np.int16]


@dataclass(frozen=True)
class Paused:
    """A sentence with pauses, silence before and after it; its last word ends at `speech_end_ms`."""

    pcm: Samples
    speech_end_ms: int
    pauses_ms: tuple[int, ...]


def splice(samples: Samples, words: Sequence[Word], dice: np.random.Generator) -> Paused:
    """One or two pauses at boundaries between words, all drawn evenly; lengths evenly on a logarithmic scale.

    `words` are those of the recording with their times; ValueError where there are fewer than two.
    """
    if len(words) < 2:
        raise ValueError("a sentence of one word has no place for a pause")
    tone = room_tone(samples)
    boundaries = [_quietest(samples, (one.end_ms + after.start_ms) // 2) for one, after in pairwise(words)]
    count = min(len(boundaries), int(dice.integers(1, MOST_PAUSES + 1)))
    places = sorted(boundaries[index] for index in dice.choice(len(boundaries), count, replace=False))
    pauses = [round(math.exp(dice.uniform(math.log(SHORTEST_MS), math.log(LONGEST_MS)))) for _ in places]
    begin = max(0, words[0].start_ms - BEFORE_MS)
    end = min(len(samples) // _PER_MS, words[-1].end_ms + SEARCH_MS)
    parts, done = [], begin
    for place, pause in zip(places, pauses, strict=True):
        parts += [samples[done * _PER_MS : place * _PER_MS], _lasting(tone, pause)]
        done = place
    parts += [samples[done * _PER_MS : end * _PER_MS], _lasting(tone, AFTER_MS)]
    return Paused(np.concatenate(parts), words[-1].end_ms - begin + sum(pauses), tuple(pauses))


def room_tone(samples: Samples) -> Samples:
    """The quietest 200 ms of a recording, or all of it where it is shorter."""
    length = min(len(samples), TONE_MS * _PER_MS)
    energy = np.concatenate(([0.0], np.cumsum(samples.astype(np.float64) ** 2)))
    starts = np.arange(0, len(samples) - length + 1, _WINDOW_MS * _PER_MS)
    start = int(starts[np.argmin(energy[starts + length] - energy[starts])])
    return samples[start : start + length]


def _lasting(tone: Samples, milliseconds: int) -> Samples:
    """Room noise of this length: back and forth, so that no seam clicks."""
    return np.resize(np.concatenate([tone, tone[::-1]]), milliseconds * _PER_MS)


def _quietest(samples: Samples, near_ms: int) -> int:
    """The millisecond near a boundary around which the least is said."""
    first = max(0, near_ms - SEARCH_MS)
    last = min(len(samples) // _PER_MS - _WINDOW_MS, near_ms + SEARCH_MS)
    return min(range(first, last + 1, 2), key=lambda at: _energy(samples, at), default=near_ms)


def _energy(samples: Samples, at_ms: int) -> float:
    """Of the ten milliseconds around it."""
    start = max(0, at_ms - _WINDOW_MS // 2) * _PER_MS
    return float((samples[start : start + _WINDOW_MS * _PER_MS].astype(np.float64) ** 2).sum())

"""From which score on a phrase counts as said: a rule that needs no recording of anybody saying it.

The threshold is the second best score that the phrase gets anywhere in ten minutes of synthetic speech: the most common
words of English in random order, in many voices. What chance reaches with phones like these, the phrase has to exceed;
the best is left out since it may be the phrase itself ("computer" is a common word), and a phrase that speech is full
of gets a threshold that is hard to reach. Of the speech, what the network made of it is kept
(`voice.training.spotting`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voice.errors import ModelError
from voice.wake.network import load
from voice.wake.tracker import FLOOR, PAUSE, REFRACTORY_FRAMES, Pronunciation

BACKGROUND = Path(__file__).with_name("background.npz")
LEVELS = 7
"""The log ratios from 0 to FLOOR are kept in so many steps."""


def threshold(pronunciations: Sequence[Sequence[str]]) -> float:
    """The threshold of a phrase with these pronunciations, in half a second. Raises ModelError(`model_missing`)."""
    return calibrated(pronunciations, load().phones, _background())


def calibrated(pronunciations: Sequence[Sequence[str]], phones: Sequence[str], ratios: NDArray[np.float64]) -> float:
    """The second best score of the phrase in frames of log ratios [frames, phones] to each frame's best phone."""
    scores = np.full(len(ratios), FLOOR)
    frames = ratios.tolist()
    for chain in pronunciations:
        followed = Pronunciation([phones.index(phone) for phone in chain], [phone == PAUSE for phone in chain])
        for time, frame in enumerate(frames):
            found = followed.step(frame, time)
            if found and found.score > scores[time]:
                scores[time] = found.score
    best = int(scores.argmax())
    scores[max(0, best - REFRACTORY_FRAMES) : best + REFRACTORY_FRAMES] = FLOOR
    return round(float(scores.max()), 3)


def keep(ratios: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Log ratios as they are kept."""
    return np.rint(np.maximum(ratios, FLOOR) / FLOOR * LEVELS).astype(np.uint8)


def restored(kept: NDArray[np.uint8]) -> NDArray[np.float64]:
    """The log ratios again."""
    return kept.astype(np.float64) / LEVELS * FLOOR


@cache
def _background() -> NDArray[np.float64]:
    try:
        with np.load(BACKGROUND, allow_pickle=False) as kept:
            return restored(kept["ratios"])
    except (OSError, ValueError, KeyError) as error:
        raise ModelError("model_missing", f"{BACKGROUND} cannot be read") from error

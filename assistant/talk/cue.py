"""The short tone of the Feedback channel that says "speak now"; closing the microphone has none."""

from __future__ import annotations

import numpy as np

from assistant.talk.mixer import Samples

NOTES_HZ = (587.3, 880.0)
NOTE_S = 0.085
LOUDNESS = 0.1
"""Of full scale: a sign, not a sound to listen to."""


def cue(rate: int) -> Samples:
    """Two rising notes at `rate` hertz that fade into each other."""
    time = np.arange(int(rate * NOTE_S * (len(NOTES_HZ) + 1))) / rate
    mixed = np.zeros(len(time))
    for index, hertz in enumerate(NOTES_HZ):
        since = time - index * NOTE_S
        shape = np.sin(np.pi * np.clip(since / (2 * NOTE_S), 0.0, 1.0)) ** 2
        mixed += shape * np.sin(2 * np.pi * hertz * since)
    samples: Samples = np.rint(mixed * LOUDNESS * 32_767).astype(np.int16)
    return samples

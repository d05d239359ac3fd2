"""Features of a stream: log-mels minus a running mean, as the network was trained on.

Training removes the mean of a clip so far, topped up with the training data's own. A detector listens for hours: a mean
over the last six seconds, as the recogniser has it, would be that of silence or of somebody else; it found 24 of 56
people's words where this one found 34. So it is always the state of a clip that began a second ago.
`assistant/web/static/speaker/wake/features.js` computes the same numbers.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from voice.features import BINS, GLOBAL_FRAMES, HOP, log_mels

WINDOW = 100
"""Frames in the running mean, beside the `GLOBAL_FRAMES` of the training data's."""

Floats = NDArray[np.float64]


class Features:
    """Normalised features of a stream, a piece at a time. `mean` [40] is that of the training data."""

    def __init__(self, mean: Floats) -> None:
        self._mean = mean
        self._rest: NDArray[np.int16]
        self.reset()

    def process(self, samples: NDArray[np.int16]) -> Floats:
        """The frames [n, 40] that became complete with `samples`."""
        self._rest = np.concatenate([self._rest, samples])
        raw = log_mels(self._rest)
        self._rest = self._rest[len(raw) * HOP :]
        return np.array([self._normalised(frame) for frame in raw.astype(np.float64)]).reshape(-1, BINS)

    def reset(self) -> None:
        """Forget the sound so far."""
        self._rest = np.zeros(0, np.int16)
        self._recent = np.zeros((WINDOW, BINS))
        self._sum: Floats = np.zeros(BINS)
        self._count = 0

    def _normalised(self, frame: Floats) -> Floats:
        slot = self._count % WINDOW
        self._sum = self._sum + frame - self._recent[slot]
        self._recent[slot] = frame
        self._count += 1
        known = min(self._count, WINDOW)
        normalised: Floats = frame - (self._sum + GLOBAL_FRAMES * self._mean) / (known + GLOBAL_FRAMES)
        return normalised

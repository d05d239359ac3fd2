"""Sound with noise mixed into it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from voice.audio import RATE, Audio


def mixed(audio: Audio, noise: NDArray[np.int16], snr_db: float, dice: np.random.Generator) -> Audio:
    """Speech [n] with a stretch of the noise, whose energy is `snr_db` below that of the whole clip."""
    speech = audio.samples.astype(np.float64)
    start = int(dice.integers(0, len(noise) - len(speech)))
    stretch = noise[start : start + len(speech)].astype(np.float64)
    gain = np.sqrt((speech**2).mean() / (stretch**2).mean() / 10 ** (snr_db / 10))
    loud = np.clip(speech + gain * stretch, -32_768, 32_767).astype(np.int16)
    return Audio(loud, RATE)

"""Sounds that are hard to make as loud as each other, and a second meter, written down from the standard."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter, resample_poly

RATE = 48_000
SECONDS = 12
Sound = NDArray[np.float64]
TIME = np.arange(RATE * SECONDS) / RATE


def tone(amplitude: float, frequency: float = 997.0) -> Sound:
    return np.asarray(amplitude * np.sin(2 * np.pi * frequency * TIME))


def speech_like() -> Sound:
    """Syllables of coloured noise with pauses between the sentences."""
    noise = lfilter([1.0], [1.0, -0.9], np.random.default_rng(1).normal(size=len(TIME)))
    syllables = np.clip(np.sin(2 * np.pi * 4 * TIME), 0, 1) * (np.sin(2 * np.pi * 0.25 * TIME) > -0.6)
    return np.asarray(0.02 * syllables * noise)


def music_like() -> Sound:
    """A chord, and drums whose peaks are far above it."""
    pitches = np.array([[110], [220], [330], [441], [660]])
    chord = 0.05 * np.sin(2 * np.pi * pitches * TIME).sum(axis=0)
    drums = 0.8 * np.exp(-30 * (2 * TIME % 1)) * np.random.default_rng(2).normal(size=len(TIME))
    return np.asarray(np.clip(chord + drums, -1, 1))


def intersample_peaks() -> Sound:
    """A quarter of the sample rate, out of phase: its true peak is 3 dB above every sample."""
    return 0.9 * np.sin(2 * np.pi * RATE / 4 * TIME + np.pi / 4)


SOUNDS: dict[str, Callable[[], Sound]] = {
    "a quiet tone": lambda: tone(0.01),
    "a loud tone": lambda: tone(0.99),
    "speech": speech_like,
    "music": music_like,
    "peaks between samples": intersample_peaks,
}


def bs1770(samples: Sound) -> float:
    """Integrated loudness by ITU-R BS.1770-4, written down from the standard, of rows of channels at 48 kHz."""
    shelf = lfilter(
        [1.53512485958697, -2.69169618940638, 1.19839281085285], [1.0, -1.69065929318241, 0.73248077421585], samples
    )
    weighted = lfilter([1.0, -2.0, 1.0], [1.0, -1.99004745483398, 0.99007225036621], shelf)
    block, step = RATE * 4 // 10, RATE // 10
    energies = np.array(
        [
            (weighted[:, start : start + block] ** 2).mean(axis=1).sum()
            for start in range(0, weighted.shape[1] - block, step)
        ]
    )
    loud = energies[_lufs(energies) > -70]
    return float(_lufs(loud[_lufs(loud) > _lufs(loud.mean()) - 10].mean()))


def _lufs(energy: NDArray[np.float64]) -> NDArray[np.float64]:
    return -0.691 + 10 * np.log10(np.maximum(energy, 1e-12))


def true_peak(samples: Sound) -> float:
    """At eight times the sample rate, dB."""
    return float(20 * np.log10(np.abs(resample_poly(samples, 8, 1, axis=1)).max()))

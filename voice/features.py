"""Log-mel features as Kaldi computes them (feature-fbank.cc, online-feature.cc): training hears what Vosk hears."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.fft import rfft
from scipy.sparse import csr_array

Floats = NDArray[np.float32]

BINS = 40
FRAME = 400
HOP = 160
_FFT = 512
_LOW_HZ, _HIGH_HZ = 20.0, 7_600.0
_PREEMPHASIS = np.float32(0.97)
_FLOOR = np.finfo(np.float32).eps
WINDOW = 600
"""Frames that the running mean looks back on."""
GLOBAL_FRAMES = 200
"""Weight of the global mean, in frames, where fewer than WINDOW have been heard."""


def mel(hertz: NDArray[np.float64] | float) -> NDArray[np.float64]:
    """Kaldi's mel scale."""
    return np.asarray(1127.0 * np.log(1.0 + np.asarray(hertz) / 700.0))


def bin_centres() -> NDArray[np.float64]:
    """Centre of each mel bin [BINS], in mel."""
    return mel(_LOW_HZ) + (mel(_HIGH_HZ) - mel(_LOW_HZ)) * np.arange(1, BINS + 1) / (BINS + 1)


def _filters() -> csr_array:
    """The triangles [BINS, frequencies], most of which are zero."""
    centres = bin_centres()
    step = centres[1] - centres[0]
    frequencies = mel(np.arange(_FFT // 2 + 1) * 16_000 / _FFT)
    triangles = np.clip(1.0 - np.abs(frequencies[:, None] - centres) / step, 0.0, None)
    triangles[-1] = 0.0  # Kaldi leaves the bin of the Nyquist frequency out
    return csr_array(triangles.T.astype(np.float32))


_FILTERS = _filters()
_POVEY = ((0.5 - 0.5 * np.cos(2 * np.pi * np.arange(FRAME) / (FRAME - 1))) ** 0.85).astype(np.float32)


def frame_count(samples: int) -> int:
    """Frames that fit completely into so many samples."""
    return max(0, 1 + (samples - FRAME) // HOP)


def log_mels(samples: NDArray[np.floating] | NDArray[np.int16]) -> Floats:
    """Features [frames, BINS] of 16 kHz sound on the scale of 16-bit samples; one frame each 10 ms, no padding."""
    count = frame_count(len(samples))
    if count == 0:
        return np.zeros((0, BINS), np.float32)
    sound = np.asarray(samples, np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(sound, FRAME)[::HOP][:count]
    frames = frames - frames.mean(axis=1, keepdims=True)
    before = np.concatenate([frames[:, :1], frames[:, :-1]], axis=1)
    spectrum = rfft((frames - _PREEMPHASIS * before) * _POVEY, _FFT)
    power = spectrum.real**2 + spectrum.imag**2
    return np.asarray(np.log(np.maximum((_FILTERS @ power.T).T, _FLOOR)), np.float32)


def global_weight(frames: int) -> Floats:
    """The part [frames] that the global mean has in the running mean at each frame."""
    heard = np.minimum(np.arange(1, frames + 1), WINDOW)
    lent = np.minimum(WINDOW - heard, GLOBAL_FRAMES)
    return np.asarray(lent / (heard + lent), np.float32)


def running_cmn(features: Floats, mean: NDArray[np.float64]) -> Floats:
    """Features less the mean of the last WINDOW frames, topped up with a global `mean` [BINS] at the beginning."""
    sums = np.cumsum(features, axis=0, dtype=np.float64)
    sums[WINDOW:] -= sums[:-WINDOW].copy()
    heard = np.minimum(np.arange(1, len(features) + 1), WINDOW)[:, None]
    lent = global_weight(len(features))[:, None].astype(np.float64)
    return (features - (1.0 - lent) * sums / heard - lent * mean).astype(np.float32)

"""Brings live PCM from one sample rate to another, a piece at a time."""

from __future__ import annotations

import av
import numpy as np


class Resampler:
    """16-bit mono PCM at `from_rate` in, at `to_rate` out; what a piece leaves over waits for the next."""

    def __init__(self, from_rate: int, to_rate: int) -> None:
        self._from_rate = from_rate
        self._same = from_rate == to_rate
        self._filter = av.AudioResampler(format="s16", layout="mono", rate=to_rate)

    def resample(self, pcm: bytes) -> bytes:
        """Resample whole samples (an even number of bytes)."""
        if self._same or not pcm:
            return pcm
        frame = av.AudioFrame.from_ndarray(np.frombuffer(pcm, "<i2").reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = self._from_rate
        return b"".join(bytes(out.to_ndarray().tobytes()) for out in self._filter.resample(frame))

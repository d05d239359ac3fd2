"""Mixes the assistant's voice and the player's sound into what the loudspeaker plays, pure."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.int16]
"""Mono, 16 bit: shape (frames,)."""

DUCKED = 0.18
"""What is left of the player's volume while somebody speaks."""

FADE_S = 0.2
"""From silence to full volume; a jump would click."""


class Mixer:
    """Adds the voice at full volume to the player's sound at `volume` percent, turned down while `ducked`."""

    def __init__(self, rate: int, volume: int = 60) -> None:
        self.volume = volume
        self.ducked = False
        self._gain = self._target
        self._step = 1.0 / (FADE_S * rate)

    @property
    def _target(self) -> float:
        return self.volume / 100 * (DUCKED if self.ducked else 1.0)

    def mix(self, voice: Samples, sound: Samples, frames: int) -> Samples:
        """Exactly `frames` frames; a source that is shorter is followed by silence, and loud sums are clipped."""
        mixed = np.zeros(frames, dtype=np.float64)
        mixed[: len(sound)] = sound
        mixed *= self._gains(frames)
        mixed[: len(voice)] += voice
        return np.clip(np.rint(mixed), -32768, 32767).astype(np.int16)

    def _gains(self, frames: int) -> NDArray[np.float64]:
        """The gain of each frame: a straight line towards the target, then the target."""
        way = self._target - self._gain
        steps = np.minimum(np.arange(1, frames + 1) * self._step, abs(way))
        gains: NDArray[np.float64] = self._gain + np.copysign(steps, way)
        if frames:
            self._gain = float(gains[-1])
        return gains

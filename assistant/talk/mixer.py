"""Mixes the assistant's voice, the player's sound and the device's own tones into what the loudspeaker plays, pure."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.int16]
"""Mono, 16 bit: shape (frames,)."""

DUCKED = 0.18
"""What is left of a sound's volume in the background."""

FADE_S = 0.2
"""From silence to full volume for the player's sound; a jump would click."""

VOICE_FADE_S = 0.04
"""The same for the voice: who speaks into it must notice at once."""


class Fader:
    """A gain that follows its target in a straight line, from 0 to 1 in `fade_s` seconds."""

    def __init__(self, rate: int, fade_s: float, gain: float) -> None:
        self._gain = gain
        self._step = 1.0 / (fade_s * rate)

    def gains(self, target: float, frames: int) -> NDArray[np.float64]:
        """The gain of each of the next frames."""
        way = target - self._gain
        steps = np.minimum(np.arange(1, frames + 1) * self._step, abs(way))
        gains: NDArray[np.float64] = self._gain + np.copysign(steps, way)
        if frames:
            self._gain = float(gains[-1])
        return gains


class Mixer:
    """Adds up the voice, the player's sound at `volume` percent and the tones, which follow that volume too."""

    def __init__(self, rate: int, volume: int = 60) -> None:
        self.volume = volume
        self.sound_ducked = False
        self.voice_ducked = False
        self._sound = Fader(rate, FADE_S, volume / 100)
        self._voice = Fader(rate, VOICE_FADE_S, 1.0)

    def mix(self, voice: Samples, sound: Samples, tones: Samples, frames: int) -> Samples:
        """Exactly `frames` frames; a source that is shorter is followed by silence, and loud sums are clipped."""
        volume = self.volume / 100
        mixed = np.zeros(frames, dtype=np.float64)
        mixed[: len(sound)] = sound
        mixed *= self._sound.gains(volume * (DUCKED if self.sound_ducked else 1.0), frames)
        mixed[: len(voice)] += voice * self._voice.gains(DUCKED if self.voice_ducked else 1.0, frames)[: len(voice)]
        mixed[: len(tones)] += tones * volume
        return np.clip(np.rint(mixed), -32768, 32767).astype(np.int16)

"""The engine for any phrase: a small network for phones, and a tracker that follows the phrase through them."""

from __future__ import annotations

import numpy as np

from voice.features import FRAME, HOP
from voice.wake.detector import Wake
from voice.wake.features import Features
from voice.wake.network import Network, NetworkStream, load
from voice.wake.phrase import Phrase
from voice.wake.tracker import Tracker

SAMPLES_PER_FRAME = 3 * HOP


class Spotter:
    """A `WakeDetector` for a phrase that is given as phones."""

    def __init__(self, phrase: Phrase, network: Network | None = None) -> None:
        network = network or load()
        self.phrase = phrase.text
        self._features = Features(network.mean)
        self._stream = NetworkStream(network)
        self._tracker = Tracker(network.phones, phrase.pronunciations, phrase.threshold)
        self._first = network.left * HOP + (FRAME - SAMPLES_PER_FRAME) // 2
        self._samples = 0
        self._origin = 0
        self._odd = b""

    def process(self, pcm: bytes) -> Wake | None:
        """Take 16 kHz mono 16-bit PCM of any length."""
        sound = self._odd + pcm
        self._odd = sound[len(sound) & ~1 :]
        samples = np.frombuffer(sound, "<i2", len(sound) // 2)
        self._samples += len(samples)
        wake = None
        for posteriors in self._stream.process(self._features.process(samples)):
            found = self._tracker.step(posteriors)
            if found and wake is None:
                wake = Wake(self.phrase, self._sample(found.start), self._sample(found.end), found.score)
        return wake

    def reset(self) -> None:
        """Forget the sound so far; samples are counted on."""
        self._features.reset()
        self._stream.reset()
        self._tracker.reset()
        self._origin = self._samples
        self._odd = b""

    def close(self) -> None:
        """Nothing is held."""

    def _sample(self, frame: int) -> int:
        """Where an output frame begins: its 30 ms lie around the middle of the feature frame it belongs to."""
        return self._origin + self._first + frame * SAMPLES_PER_FRAME

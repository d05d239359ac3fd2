"""The door between the microphone and everything that listens: closed until the wake word."""

from __future__ import annotations

from dataclasses import dataclass

from voice.wake.detector import Wake, WakeDetector

KEPT_SAMPLES = 2 * 16_000
"""No engine is later than two seconds after the end of the word."""


@dataclass(frozen=True)
class Opening:
    """The wake word, and the sound already heard after its end: 16 kHz mono 16-bit PCM."""

    wake: Wake
    after: bytes


class Gate:
    """Holds the last two seconds while it waits; what was said before the end of the wake word never comes out."""

    def __init__(self, detector: WakeDetector) -> None:
        self._detector = detector
        self._kept = bytearray()
        self._samples = 0

    def process(self, pcm: bytes) -> Opening | None:
        """Take whole samples of 16 kHz mono 16-bit PCM; at the wake word, what was said since.

        From then on the caller passes the sound on itself; `process` is called again when it waits anew.
        """
        self._kept += pcm
        self._samples += len(pcm) // 2
        del self._kept[: max(0, len(self._kept) - 2 * KEPT_SAMPLES)]
        wake = self._detector.process(pcm)
        if wake is None:
            return None
        after = bytes(self._kept[max(0, len(self._kept) - 2 * (self._samples - wake.end)) :])
        self._kept.clear()
        return Opening(wake, after)

    def reset(self) -> None:
        """Wait anew, after a time in which the sound was not given here."""
        self._kept.clear()
        self._detector.reset()

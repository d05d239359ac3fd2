"""Who gets the microphone's sound: the service, the wake word's detector on this machine, or nobody."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto

from voice.audio import RATE
from voice.resampler import Resampler
from voice.wake.gate import Gate


class Hearer(Enum):
    """One at a time."""

    NOBODY = auto()
    DETECTOR = auto()
    SERVICE = auto()


class Ear:
    """Passes blocks of PCM at `rate` hertz on as PCM of 16 kHz. `send` gets the service's.

    Of what is said before the wake word nothing leaves this object: on the word `woken` is called, and what was heard
    since is kept until the service is to hear it.
    """

    def __init__(self, rate: int, send: Callable[[bytes], None], gate: Gate | None, woken: Callable[[], None]) -> None:
        self._resampler = Resampler(rate, RATE)
        self._send = send
        self._gate = gate
        self._woken = woken
        self._hearer = Hearer.NOBODY
        self._after = b""

    def turn_to(self, hearer: Hearer) -> None:
        """From now on."""
        if hearer is Hearer.SERVICE and self._after:
            self._send(self._after)
        elif hearer is Hearer.DETECTOR and self._hearer is not Hearer.DETECTOR and self._gate:
            self._gate.reset()
        self._after = b""
        self._hearer = hearer

    def hear(self, block: bytes) -> None:
        """A block of whole samples."""
        pcm = self._resampler.resample(block)
        if self._hearer is Hearer.SERVICE and pcm:
            self._send(pcm)
        elif self._hearer is Hearer.DETECTOR and self._gate:
            opening = self._gate.process(pcm)
            if opening:
                self._after = opening.after
                self._woken()

"""What every wake word engine does, whichever it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Wake:
    """A wake word that was said: where, in samples of 16 kHz since the first one, and how surely (engine's own scale).

    What is said to the assistant begins at `end`, which lies in sound that was already given.
    """

    phrase: str
    start: int
    end: int
    score: float


class WakeDetector(Protocol):
    """Looks for one phrase in a stream of sound. Not thread-safe."""

    @property
    def phrase(self) -> str:
        """What to say."""

    def process(self, pcm: bytes) -> Wake | None:
        """Take 16 kHz mono 16-bit PCM of any length; the wake word, once, soon after its end."""

    def reset(self) -> None:
        """Forget the sound so far. Samples are counted on."""

    def close(self) -> None:
        """Free what the engine holds."""

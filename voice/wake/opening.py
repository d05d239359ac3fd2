"""Which engine listens for a phrase."""

from __future__ import annotations

from voice.wake.detector import WakeDetector
from voice.wake.micro import MicroDetector, trained_phrases
from voice.wake.phrase import find_phrase
from voice.wake.spotter import Spotter


def open_detector(phrase: str) -> WakeDetector:
    """A detector for any phrase: the network trained for just that one where there is one, else the phrase spotter.

    Raises WakeError where the phrase cannot be used, and ModelError where a network is missing.
    """
    wanted = find_phrase(phrase)
    return MicroDetector(wanted.text) if wanted.text in trained_phrases() else Spotter(wanted)

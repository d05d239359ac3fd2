"""Speech from flite, a voice engine that the product does not use, as recordings and as a microphone would hear it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tests.service.speech import RATE, in_a_room, samples, say

VOICES = ("slt", "rms", "awb", "kal16")
"""Three recorded people (US female, US male, Scottish male) and one made of diphones."""

SILENT_DB = -40.0
WINDOW_MS = 10
_WINDOW = RATE * WINDOW_MS // 1000


@dataclass(frozen=True)
class Said:
    """An utterance in one of flite's voices: `sound` is a WAV file, 16 kHz mono."""

    voice: str
    text: str
    sound: bytes


@dataclass(frozen=True)
class AtMicrophone:
    """Samples [n] at 16 kHz with a quiet room around the speech, which ends `speech_end_s` after the first."""

    pcm: NDArray[np.int16]
    speech_end_s: float


def speak(texts: tuple[str, ...], voices: tuple[str, ...] = VOICES) -> list[Said]:
    """Every text in every voice, text by text."""
    wanted = [(voice, text) for text in texts for voice in voices]
    with ThreadPoolExecutor(2) as threads:
        sounds = threads.map(lambda one: say(one[1], one[0]), wanted)
        return [Said(voice, text, sound) for (voice, text), sound in zip(wanted, sounds, strict=True)]


def at_microphone(said: Said, before_s: float, after_s: float) -> AtMicrophone:
    """A recording in a quiet room, and where the speech in it ends."""
    pcm = in_a_room(said.sound, before=before_s, after=after_s)
    return AtMicrophone(pcm, before_s + speech_end(samples(said.sound)) / RATE)


def speech_end(pcm: NDArray[np.int16]) -> int:
    """The sample after the last 10 ms window whose energy is within 40 dB of the loudest one's."""
    return (int(_loud(pcm)[-1]) + 1) * _WINDOW


def speech_start(pcm: NDArray[np.int16]) -> int:
    """The first sample of the first such window."""
    return int(_loud(pcm)[0]) * _WINDOW


def _loud(pcm: NDArray[np.int16]) -> NDArray[np.intp]:
    """The windows in which something is said."""
    count = len(pcm) // _WINDOW
    energy = (pcm[: count * _WINDOW].reshape(count, _WINDOW).astype(np.float64) ** 2).mean(axis=1)
    return np.flatnonzero(energy > energy.max() * 10 ** (SILENT_DB / 10))

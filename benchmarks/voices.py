"""Synthetic voices for what people were not recorded saying: in the acoustic model's training, and held out of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from benchmarks.flite import VOICES
from voice.audio import Audio
from voice.training.synthesis import Line, speak
from voice.training.voices import Voice, held_out_voices

HELD_OUT_COUNT = 6
PEAK = 16_000
_SWING = 25.0
"""Spread of the pitch, as people's is in talking."""


def held_out() -> list[Voice]:
    """Some of the voices that training never hears, spread over all of them."""
    voices = held_out_voices()
    return voices[:: max(1, len(voices) // HELD_OUT_COUNT)][:HELD_OUT_COUNT]


def flite() -> list[Voice]:
    """The voices of the other benchmarks, which were in training."""
    return [Voice("flite", name, 1.0) for name in VOICES]


def speak_in_turn(texts: Sequence[str], voices: Sequence[Voice]) -> list[Audio]:
    """Every text in the voice whose turn it is, each as it speaks by itself."""
    lines = [
        Line(text, voices[number % len(voices)], tract=1.0, stretch=1.0, pitch=1.0, swing=_SWING)
        for number, text in enumerate(texts)
    ]
    return [Audio((sound * PEAK).astype(np.int16)) for sound in speak(lines)]

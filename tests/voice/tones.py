"""A language of tones: six phones, each a chord of two frequencies, and an acoustic model that knows them exactly.

What is built from it is a whole model of ours, with a graph, pieces and `[unk]`, but nothing has to be trained, and
what was said is beyond doubt.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from voice.acoustic_model import AcousticModel, Layer
from voice.features import BINS, bin_centres, mel
from voice.kaldi import build_model
from voice.pronounce import pronunciations
from voice.recogniser import Vocabulary

RATE = 16_000
CHORDS = {
    "S": (350, 2_400), "T": (500, 3_300), "IY": (700, 4_600), "UW": (950, 6_300), "AA": (1_300, 350), "N": (1_800, 500),
}  # fmt: skip
"""Of phones of the CMU dictionary, so that its words can be said in them: tea, see, two, sue, knee, ..."""
WORDS = ("tea", "see", "two", "sue", "knee")
"""The lexicon; `not`, `soon` and `noose` are among the words that it lacks."""
PHONE_MS = 150


def acoustic_model() -> AcousticModel:
    """Silence is where all bins are alike; a phone is where its two bins stand out."""
    units = ("SIL", *CHORDS, "T-IY")
    weight = np.zeros((len(units), BINS), np.float32)
    bias = np.zeros(len(units), np.float32)
    for index, unit in enumerate(units[1:], start=1):
        bins = [_bin(frequency) for frequency in CHORDS[unit.split("-")[-1]]]
        weight[index] = -2.0 / BINS
        weight[index, bins] += 1.0
        bias[index] = -6.0
    layer = Layer("logits", (("input", 0),), weight, bias, rectified=False)
    priors = np.full(len(units), -np.log(len(units)), np.float32)
    return AcousticModel(units, (layer,), priors, np.full(BINS, 9.0), acoustic_scale=1.0)


def say(*words: Sequence[str]) -> bytes:
    """Words of phones, with silence before, between and after; 16-bit PCM."""
    parts = [_noise(400)]
    for word in words:
        parts += [np.sum([_tone(frequency) for frequency in CHORDS[phone]], axis=0) for phone in word]
        parts.append(_noise(300))
    sound = np.concatenate(parts)
    return np.asarray(sound + np.random.default_rng(0).normal(0, 20, len(sound)), "<i2").tobytes()


def _tone(frequency: float) -> np.ndarray:
    times = np.arange(RATE * PHONE_MS // 1000) / RATE
    return 3_000 * np.sin(2 * np.pi * frequency * times)


def _noise(milliseconds: int) -> np.ndarray:
    return np.zeros(RATE * milliseconds // 1000)


def _bin(frequency: float) -> int:
    """The mel bin that a frequency falls into."""
    return int(np.argmin(np.abs(bin_centres() - mel(frequency))))


def build(folder: Path, *sentences: str, words: Sequence[str] = WORDS) -> Path:
    """A model of tones with a lexicon of `words`."""
    build_model(acoustic_model(), pronunciations(words), Vocabulary.of(*sentences), folder)
    return folder


def spoken(text: str) -> bytes:
    """Words in the phones that the dictionary gives them; a word in capitals is one of its phones joined by hyphens."""
    return say(*(word.split("-") if word.isupper() else _sound(word) for word in text.split()))


@functools.cache
def _sound(word: str) -> Sequence[str]:
    return pronunciations([word])[word][0]

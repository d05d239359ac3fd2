"""Sounds that nobody says: silence, noise, tones and music, made here or cut from a recording."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.seeds import dice
from voice.audio import RATE, Audio, decode

SECONDS = 4.0
_CHORDS = ((57, 60, 64), (53, 57, 60), (48, 52, 55), (55, 59, 62))
"""MIDI notes of four chords that half of all songs consist of."""


def other_sounds(kitchen: Path) -> Mapping[str, list[Audio]]:
    """By kind, each a few seconds; kitchen noise is left out where its file is missing."""
    made = {
        "silence and room noise": [room(0.0), room(3.0), room(16.0), room(60.0), room(200.0)],
        "constant tones": [_tone(hertz) for hertz in (110.0, 440.0, 1_000.0, 3_000.0)],
        "music": [music(beat_s) for beat_s in (0.25, 0.35, 0.5, 0.7)],
    }
    if kitchen.exists():
        noise = decode(kitchen, max_seconds=600)
        step = int(2 * SECONDS * RATE)
        made["kitchen noise"] = [
            Audio(noise.samples[start : start + int(SECONDS * RATE)]) for start in range(0, len(noise.samples), step)
        ]
    return made


def room(level: float) -> Audio:
    """Noise of this root mean square, as a microphone hears an empty room; 0 is digital silence."""
    return Audio(dice("room", level).normal(0, level, int(SECONDS * RATE)).astype(np.int16))


def music(beat_s: float) -> Audio:
    """Plucked chords with a melody and a soft drum, one chord in four beats."""
    chance = dice("music", beat_s)
    beats = int(SECONDS / beat_s)
    sound = np.zeros(int(SECONDS * RATE))
    for beat in range(beats):
        start = int(beat * beat_s * RATE)
        chord = _CHORDS[beat // 4 % len(_CHORDS)]
        notes = (*(chord if beat % 4 == 0 else ()), int(chance.choice(chord)) + 12)
        for note in notes:
            _add(sound, start, _plucked(440 * 2 ** ((note - 69) / 12)))
        drum = chance.normal(0, 0.5, RATE // 20) * np.exp(-np.arange(RATE // 20) / 150)
        _add(sound, start, drum)
    return Audio((8_000 * sound / np.abs(sound).max()).astype(np.int16))


def _plucked(hertz: float) -> NDArray[np.float64]:
    """A second of a string: overtones that fade the sooner the higher they are."""
    times = np.arange(RATE) / RATE
    tones = [np.sin(2 * np.pi * hertz * k * times) * np.exp(-3 * k * times) / k for k in range(1, 6)]
    plucked: NDArray[np.float64] = np.sum(tones, axis=0)
    return plucked


def _tone(hertz: float) -> Audio:
    times = np.arange(int(SECONDS * RATE)) / RATE
    return Audio((8_000 * np.sin(2 * np.pi * hertz * times)).astype(np.int16))


def _add(sound: NDArray[np.float64], start: int, part: NDArray[np.float64]) -> None:
    """Mix a part in, as far as there is room for it."""
    part = part[: len(sound) - start]
    sound[start : start + len(part)] += part

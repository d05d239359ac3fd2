"""Sounds that are nobody's words: noise, hum, music, clicks, breath."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.fft import irfft, next_fast_len, rfft

from voice.recogniser import RATE
from voice.training.synthesis import Sound

Dice = np.random.Generator


def not_speech(length: int, dice: Dice) -> Sound:
    """Some sound of `length` samples that must be heard as silence."""
    make = (coloured_noise, music, clicks, breath, hum)[int(dice.integers(5))]
    return make(length, dice)


def coloured_noise(length: int, dice: Dice) -> Sound:
    """Noise whose power falls by up to 7 dB an octave, swelling and fading a little."""
    padded = next_fast_len(length, real=True)
    spectrum = rfft(dice.standard_normal(padded, np.float32))
    spectrum *= (np.arange(len(spectrum)) + 20.0) ** -dice.uniform(0, 1.2)
    noise = irfft(spectrum, padded)[:length]
    points = dice.uniform(0.5, 1.5, size=max(2, length // RATE + 2))
    swell = np.interp(np.linspace(0, len(points) - 1, length), np.arange(len(points)), points)
    return _unit(noise * swell)


def music(length: int, dice: Dice) -> Sound:
    """Chords of decaying harmonic tones, in the tempered scale."""
    sound = np.zeros(length)
    start = 0
    while start < length:
        size = min(int(RATE * dice.uniform(0.15, 0.8)), length - start)
        time = np.arange(size) / RATE
        for _ in range(int(dice.integers(1, 4))):
            pitch = 110 * 2 ** (int(dice.integers(0, 36)) / 12)
            for harmonic in range(1, int(dice.integers(2, 8))):
                sound[start : start + size] += (
                    np.sin(2 * np.pi * pitch * harmonic * time) * np.exp(-dice.uniform(1, 6) * time) / harmonic
                )
        start += size
    return _unit(sound)


def clicks(length: int, dice: Dice) -> Sound:
    """Knocks and clatter: short bursts of ringing."""
    sound = dice.standard_normal(length) * 1e-3
    for _ in range(1 + length // RATE * 2):
        size = int(RATE * dice.uniform(0.01, 0.08))
        start = int(dice.integers(0, max(1, length - size)))
        burst = dice.standard_normal(size) * np.exp(-8 * np.arange(size) / size)
        burst *= np.cos(2 * np.pi * dice.uniform(300, 4_000) * np.arange(size) / RATE)
        sound[start : start + size] += burst[: length - start] * dice.uniform(0.2, 1)
    return _unit(sound)


def breath(length: int, dice: Dice) -> Sound:
    """Air: noise that comes and goes twice in three seconds or so."""
    rhythm = np.sin(2 * np.pi * dice.uniform(0.3, 1.2) * np.arange(length) / RATE + dice.uniform(0, 6)) ** 2
    return _unit(coloured_noise(length, dice) * rhythm)


def hum(length: int, dice: Dice) -> Sound:
    """Mains hum with its harmonics, and a steady tone in one case of three."""
    base = (50.0, 60.0)[int(dice.integers(2))]
    time = np.arange(length) / RATE
    sound = dice.standard_normal(length) * 0.02
    for harmonic in range(1, 8):
        sound += dice.uniform(0, 1) * np.sin(2 * np.pi * base * harmonic * time + dice.uniform(0, 6))
    if dice.random() < 1 / 3:
        sound += np.sin(2 * np.pi * dice.uniform(200, 4_000) * time)
    return _unit(sound)


def _unit(sound: NDArray[np.floating]) -> Sound:
    return np.asarray(sound / (np.abs(sound).max() + 1e-9), np.float32)

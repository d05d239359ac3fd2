"""Clean synthetic speech made into what microphones hear: rooms, noise, other people, telephones, bad levels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.signal import butter, fftconvolve, sosfilt

from voice.recogniser import RATE
from voice.training.noises import coloured_noise, music
from voice.training.synthesis import Sound

Dice = np.random.Generator

FULL_SCALE = 32_767
LOUDEST_DB, QUIETEST_DB = 0.0, -34.0
"""Peak of a clip below full scale."""


def spoil(sound: Sound, others: Sequence[Sound], dice: Dice) -> Sound:
    """The clip as it may reach a recogniser: room, channel, background, clipping, each by chance.

    `others` are clips that talk in the background. Same length; peak at 1.
    """
    if dice.random() < 0.5:
        sound = reverberated(sound, dice)
    if dice.random() < 0.45:
        sound = band_limited(sound, dice)
    if dice.random() < 0.75:
        sound = mixed(sound, coloured_noise(len(sound), dice), dice.uniform(4, 40))
    if others and dice.random() < 0.3:
        sound = mixed(sound, babble(others, len(sound), dice), dice.uniform(6, 25))
    if dice.random() < 0.1:
        sound = mixed(sound, music(len(sound), dice), dice.uniform(6, 25))
    if dice.random() < 0.12:
        sound = telephone(sound, dice)
    if dice.random() < 0.08:
        sound = clipped(sound, dice)
    return normalised(sound)


def at_level(sound: Sound, dice: Dice) -> Sound:
    """On the scale of 16-bit samples and rounded to them, at a peak between LOUDEST_DB and QUIETEST_DB."""
    gain = FULL_SCALE * 10 ** (dice.uniform(QUIETEST_DB, LOUDEST_DB) / 20)
    return np.asarray(np.round(normalised(sound) * np.float32(gain)), np.float32)


def normalised(sound: Sound) -> Sound:
    """Peak at 1."""
    return np.asarray(sound / (np.abs(sound).max() + 1e-9), np.float32)


def reverberated(sound: Sound, dice: Dice) -> Sound:
    """In a room: a direct path, a gap, and noise that dies away by 60 dB within 0.08 to 0.6 s (Polack's model)."""
    seconds = dice.uniform(0.08, 0.6)
    length = int(RATE * seconds)
    response = dice.standard_normal(length) * np.exp(-6.9 * np.arange(length) / length) * dice.uniform(0.015, 0.12)
    response[: int(dice.uniform(5, 90))] = 0.0
    response[0] = 1.0
    return np.asarray(fftconvolve(sound, response.astype(np.float32))[: len(sound)], np.float32)


def band_limited(sound: Sound, dice: Dice) -> Sound:
    """Through a microphone that hears neither the lowest nor the highest frequencies."""
    edges = [dice.uniform(40, 300), dice.uniform(3_300, 7_600)]
    return _filtered(sound, int(dice.integers(1, 5)), edges, "band")


def telephone(sound: Sound, dice: Dice) -> Sound:
    """Through a line of 8 kHz, with 8 bits of mu-law (ITU-T G.711)."""
    narrow = normalised(_filtered(sound, 8, [dice.uniform(200, 320), dice.uniform(3_200, 3_700)], "band"))
    coded = np.round(np.sign(narrow) * np.log1p(255 * np.abs(narrow)) / np.log(256) * 127) / 127
    decoded = np.sign(coded) * (256 ** np.abs(coded) - 1) / 255
    return _filtered(decoded.astype(np.float32), 8, 3_800, "low")


def clipped(sound: Sound, dice: Dice) -> Sound:
    """Too loud for the microphone: peaks cut off at 5 to 60 % of their height."""
    limit = dice.uniform(0.05, 0.6) * np.abs(sound).max()
    return np.clip(sound, -limit, limit).astype(np.float32)


def babble(others: Sequence[Sound], length: int, dice: Dice) -> Sound:
    """One to four other clips at once, over and over."""
    together = np.zeros(length, np.float32)
    for _ in range(int(dice.integers(1, 5))):
        other = others[int(dice.integers(len(others)))]
        together += np.resize(np.roll(other, int(dice.integers(len(other)))), length)
    return together


def mixed(sound: Sound, background: Sound, snr_db: float) -> Sound:
    """The sum, with the background's energy `snr_db` below the sound's."""
    energy = float((sound**2).mean()) + 1e-12
    gain = np.sqrt(energy / (float((background**2).mean()) + 1e-12) / 10 ** (snr_db / 10))
    return (sound + np.float32(gain) * background).astype(np.float32)


def _filtered(sound: Sound, order: int, edges: float | list[float], kind: str) -> Sound:
    return np.asarray(sosfilt(butter(order, edges, kind, fs=RATE, output="sos"), sound), np.float32)

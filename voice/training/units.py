"""Which units the network tells apart: phones, and phones after one another in a word where there is enough of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from voice.training.speech import NO_PHONE, PHONES

IGNORED = -100
"""The target of frames that do not count, as PyTorch's cross entropy has it."""
LEAST_FRAMES = 5_000
"""Frames of 10 ms that a pair of phones needs to become a unit of its own."""


def count_pairs(phone: NDArray[np.uint8], previous: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Frames of each phone after each other one [previous, phone]; the last row is for the start of a word."""
    rows = np.where(previous == NO_PHONE, len(PHONES), previous).astype(np.int64)
    return np.bincount(rows * len(PHONES) + phone, minlength=(len(PHONES) + 1) * len(PHONES)).reshape(-1, len(PHONES))


def choose_units(pairs: NDArray[np.int64], least: int = LEAST_FRAMES) -> tuple[str, ...]:
    """The phones, then the pairs that were heard often enough."""
    often = [f"{PHONES[before]}-{PHONES[phone]}" for before, phone in np.argwhere(pairs[:-1] >= least)]
    return (*PHONES, *often)


def unit_table(units: Sequence[str]) -> NDArray[np.int64]:
    """The unit [previous, phone] of each pair of labels, IGNORED where the phone is UNSURE."""
    index = {unit: number for number, unit in enumerate(units)}
    table = np.full((NO_PHONE + 1, NO_PHONE + 1), IGNORED)
    table[:, : len(PHONES)] = [index[phone] for phone in PHONES]
    for row, before in enumerate(PHONES):
        for column, phone in enumerate(PHONES):
            table[row, column] = index.get(f"{before}-{phone}", table[row, column])
    return table

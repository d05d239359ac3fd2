"""The outline of a recording's sound, for drawing it beside its chapters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voice.audio import RATE, decode_pieces

COUNT = 1_000
"""Peaks of a recording, more than a player is pixels wide."""
_FINE = RATE // 20
"""Samples whose peak is kept on the way: a twentieth of a second."""


def waveform(path: Path, on_seconds: Callable[[float], None] = lambda _done: None) -> list[int]:
    """The loudest sample of each of 1,000 equal parts, 0 to 255 where 255 is full scale; fewer of a very short one.

    Raises AudioError like `decode_pieces`.
    """
    return outline(_told(decode_pieces(path), on_seconds))


def outline(pieces: Iterable[NDArray[np.int16]]) -> list[int]:
    """The same of 16-bit samples, in pieces of any length."""
    fine: list[int] = []
    rest: NDArray[np.int16] = np.empty(0, np.int16)
    for piece in pieces:
        rest = np.concatenate([rest, piece])
        whole = len(rest) - len(rest) % _FINE
        fine += _loudest(rest[:whole].reshape(-1, _FINE)) if whole else []
        rest = rest[whole:]
    if len(rest):
        fine += _loudest(rest.reshape(1, -1))
    count = min(COUNT, len(fine))
    if not count:
        return []
    starts = np.arange(count) * len(fine) // count
    return [min(255, int(peak) // 128) for peak in np.maximum.reduceat(np.array(fine), starts)]


def _told(pieces: Iterable[NDArray[np.int16]], on_seconds: Callable[[float], None]) -> Iterator[NDArray[np.int16]]:
    done = 0
    for piece in pieces:
        yield piece
        done += len(piece)
        on_seconds(done / RATE)


def _loudest(rows: NDArray[np.int16]) -> list[int]:
    return [int(peak) for peak in np.abs(rows.astype(np.int32)).max(axis=1)]

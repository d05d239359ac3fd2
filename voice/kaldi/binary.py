"""Kaldi's binary files: tokens, numbers, vectors and matrices as its readers expect them."""

from __future__ import annotations

import struct
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

STEPS = 65_535
"""A matrix in Kaldi's `CM2` form has this many steps between its smallest and its largest value."""


class KaldiWriter:
    """Collects the content of one binary file."""

    def __init__(self) -> None:
        self._parts = [b"\0B"]

    def to_bytes(self) -> bytes:
        """All that was written."""
        return b"".join(self._parts)

    def token(self, *names: str) -> None:
        """Words between which Kaldi's readers look for values, such as `<Dim>`."""
        self._parts.extend(f"{name} ".encode() for name in names)

    def lines(self, text: str) -> None:
        """Text that is read by the line even in a binary file: the configuration of a network."""
        self._parts.append(text.encode())

    def integer(self, value: int) -> None:
        """A 32-bit integer."""
        self._parts.append(b"\4" + struct.pack("<i", value))

    def real(self, value: float) -> None:
        """A single-precision number."""
        self._parts.append(b"\4" + struct.pack("<f", value))

    def double(self, value: float) -> None:
        """A double-precision number."""
        self._parts.append(b"\x08" + struct.pack("<d", value))

    def integers(self, values: Sequence[int]) -> None:
        """A vector of 32-bit integers."""
        self._parts.append(b"\4" + struct.pack("<i", len(values)) + np.asarray(values, "<i4").tobytes())

    def vector(self, values: ArrayLike) -> None:
        """A vector of single-precision numbers."""
        array = np.asarray(values, "<f4")
        self.token("FV")
        self.integer(len(array))
        self._parts.append(array.tobytes())

    def doubles(self, matrix: ArrayLike) -> None:
        """A matrix of double-precision numbers."""
        array = np.ascontiguousarray(matrix, "<f8")
        self.token("DM")
        for size in array.shape:
            self.integer(size)
        self._parts.append(array.tobytes())

    def compressed(self, matrix: ArrayLike) -> None:
        """A matrix in 16 bits a value, evenly spaced between its extremes (Kaldi's CompressedMatrix, two-byte form)."""
        array = np.asarray(matrix, np.float64)
        low = float(array.min())
        span = float(array.max()) - low or 1.0
        self.token("CM2")
        self._parts.append(struct.pack("<ffii", low, span, *array.shape))
        self._parts.append(np.rint((array - low) * (STEPS / span)).astype("<u2").tobytes())

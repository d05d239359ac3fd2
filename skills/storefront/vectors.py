"""Vectors of meaning kept in a file, so that a shop's thousands of wordings are encoded once and not at every start."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from search_index import Encoder

Vector = NDArray[np.float32]

ROUNDING = 0.01
"""How far a kept vector's length may be from 1: what was cut off while it was written is further."""


class KeptVectors:
    """The vectors of one encoder, in half precision. Not thread-safe; what the file cannot give is encoded again.

    Records of a text's digest and its vector follow one another, so that adding is appending and a crash costs at
    most the last ones.
    """

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        """`folder` is made when something is kept; vectors of other encoders in it are removed then."""
        space = blake2b(encoder.fingerprint.encode(), digest_size=6).hexdigest()
        self._path = folder / f"{space}.vectors"
        self._record = np.dtype([("text", "V16"), ("meaning", "<f2", (encoder.dimension,))])
        self._places: dict[bytes, int] | None = None

    def get(self, texts: Sequence[str]) -> dict[str, Vector]:
        """The vectors of those texts that are kept, float32 [dimension] of unit length each."""
        records = self._read()
        if self._places is None:
            self._places = {bytes(one): place for place, one in enumerate(records["text"])}
        places = {text: place for text in texts if (place := self._places.get(_digest(text))) is not None}
        if not places:
            return {}
        found = records["meaning"][list(places.values())].astype(np.float32)
        lengths = np.linalg.norm(found, axis=1)
        return {
            text: vector / length
            for text, vector, length in zip(places, found, lengths, strict=True)
            if abs(length - 1) < ROUNDING
        }

    def put(self, texts: Sequence[str], vectors: Vector) -> None:
        """Keep the vectors of these texts, float32 [texts, dimension]; OSError where the disk does not take them."""
        if not self._path.exists():
            self._path.parent.mkdir(parents=True, exist_ok=True)
            for other in self._path.parent.glob("*.vectors"):
                other.unlink(missing_ok=True)
        records = np.zeros(len(texts), self._record)
        records["text"] = [np.void(_digest(text)) for text in texts]
        records["meaning"] = vectors
        with self._path.open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # other workers add to it too
            if cut_off := file.seek(0, os.SEEK_END) % self._record.itemsize:
                file.truncate(file.tell() - cut_off)
            file.write(records.tobytes())
        self._places = None

    def _whole(self) -> int:
        """How many whole records there are."""
        return self._path.stat().st_size // self._record.itemsize if self._path.exists() else 0

    def _read(self) -> NDArray[np.void]:
        count = self._whole()
        if not count:
            return np.zeros(0, self._record)
        return np.memmap(self._path, self._record, "r", shape=(count,))


def _digest(text: str) -> bytes:
    return blake2b(text.encode(errors="surrogatepass"), digest_size=16).digest()

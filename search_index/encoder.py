"""Turning text into vectors of meaning: what the index asks of an encoder, and what every encoder of ours shares."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from threading import Lock
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]

MAX_READ = 16_384
"""Characters of a text that are tokenized at all. Models read some hundred word pieces; this bounds the time that a
text of megabytes takes before it is cut to them."""


class Encoder(Protocol):
    """What the index needs to know about meaning. All methods are safe to call from several threads."""

    @property
    def dimension(self) -> int:
        """Numbers in a vector."""
        ...

    @property
    def fingerprint(self) -> str:
        """Names the space of the vectors: only vectors of one fingerprint may be compared with each other.

        Two encoders share one only where a text's vectors from both are known to be the same but for rounding
        (docs/decisions/0017).
        """
        ...

    def encode(self, texts: Sequence[str]) -> Matrix:
        """Vectors of texts to be found: unit length, float32 [len(texts), dimension].

        Raises `SearchError` (encoder) where the model cannot be loaded.
        """
        ...

    def encode_query(self, text: str) -> Matrix:
        """The vector of a query, float32 [dimension], of unit length; raises as `encode` does."""
        ...


class QueryCache:
    """The vectors of the last `size` queries: one query is often asked of several collections, or page by page."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._vectors: OrderedDict[str, Matrix] = OrderedDict()
        self._lock = Lock()

    def get(self, text: str, encode: Callable[[str], Matrix]) -> Matrix:
        """The kept vector of `text` [d], or what `encode` makes of it; read-only, since callers share it."""
        with self._lock:
            if text in self._vectors:
                self._vectors.move_to_end(text)
                return self._vectors[text]
        vector = encode(text)
        vector.setflags(write=False)
        with self._lock:
            self._vectors[text] = vector
            while len(self._vectors) > self._size:
                self._vectors.popitem(last=False)
        return vector


def readable(text: str) -> str:
    """`text` as a tokenizer takes it: of bounded length, and lone surrogates replaced, which UTF-8 cannot hold."""
    return text[:MAX_READ].encode("utf-16", "surrogatepass").decode("utf-16", "replace")

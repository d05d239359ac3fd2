"""Meaning: the vectors of all passages in memory, searched exactly."""

from __future__ import annotations

from collections.abc import Iterable
from threading import Lock

import faiss
import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.int64]
Matrix = NDArray[np.float32]

GATHER = 4_096
"""Up to so many allowed passages their vectors are gathered and multiplied; above, FAISS skips the others."""


class Vectors:
    """Unit vectors by passage key. A flat inner-product index: exact, and the fastest way up to some 100,000."""

    def __init__(self, dimension: int) -> None:
        self.dimension = dimension
        self._index = faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))
        self._keys: set[int] = set()
        # FAISS allows many readers or one writer; a search is short enough for one lock to serve both.
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._keys)

    def apply(self, removed: Iterable[int], keys: Keys, vectors: Matrix) -> None:
        """Take out the keys `removed`, put in `vectors` [n, dimension] under `keys` [n], replacing those known."""
        with self._lock:
            gone = {key for key in (*removed, *keys.tolist()) if key in self._keys}
            if gone:
                self._index.remove_ids(faiss.IDSelectorBatch(np.fromiter(gone, np.int64)))
                self._keys -= gone
            if len(keys):
                self._index.add_with_ids(np.ascontiguousarray(vectors, np.float32), keys)
                self._keys.update(keys.tolist())

    def search(self, query: Matrix, limit: int, allowed: Keys | None = None) -> tuple[Keys, NDArray[np.float64]]:
        """The keys [n] and cosines [n] of the nearest `limit` passages to `query` [dimension], best first."""
        if allowed is not None and len(allowed) <= GATHER:
            cosines = self.cosines(query, allowed)
            best = np.argsort(-cosines, kind="stable")[:limit]
            best = best[~np.isnan(cosines[best])]
            return allowed[best], cosines[best]
        with self._lock:
            parameters = None
            if allowed is not None:
                parameters = faiss.SearchParameters(sel=faiss.IDSelectorBatch(allowed))  # type: ignore[call-arg]
            found, keys = self._index.search(query[None], min(limit, max(1, len(self._keys))), params=parameters)
        known = keys[0] >= 0
        return keys[0][known], found[0][known].astype(np.float64)

    def cosines(self, query: Matrix, keys: Keys) -> NDArray[np.float64]:
        """The cosine of each of `keys` [n] with `query` [dimension]; NaN for a passage without a vector."""
        with self._lock:
            known = np.fromiter((key in self._keys for key in keys.tolist()), bool, len(keys))
            gathered = self._index.reconstruct_batch(keys[known]) if known.any() else np.empty((0, self.dimension))
        cosines = np.full(len(keys), np.nan)
        cosines[known] = gathered @ query
        return cosines

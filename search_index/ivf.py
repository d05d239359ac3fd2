"""Approximate nearest neighbours for many vectors: FAISS IVF with 8-bit codes, kept as a file and memory-mapped.

Row numbers are the ids. A file is never changed: growing it writes another one, so that searches need no lock.
"""

from __future__ import annotations

import math
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]
Matrix = NDArray[np.float32]

TRAINING_POINTS = 50
"""Vectors for each list's centre to be trained on; FAISS warns below 39."""
ITERATIONS = 8
"""Of k-means; more changed recall by less than 0.002."""
BLOCK = 16_384
"""Rows handled at a time while building: 25 MB of MiniLM's."""
SAMPLE = 64
"""Vectors of the collection's own that tell how far a query has to look."""
RECALL = 0.98
"""Share of the true ten nearest of each sampled vector that a query has to find."""


class Ivf:
    """A file of `rows` vectors. A query looks at lists, the nearest first, until it has seen `reach` vectors."""

    def __init__(self, path: Path, rows: int, reach: int) -> None:
        """Raises RuntimeError or ValueError where the file is not such an index."""
        index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP)
        if not isinstance(index, faiss.IndexIVFScalarQuantizer) or index.ntotal != rows:
            raise ValueError(f"{path} does not hold {rows} vectors")
        lists = index.invlists
        assert lists is not None
        self.path = path
        self.rows = rows
        self.reach = reach
        self._index = index
        self._centres = faiss.downcast_index(index.quantizer)
        self._list_of = np.zeros(rows, np.int32)
        for number in range(index.nlist):
            if size := lists.list_size(number):
                self._list_of[faiss.rev_swig_ptr(lists.get_ids(number), size)] = number
        self._sizes = np.bincount(self._list_of, minlength=index.nlist)

    @property
    def lists(self) -> int:
        """How many lists the vectors are spread over."""
        return int(self._index.nlist)

    def search(self, query: Matrix, limit: int, allowed: NDArray[np.bool_] | None = None) -> Rows:
        """About `limit` rows [n] nearest to `query` [dimension], among the `allowed` [rows] where given, in any order.

        Under a filter as many *allowed* vectors are looked at as without one all vectors: however rare they are, and
        wherever they lie, that keeps the recall.
        """
        sizes = self._sizes if allowed is None else np.bincount(self._list_of[allowed], minlength=self.lists)
        # A deeper pool needs a further look: the reach was measured for ten.
        reach = max(self.reach, 8 * limit)
        _, nearest = self._centres.search(query[None], self.lists)
        probes = 1 + int(np.searchsorted(np.cumsum(sizes[nearest[0]]), min(reach, sizes.sum())))
        selector = None
        if allowed is not None:
            selector = faiss.IDSelectorBitmap(np.packbits(allowed, bitorder="little"))  # type: ignore[call-arg, arg-type]
        parameters = faiss.SearchParametersIVF(sel=selector, nprobe=min(probes, self.lists))  # type: ignore[call-arg]
        _, rows = self._index.search(query[None], limit, params=parameters)
        found: Rows = rows[0]
        return found[(found >= 0) & (found < self.rows)]


def build(path: Path, vectors: Matrix) -> Ivf:
    """Train on a sample of `vectors` [n, dimension], add all of them, and write the file."""
    count, dimension = vectors.shape
    lists = max(1, round(2 * math.sqrt(count)))
    index = faiss.IndexIVFScalarQuantizer(
        faiss.IndexFlatIP(dimension), dimension, lists, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
    )
    index.cp.niter = ITERATIONS
    index.cp.seed = 1
    index.cp.min_points_per_centroid = 1
    index.train(np.ascontiguousarray(vectors[_sample(count, TRAINING_POINTS * lists)]))
    made = _filled(index, path, vectors)
    made.reach = _reach(made, vectors)
    return made


def grow(old: Ivf, path: Path, vectors: Matrix) -> Ivf:
    """Write a file with the lists of `old`, and with those of `vectors` [n, dimension] that `old` does not have yet."""
    made = _filled(faiss.read_index(str(old.path)), path, vectors)
    made.reach = round(old.reach * made.rows / old.rows)  # as many lists as before, each the longer
    return made


def _filled(index: faiss.Index, path: Path, vectors: Matrix) -> Ivf:
    for start in range(index.ntotal, len(vectors), BLOCK):
        index.add(np.ascontiguousarray(vectors[start : start + BLOCK]))
    faiss.write_index(index, str(path))
    return Ivf(path, len(vectors), reach=1)


def _reach(index: Ivf, vectors: Matrix) -> int:
    """How many vectors a query has to look at for `RECALL`, measured on a sample of the vectors themselves."""
    sample = _sample(len(vectors), SAMPLE)
    queries = np.ascontiguousarray(vectors[sample])
    wanted = [set(row.tolist()) for row in nearest_rows(vectors, queries, 10)]
    reach = max(1, 4 * len(vectors) // index.lists)
    while reach < len(vectors):
        index.reach = reach
        found = (
            len(want.intersection(index.search(query, 40).tolist()))
            for want, query in zip(wanted, queries, strict=True)
        )
        if sum(found) >= RECALL * sum(map(len, wanted)):
            break
        reach *= 2
    # Queries lie further from the passages than passages from each other.
    return min(2 * reach, len(vectors))


def nearest_rows(vectors: Matrix, queries: Matrix, limit: int) -> Rows:
    """The exact nearest `limit` rows of `vectors` [n, dimension] to each of `queries` [m, dimension], [m, limit]."""
    rows = np.empty((len(queries), 0), np.int64)
    cosines = np.empty((len(queries), 0), np.float32)
    for start in range(0, len(vectors), BLOCK):
        block = queries @ vectors[start : start + BLOCK].T
        numbers = np.broadcast_to(np.arange(start, start + block.shape[1]), block.shape)
        rows, cosines = np.hstack([rows, numbers]), np.hstack([cosines, block])
        best = np.argpartition(-cosines, min(limit, cosines.shape[1]) - 1, axis=1)[:, :limit]
        rows, cosines = np.take_along_axis(rows, best, 1), np.take_along_axis(cosines, best, 1)
    order = np.argsort(-cosines, axis=1, kind="stable")
    rows = np.take_along_axis(rows, order, 1)
    return rows


def _sample(count: int, size: int) -> Rows:
    """Up to `size` row numbers, ascending, the same ones each time."""
    chosen = np.random.default_rng(1).permutation(count)[:size]
    return np.sort(chosen).astype(np.int64)

"""Meaning: unit vectors by passage key, in memory and in files that are mapped into it, searched by size.

Everything of one moment is in an immutable `VectorView`, so that searches take no lock. Rows are in the order of their
keys, which only ever grow: a key is found by bisection.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search_index import ivf
from search_index.ivf import Ivf
from search_index.vector_files import VectorFiles

Keys = NDArray[np.int64]
Matrix = NDArray[np.float32]
Mask = NDArray[np.bool_]

GATHER = 10_000
"""Up to so many allowed passages their vectors are gathered and multiplied, exactly: 5 ms."""
EXACT = 16_384
"""Up to so many vectors all are looked at: 2 ms. Above, IVF takes a part of that."""
TAIL = 8_192
"""Rows kept in memory before they go to the file (12 MB), and rows that IVF may lack before it grows."""
GROWTH = 1 / 32
"""Share of its rows that a large IVF may lack before it grows; they are looked at one by one meanwhile."""
RETRAIN = 4
"""The lists are trained anew when there are so many times the vectors they were trained for."""
DEAD = 0.25
"""Share of removed rows from which files and lists are written again without them."""
OVERFETCH = 50
"""Rows that IVF is asked for beyond those wanted: its codes of 8 bits put some in the wrong order."""


@dataclass(frozen=True)
class VectorView:
    """The vectors of one moment: rows in a file first (`base`), then those in memory (`tail`)."""

    keys: Keys
    alive: Mask
    base: Matrix
    tail: Matrix
    ivf: Ivf | None
    seq: int

    def __len__(self) -> int:
        return int(np.count_nonzero(self.alive))

    def search(self, query: Matrix, limit: int, allowed: Keys | None = None) -> tuple[Keys, NDArray[np.float64]]:
        """The keys [n] and cosines [n] of the nearest `limit` passages to `query` [dimension], best first.

        Among the `allowed` keys where given. Cosines are exact; which passages are found is exact up to `EXACT`
        vectors and under filters that leave at most `GATHER`, and else as good as `ivf.RECALL` says.
        """
        rows = np.flatnonzero(self.alive) if allowed is None else self._rows(allowed)[1]
        if self.ivf is not None and len(rows) > GATHER:
            rows, cosines = self._likely(query, limit, rows, self.ivf)
        else:
            cosines = self._cosines(query, rows)
        if len(rows) > limit:
            best = np.argpartition(-cosines, limit - 1)[:limit]
            rows, cosines = rows[best], cosines[best]
        order = np.lexsort((rows, -cosines))
        return self.keys[rows[order]], cosines[order].astype(np.float64)

    def cosines(self, query: Matrix, keys: Keys) -> NDArray[np.float64]:
        """The cosine of each of `keys` [n] with `query` [dimension]; NaN for a passage without a vector."""
        known, rows = self._rows(keys)
        cosines = np.full(len(keys), np.nan)
        cosines[known] = self._cosines(query, rows)
        return cosines

    def gather(self, keys: Keys) -> tuple[Mask, Matrix]:
        """Which of `keys` [n] have a vector, and the vectors [m, dimension] of those."""
        known, rows = self._rows(keys)
        return known, self._gathered(rows)

    def _rows(self, keys: Keys) -> tuple[Mask, Keys]:
        """Which of `keys` [n] have a vector, and the rows of those."""
        if not len(self.keys):
            return np.zeros(len(keys), bool), np.empty(0, np.int64)
        rows = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        known: Mask = (self.keys[rows] == keys) & self.alive[rows]
        return known, rows[known]

    def _likely(self, query: Matrix, limit: int, rows: Keys, ivf: Ivf) -> tuple[Keys, NDArray[np.float32]]:
        """Those of `rows` among which the nearest are: what IVF brings up, and all that it does not have yet."""
        split = int(np.searchsorted(rows, ivf.rows))
        allowed = None
        if split < ivf.rows:
            allowed = np.zeros(ivf.rows, bool)
            allowed[rows[:split]] = True
        found = ivf.search(query, limit + OVERFETCH, allowed)
        parts = found, rows[split:]
        return np.concatenate(parts), np.concatenate([self._cosines(query, part) for part in parts])

    def _cosines(self, query: Matrix, rows: Keys) -> NDArray[np.float32]:
        if not len(rows):
            return np.empty(0, np.float32)
        first, last = int(rows.min()), int(rows.max()) + 1
        if 2 * len(rows) > last - first:  # most of a stretch: to multiply all of it is faster than to gather
            size = len(self.base)
            stretch = self.base[first:last] @ query, self.tail[max(0, first - size) : max(0, last - size)] @ query
            return np.concatenate(stretch)[rows - first]
        # A block at a time: what is gathered then stays in the processor's cache.
        parts = [self._gathered(rows[start : start + 1_024]) @ query for start in range(0, len(rows), 1_024)]
        return np.concatenate(parts)

    def _gathered(self, rows: Keys) -> Matrix:
        in_file = rows < len(self.base)
        if in_file.all():
            return self.base[rows]
        found = np.empty((len(rows), self.base.shape[1]), np.float32)
        found[in_file] = self.base[rows[in_file]]
        found[~in_file] = self.tail[rows[~in_file] - len(self.base)]
        return found


def no_vectors(dimension: int) -> VectorView:
    """The view where there are none."""
    nothing = np.empty((0, dimension), np.float32)
    return VectorView(np.empty(0, np.int64), np.empty(0, bool), nothing, nothing, None, 0)


class _Growing:
    """An array that is only appended to: what was handed out stays as it is, and appending copies little."""

    def __init__(self, values: NDArray[Any]) -> None:
        self._buffer = values
        self.values = values

    def append(self, more: NDArray[Any]) -> None:
        size = len(self.values) + len(more)
        if size > len(self._buffer):
            buffer = np.empty((max(size, 2 * len(self.values)), *self.values.shape[1:]), self.values.dtype)
            buffer[: len(self.values)] = self.values
            self._buffer = buffer
        self._buffer[len(self.values) : size] = more
        self.values = self._buffer[:size]


class Vectors:
    """All vectors of one encoder. Writers take turns at `apply`, one thread may `merge`; any may search the `view`."""

    def __init__(self, path: Path, origin: str, dimension: int, latest: int, known: Keys) -> None:
        """Open what is on the disk and not newer than the store's change `latest`.

        `known` are the keys of the store's passages, ascending: rows of others are left out. What came after
        `last_key` has to be applied again.
        """
        self._files = VectorFiles(path, origin, dimension, latest)
        keys, base = self._files.keys(), self._files.rows()
        self._keys = _Growing(keys)
        self._alive = _Growing(_among(keys, known))
        self._tail = _Growing(np.empty((0, dimension), np.float32))
        self._changing = Lock()
        self.view = VectorView(
            self._keys.values, self._alive.values, base, self._tail.values, self._files.ivf, self._files.seq
        )

    def apply(self, removed: Sequence[int], keys: Keys, vectors: Matrix, seq: int) -> None:
        """Take out the keys `removed`, add `vectors` [n, dimension] under `keys` [n], ascending, above those known."""
        with self._changing:
            if removed:
                _, rows = self.view._rows(np.array(removed, np.int64))
                alive = self._alive.values.copy()
                alive[rows] = False
                self._alive = _Growing(alive)
            self._keys.append(keys)
            self._alive.append(np.ones(len(keys), bool))
            self._tail.append(vectors)
            self._show(seq=seq)

    def keep(self, known: Keys) -> None:
        """Take out all whose keys are not among the `known`, ascending."""
        with self._changing:
            self._alive = _Growing(self._alive.values & _among(self._keys.values, known))
            self._show()

    @property
    def last_key(self) -> int:
        """The highest key there has been among the rows; 0 where there are none."""
        return int(self.view.keys[-1]) if len(self.view.keys) else 0

    def _show(self, **changed: Any) -> None:
        self.view = replace(
            self.view, keys=self._keys.values, alive=self._alive.values, tail=self._tail.values, **changed
        )

    @property
    def is_due(self) -> bool:
        """Whether there is something to merge."""
        view = self.view
        return len(view.tail) >= TAIL or (bool(len(view.base)) and (_is_wasteful(view) or _lacks_lists(view)))

    def merge(self) -> None:
        """Write rows to the file, leave removed ones behind, let IVF grow, as far as due. Searches go on meanwhile.

        Raises `SearchError` (storage); what could not be done is still due then.
        """
        view = self.view
        if not len(view.base) or _is_wasteful(view):
            self._rewrite(view)
        elif len(view.tail) >= TAIL:
            self.save()
        if _lacks_lists(self.view):
            self._index(self.view)

    def save(self) -> None:
        """Write the rows in memory to the file and let go of them."""
        view = self.view
        self._files.append(view.keys[len(view.base) :], view.tail, view.seq)
        self._turn_to_files(len(view.tail))

    def _turn_to_files(self, written: int) -> None:
        """Let go of as many rows in memory as have been `written`."""
        with self._changing:
            self._tail = _Growing(self._tail.values[written:].copy())
            self._show(base=self._files.rows())

    def _rewrite(self, view: VectorView) -> None:
        """Files of the rows that are alive; where there are few, memory alone."""
        rows = np.flatnonzero(view.alive)
        if len(rows) >= TAIL // 2:
            blocks = (rows[start : start + TAIL] for start in range(0, len(rows), TAIL))
            self._files.rewrite(((view.keys[block], view._gathered(block)) for block in blocks), view.seq)
            base, tail = self._files.rows(), np.empty((0, view.base.shape[1]), np.float32)
            if len(base) > EXACT:
                self._files.set_ivf(lambda path: ivf.build(path, base), trained=len(base))
        else:
            self._files.clear()
            base, tail = np.empty((0, view.base.shape[1]), np.float32), view._gathered(rows)
        with self._changing:
            later = len(view.keys)
            self._keys = _Growing(np.concatenate([view.keys[rows], self._keys.values[later:]]))
            self._alive = _Growing(np.concatenate([self._alive.values[rows], self._alive.values[later:]]))
            self._tail = _Growing(np.concatenate([tail, self._tail.values[len(view.tail) :]]))
            self._show(base=base, ivf=self._files.ivf)

    def _index(self, view: VectorView) -> None:
        old = view.ivf
        if old is None or len(view.base) >= RETRAIN * self._files.trained:
            self._files.set_ivf(lambda path: ivf.build(path, view.base), trained=len(view.base))
        else:
            self._files.set_ivf(lambda path: ivf.grow(old, path, view.base), trained=self._files.trained)
        with self._changing:
            self._show(ivf=self._files.ivf)


def _is_wasteful(view: VectorView) -> bool:
    return bool(len(view.keys) - len(view) > DEAD * len(view.keys))


def _lacks_lists(view: VectorView) -> bool:
    if view.ivf is None:
        return len(view.base) > EXACT
    return len(view.base) - view.ivf.rows > max(TAIL, GROWTH * view.ivf.rows)


def _among(keys: Keys, known: Keys) -> Mask:
    """Which of `keys` [n] are among the `known`, both ascending."""
    if not len(known):
        return np.zeros(len(keys), bool)
    places = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    found: Mask = known[places] == keys
    return found

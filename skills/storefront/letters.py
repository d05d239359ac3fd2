"""How alike texts are by the runs of letters that they share, which also joins misspelt words and endings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from search_index import terms_of

Floats = NDArray[np.float32]
Places = NDArray[np.intp]

GRAMS = (3, 4)
"""Letters that are compared at a time."""


@dataclass(frozen=True)
class Runs:
    """Which runs of letters some texts have, and how often: float32 [texts, runs], 1 + log(count) where there are any.

    `columns` says which run stands where; it may know more runs than there are columns.
    """

    weights: csr_array
    columns: Mapping[str, int]


class RunCounter:
    """Counts the runs of texts that come one after another; what was counted stays as it is."""

    def __init__(self) -> None:
        self._columns: dict[str, int] = {}
        self._ends = [0]
        self._places: list[NDArray[np.int32]] = []
        self._weights: list[Floats] = []

    def add(self, texts: Sequence[str]) -> None:
        """Count these too, in the rows that follow."""
        columns = self._columns
        for text in texts:
            counted = _grams(text)
            self._places.append(np.array([columns.setdefault(run, len(columns)) for run in counted], np.int32))
            self._weights.append((1 + np.log(np.array(list(counted.values()), np.float32))).astype(np.float32))
            self._ends.append(self._ends[-1] + len(counted))

    def runs(self) -> Runs:
        """Of all texts so far."""
        size = (len(self._ends) - 1, len(self._columns))
        if not self._ends[-1]:
            return Runs(csr_array(size, dtype=np.float32), self._columns)
        # Joined once: what comes later is joined to what is joined already.
        self._places, self._weights = [np.concatenate(self._places)], [np.concatenate(self._weights)]
        return Runs(csr_array((self._weights[0], self._places[0], np.array(self._ends)), shape=size), self._columns)


class Letters:
    """Cosines of texts by their runs of letters, the rarer a run the weightier (TF-IDF).

    How rare a run is, is counted in `rows` of the runs' texts, one of which may be there several times.
    """

    def __init__(self, runs: Runs, rows: Places) -> None:
        self._runs, weights = runs, runs.weights
        count, width = weights.shape
        times = np.repeat(np.bincount(rows, minlength=count), np.diff(weights.indptr))
        found_in = np.bincount(weights.indices, weights=times, minlength=width)
        self._unknown = float(np.log(1 + len(rows)) + 1)
        self._rarity = (self._unknown - np.log1p(found_in)).astype(np.float32)
        squares = csr_array((weights.data**2, weights.indices, weights.indptr), shape=weights.shape)
        lengths = np.sqrt(squares @ self._rarity**2)
        self._scale = np.divide(1, lengths, out=np.zeros_like(lengths), where=lengths > 0)

    @classmethod
    def of(cls, texts: Sequence[str]) -> Letters:
        """Of these texts and no others."""
        counter = RunCounter()
        counter.add(texts)
        return cls(counter.runs(), np.arange(len(texts)))

    def likeness(self, text: str) -> Floats:
        """Cosines with each of the runs' texts, float32 [texts]; 0 where either has no letters.

        Runs that no text has count too, since they say that something else is meant.
        """
        asked, length = np.zeros_like(self._rarity), 0.0
        for run, count in _grams(text).items():
            weight, column = 1 + float(np.log(count)), self._runs.columns.get(run, len(asked))
            known = column < len(asked)
            rarity = float(self._rarity[column]) if known else self._unknown
            length += (weight * rarity) ** 2
            if known:
                asked[column] = weight * rarity**2
        if not length:
            return np.zeros_like(self._scale)
        return np.asarray((self._runs.weights @ asked) * self._scale / np.float32(length**0.5), np.float32)

    def among(self, rows: Places, others: Places | None = None) -> Floats:
        """Cosines of these of the texts with those, or with one another, float32 [rows, others]."""
        some = self._scaled(rows)
        return np.asarray((some @ (some if others is None else self._scaled(others)).T).toarray(), np.float32)

    def of_pairs(self, rows: Places, others: Places) -> Floats:
        """The cosine of each of these texts with the one at the same place of those, float32 [rows]."""
        return np.asarray(self._scaled(rows).multiply(self._scaled(others)).sum(axis=1), np.float32)

    def _scaled(self, rows: Places) -> csr_array:
        return self._runs.weights[rows].multiply(self._rarity).multiply(self._scale[rows, None]).tocsr()


def _grams(text: str) -> Counter[str]:
    joined = f" {' '.join(terms_of(text, stemmed=False))} "
    return Counter(joined[place : place + size] for size in GRAMS for place in range(len(joined) - size + 1))

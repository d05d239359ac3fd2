"""What is known of the candidates of a query, before anything is weighed; one row a passage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.int64]
Scores = NDArray[np.float64]


@dataclass(frozen=True)
class Evidence:
    """Columns [n] over n candidate passages in ascending order of key.

    - `passages`, `documents`: keys; `numbers`: 0 for a document's own text, else which of its chunks; `ids`: of the
      documents.
    - `bm25`: over all fields, 0 for what is not among the best by words; `full_bm25`: what a passage would earn that
      has every word.
    - `cosines`: with the query's vector, -1 where there is none.
    - `names`: similarity (0..1) of the document's most similar name, 0 for chunks.
    - `exact`: share (0..1) of the query's quoted phrases and codes that are there.
    - `boosts`: factors (at least 1) by field.
    """

    passages: Keys
    documents: Keys
    numbers: Keys
    ids: Sequence[str]
    bm25: Scores
    full_bm25: float
    cosines: Scores
    names: Scores
    exact: Scores
    boosts: Mapping[str, Scores]

    def take(self, rows: Sequence[int] | Keys) -> Evidence:
        """The evidence of these rows, in their order."""
        chosen = np.asarray(rows, np.int64)
        return Evidence(
            self.passages[chosen],
            self.documents[chosen],
            self.numbers[chosen],
            [self.ids[row] for row in chosen],
            self.bm25[chosen],
            self.full_bm25,
            self.cosines[chosen],
            self.names[chosen],
            self.exact[chosen],
            {name: factors[chosen] for name, factors in self.boosts.items()},
        )


@dataclass(frozen=True)
class Observation:
    """All that a model may learn from about the n best passages of a query: rows in their fused order.

    `by_field`: BM25 [n] of each searched field alone (`chunk` and `context` for those of chunks). `numbers`: the
    values [n] of the documents' number, date and boolean fields, NaN where there is none. `fused`: the scores [n].
    `times`: when each starts and ends (ms), [n, 2].
    """

    text: str
    evidence: Evidence
    by_field: Mapping[str, Scores]
    numbers: Mapping[str, Scores]
    fused: Scores
    times: Keys


class Reranker(Protocol):
    """Puts the best passages of a query into a better order."""

    @property
    def depth(self) -> int:
        """How many of the best it looks at; the others stay behind them."""
        ...

    def scores(self, observation: Observation) -> Scores:
        """Scores [n], higher is better, of the n passages observed."""
        ...

    def contributions(self, observation: Observation, row: int) -> Mapping[str, float]:
        """What each feature adds to the score of one row; with a constant they add up to it."""
        ...

"""Hits that differ from each other: maximal marginal relevance (Carbonell and Goldstein, SIGIR 1998)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

DEPTH = 100
"""Best hits among which are chosen."""


def diverse(scores: NDArray[np.float64], vectors: NDArray[np.float32], diversity: float, limit: int) -> list[int]:
    """Rows of up to `limit` hits, each the best of the remaining in score less likeness to those chosen before it.

    `scores` [n] count relative to the best, with the share 1 - `diversity`; `vectors` [n, d] are unit vectors, and a
    row of NaN is like nothing. Ties go to the earlier row.
    """
    best = scores.max(initial=0.0)
    relevance = (1 - diversity) * (scores / best if best > 0 else scores)
    likeness = np.nan_to_num(vectors @ vectors.T, nan=0.0)
    nearest = np.zeros(len(scores))
    left = np.ones(len(scores), bool)
    chosen: list[int] = []
    while len(chosen) < min(limit, len(scores)):
        row = int(np.argmax(np.where(left, relevance - diversity * nearest, -np.inf)))
        chosen.append(row)
        left[row] = False
        nearest = np.maximum(nearest, likeness[row])
    return chosen

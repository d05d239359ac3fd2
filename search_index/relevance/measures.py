"""Measures of a ranking: pure functions of the grades down a list.

A ranking is the grades [n] of its hits, best first: 0 for what is irrelevant and for what nobody judged. `ideal` are
the grades [m] of everything that was judged for the query, in any order.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Grades = Sequence[float]


def gain(grade: float) -> float:
    """2**grade - 1, so that one perfect hit is worth several fair ones (Burges et al., ICML 2005)."""
    return float(2**grade - 1)


def dcg(grades: Grades, k: int) -> float:
    """Discounted cumulative gain of the first k (Järvelin and Kekäläinen, TOIS 2002)."""
    gains: NDArray[np.float64] = np.array([gain(grade) for grade in grades[:k]], np.float64)
    return float(gains @ (1 / np.log2(np.arange(2, len(gains) + 2))))


def ndcg(grades: Grades, ideal: Grades, k: int) -> float:
    """The DCG as a share of the best possible one, 0 to 1. Undefined, so ValueError, where nothing is relevant."""
    best = dcg(sorted(ideal, reverse=True), k)
    if not best:
        raise ValueError("nothing is relevant")
    return dcg(grades, k) / best


def recall(grades: Grades, ideal: Grades, k: int) -> float:
    """The share of all that is relevant among the first k. Undefined, so ValueError, where nothing is relevant."""
    relevant = sum(grade > 0 for grade in ideal)
    if not relevant:
        raise ValueError("nothing is relevant")
    return sum(grade > 0 for grade in grades[:k]) / relevant


def hit(grades: Grades, k: int) -> float:
    """1 where anything relevant is among the first k, else 0."""
    return float(any(grade > 0 for grade in grades[:k]))


def judged(known: Sequence[bool], k: int) -> float:
    """The share of the first k that somebody judged; where it is low, the other measures underrate the ranking."""
    return float(np.mean(known[:k])) if known else 0.0

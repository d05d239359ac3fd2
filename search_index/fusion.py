"""Making unlike scores comparable and adding them up.

Convex combination with theoretical-minimum normalisation: Bruch, Gai, Ingber, "An Analysis of Fusion Functions
for Hybrid Retrieval", arXiv 2210.11934. Unlike reciprocal rank fusion it keeps how much better a match is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search_index.query import Explanation, Part, Weights

Scores = NDArray[np.float64]


def normalise(raw: Scores, least: float, full: float = -np.inf) -> Scores:
    """Scale so that the least possible score becomes 0 and the best one present 1; no score above it: all 0.

    Where a `full` score is known and nothing reaches it, it becomes the 1: a query of which only a chance word
    occurs anywhere must not make that word count as much as a whole match.
    """
    best = max(raw.max(initial=least), full)
    if best <= least:
        return np.zeros_like(raw)
    scaled: Scores = (raw - least) / (best - least)
    return scaled


@dataclass(frozen=True)
class Fused:
    """Scores of n candidates, column by column; each array has the shape [n]."""

    raw: tuple[Scores, Scores, Scores]
    normalised: tuple[Scores, Scores, Scores]
    shares: tuple[float, float, float]
    boosts: Scores

    @property
    def scores(self) -> Scores:
        words, meaning, sound = (share * column for share, column in zip(self.shares, self.normalised, strict=True))
        result: Scores = (words + meaning + sound) * self.boosts
        return result

    def explain(self, row: int, boosted_by: str | None) -> Explanation:
        """The explanation of candidate number `row`."""
        words, meaning, sound = (
            Part(float(raw[row]), float(normalised[row]), share)
            for raw, normalised, share in zip(self.raw, self.normalised, self.shares, strict=True)
        )
        return Explanation(words, meaning, sound, float(self.boosts[row]), boosted_by)


def fuse(bm25: Scores, full_bm25: float, cosines: Scores, names: Scores, weights: Weights) -> Fused:
    """Combine BM25 (from 0), cosines (from -1) and name similarities (0..1, kept as they are) of n candidates."""
    normalised = (normalise(bm25, 0.0, full_bm25), normalise(cosines, -1.0), names)
    return Fused((bm25, cosines, names), normalised, weights.shares(), np.ones(len(bm25)))

"""Making unlike scores comparable and adding them up.

Convex combination with theoretical-minimum normalisation: Bruch, Gai, Ingber, "An Analysis of Fusion Functions
for Hybrid Retrieval", arXiv 2210.11934. Unlike reciprocal rank fusion it keeps how much better a match is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search_index.evidence import Evidence
from search_index.query import Boost, Recency, Weights
from search_index.results import Explanation, Part

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
    """The evidence of n candidates weighed: each way of matching brought to 0..1, and `scores` [n]."""

    evidence: Evidence
    normalised: tuple[Scores, Scores, Scores]
    shares: tuple[float, float, float]
    exact_weight: float
    scores: Scores

    def explain(self, row: int) -> Explanation:
        """The explanation of candidate number `row`."""
        evidence = self.evidence
        raw = (evidence.bm25, evidence.cosines, evidence.names)
        words, meaning, sound = (
            Part(float(column[row]), float(normalised[row]), share)
            for column, normalised, share in zip(raw, self.normalised, self.shares, strict=True)
        )
        exact = Part(float(evidence.exact[row]), float(evidence.exact[row]), self.exact_weight)
        boosts = {name: float(factors[row]) for name, factors in evidence.boosts.items()}
        return Explanation(words, meaning, sound, exact, boosts)


def fuse(evidence: Evidence, weights: Weights, boosts: tuple[Boost | Recency, ...] = ()) -> Fused:
    """Weigh BM25 (from 0), cosines (from -1) and name similarities (0..1, kept as they are), and apply the boosts.

    Having all of the exact parts asked for outweighs whatever the rest may add up to.
    """
    normalised = (
        normalise(evidence.bm25, 0.0, evidence.full_bm25),
        normalise(evidence.cosines, -1.0),
        evidence.names,
    )
    shares = weights.shares()
    scores = sum(
        (share * column for share, column in zip(shares, normalised, strict=True)), np.zeros(len(evidence.ids))
    )
    for factors in evidence.boosts.values():
        scores = scores * factors
    ceiling = math.prod(1 + boost.weight for boost in boosts)
    return Fused(evidence, normalised, shares, ceiling, scores + ceiling * evidence.exact)

"""How sure a mean over queries is: bootstrap intervals and a randomisation test, both seeded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 2_000
SEED = 20261122
BLOCK = 1_000_000
"""Numbers drawn at a time, so that many queries do not need much memory."""

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Estimate:
    """A mean over queries and its 95 % confidence interval."""

    mean: float
    low: float
    high: float
    queries: int

    def describe(self) -> str:
        """As it stands in a table."""
        return f"{self.mean:.3f} ({self.low:.3f}-{self.high:.3f})"


def estimate(values: Sequence[float]) -> Estimate:
    """The mean of `values` and its percentile bootstrap interval over queries (Efron, 1979). ValueError without any."""
    if not len(values):
        raise ValueError("no values")
    scores: Values = np.asarray(values, np.float64)
    generator = np.random.default_rng(SEED)
    means = np.concatenate(
        [scores[generator.integers(0, len(scores), (rows, len(scores)))].mean(axis=1) for rows in _blocks(len(scores))]
    )
    mean = float(scores.mean())
    low, high = np.percentile(means, (2.5, 97.5))
    # Rounding must not put the mean outside where all values are alike.
    return Estimate(mean, min(mean, float(low)), max(mean, float(high)), len(scores))


def p_value(differences: Sequence[float]) -> float:
    """How often chance alone makes a mean difference as large: the two-sided paired randomisation test, 0 to 1.

    Each query's difference keeps or changes its sign at random (Smucker, Allan, Carterette, CIKM 2007).
    """
    if not len(differences):
        raise ValueError("no differences")
    values: Values = np.asarray(differences, np.float64)
    generator = np.random.default_rng(SEED)
    observed = abs(values.sum()) - 1e-12
    extreme = sum(
        int(np.sum(np.abs(generator.choice((-1.0, 1.0), (rows, len(values))) @ values) >= observed))
        for rows in _blocks(len(values))
    )
    return (1 + extreme) / (1 + RESAMPLES)


def folds(queries: int, count: int) -> NDArray[np.int64]:
    """The fold (0 to `count` - 1) that each query [queries] is tested in: alike in size, drawn at random."""
    return np.random.default_rng(SEED).permutation(np.arange(queries) % count)


def _blocks(width: int) -> Iterator[int]:
    """The resamples in groups, each of at most `BLOCK` numbers."""
    step = max(1, BLOCK // width)
    for start in range(0, RESAMPLES, step):
        yield min(step, RESAMPLES - start)

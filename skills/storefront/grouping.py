"""Groups of questions that ask for the same thing, in whatever words.

Agglomerative clustering with average linkage (Sokal and Michener 1958) by the likeness that answers are found by.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from skills.storefront.letters import Floats, Letters, Places
from skills.storefront.matching import LETTERS, MEANING
from skills.storefront.wordings import Vector

TOGETHER = 0.3
"""The mean likeness from which questions belong together: of those at which the groups of labelled messages to a shop
are 85 % pure, the one with the fewest groups (`benchmarks inbox_groups`)."""
TEXTS_MAX = 3_000
"""New ones that are grouped at once."""


def group(
    texts: Sequence[str], vectors: Vector, known: Sequence[int | None] = (), *, together: float = TOGETHER
) -> list[int]:
    """The group of each text, a number each. `vectors` are their meanings, float32 [texts, dimension] of unit length.

    `known` are the groups of the first texts, None for one that has none yet: they stay, and what is new joins the
    group that it is most like, or else a new one, whose number is higher; questions belong `together` from this mean
    likeness on. ValueError for more than 3,000 new texts.
    """
    groups = [*known, *[None] * (len(texts) - len(known))]
    new = np.array([place for place, one in enumerate(groups) if one is None], np.intp)
    if len(new) > TEXTS_MAX:
        raise ValueError(f"{len(new)} texts cannot be grouped at once")
    if not len(new):
        return [one for one in groups if one is not None]
    old = np.array([place for place, one in enumerate(groups) if one is not None], np.intp)
    letters = Letters.of(texts)
    numbers = np.array([groups[place] for place in old], np.intp)
    joined = _join(_likeness(letters, vectors, new, old), numbers, together)
    alone = new[joined < 0]
    fresh = _cluster(_likeness(letters, vectors, alone, alone), together) + (numbers.max() + 1 if len(numbers) else 0)
    result = np.zeros(len(texts), np.intp)
    result[old], result[new], result[alone] = numbers, joined, fresh
    return [int(one) for one in result]


def representative(vectors: Vector) -> int:
    """Which of a group's questions stands for it: the one nearest to what all mean, the first of equals."""
    return int(np.argmax(np.round(vectors @ vectors.mean(axis=0), 4)))


def _likeness(letters: Letters, vectors: Vector, some: Places, others: Places) -> Floats:
    meaning = vectors[some] @ vectors[others].T
    return np.asarray(MEANING * meaning + LETTERS * letters.among(some, others), np.float32)


def _join(alike: Floats, groups: Places, together: float) -> Places:
    """The group with the best mean likeness to each text, -1 where none is like it; `alike` is [texts, members]."""
    if not len(groups):
        return np.full(len(alike), -1, np.intp)
    numbers, member = np.unique(groups, return_inverse=True)
    belongs = np.zeros((len(groups), len(numbers)), np.float32)
    belongs[np.arange(len(groups)), member] = 1
    means = (alike @ belongs) / belongs.sum(axis=0)
    return np.where(means.max(axis=1) >= together, numbers[means.argmax(axis=1)], -1)


def _cluster(alike: Floats, together: float) -> Places:
    """The cluster of each text, numbered from 0 in the order of their first texts; `alike` is [texts, texts]."""
    if len(alike) < 2:
        return np.zeros(len(alike), np.intp)
    apart = np.clip(1 - (alike + alike.T) / 2, 0, None)
    np.fill_diagonal(apart, 0)
    labels = fcluster(linkage(squareform(apart, checks=False), "average"), 1 - together, "distance")
    _, first, cluster = np.unique(labels, return_index=True, return_inverse=True)
    return np.asarray(np.argsort(np.argsort(first))[cluster], np.intp)

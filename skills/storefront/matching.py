"""Which of a shop's questions a text asks: learnt from the ways to ask each, in milliseconds, at every edit.

Regularised least squares classification (Rifkin, Yeo, Poggio 2003) over one likeness of two texts: their meaning, and
the letters that they share, which also joins misspelt words and endings. The classifier weighs all wordings together,
so a word that every question has says nothing; the nearest wording alone holds where an answer has only one or two.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from search_index import terms_of

Vector = NDArray[np.float32]
Floats = NDArray[np.float64]

MEANING, LETTERS = 0.6, 0.4
LEARNT, NEAREST = 0.7, 0.3
"""How much of a score is the classifier's, and how much the nearest wording's."""
RIDGE = 0.3
GRAMS = (3, 4)
"""Letters that are compared at a time."""


class Matcher:
    """Scores answers for a question. `labels` says which answer each of `texts` asks for (0 to the last answer);
    `vectors` are their meanings, float32 [texts, dimension], of unit length.
    """

    def __init__(self, texts: Sequence[str], labels: Sequence[int], vectors: Vector) -> None:
        self._labels = np.asarray(labels, dtype=np.intp)
        self._vectors = vectors.astype(np.float64)
        self._letters = Letters(texts)
        kernel = np.stack([self._likeness(text, vector) for text, vector in zip(texts, self._vectors, strict=True)])
        counts = np.bincount(self._labels)
        # An answer with many wordings counts no more than one with few.
        ridge = RIDGE * counts[self._labels] * len(counts) / len(texts)
        wanted = np.eye(len(counts))[self._labels]
        self._learnt = np.asarray(np.linalg.solve(kernel + np.diag(ridge), wanted), dtype=np.float64)
        self._count = len(counts)

    def scores(self, text: str, vector: Vector) -> Floats:
        """How well each answer fits, float64 [answers]: about 1 for one of its own wordings, about 0 for none."""
        likeness = self._likeness(text, vector.astype(np.float64))
        nearest = np.zeros(self._count)
        np.maximum.at(nearest, self._labels, likeness)
        return np.asarray(LEARNT * (likeness @ self._learnt) + NEAREST * nearest)

    def _likeness(self, text: str, vector: Floats) -> Floats:
        return MEANING * (self._vectors @ vector) + LETTERS * self._letters.likeness(text)


class Letters:
    """Cosines of texts by their runs of letters, the rarer a run the weightier (TF-IDF)."""

    def __init__(self, texts: Sequence[str]) -> None:
        counted = [_grams(text) for text in texts]
        found_in = Counter(gram for grams in counted for gram in grams)
        self._rarity = {gram: np.log((1 + len(texts)) / (1 + count)) + 1 for gram, count in found_in.items()}
        self._unknown = float(np.log(1 + len(texts)) + 1)
        self._size = len(texts)
        places: dict[str, list[int]] = {gram: [] for gram in found_in}
        weights: dict[str, list[float]] = {gram: [] for gram in found_in}
        for place, grams in enumerate(counted):
            for gram, weight in self._weights(grams).items():
                places[gram].append(place)
                weights[gram].append(weight)
        self._postings = {gram: (np.array(places[gram]), np.array(weights[gram])) for gram in found_in}

    def likeness(self, text: str) -> Floats:
        """Cosines with each of the texts, float64 [texts]; 0 where the text has no letters."""
        total = np.zeros(self._size)
        for gram, weight in self._weights(_grams(text)).items():
            if gram in self._postings:
                places, weights = self._postings[gram]
                total[places] += weight * weights
        return total

    def _weights(self, grams: Counter[str]) -> dict[str, float]:
        """Of unit length; runs that no text has count too, since they say that something else is meant."""
        raw = {
            gram: float(1 + np.log(count)) * float(self._rarity.get(gram, self._unknown))
            for gram, count in grams.items()
        }
        length = sum(weight * weight for weight in raw.values()) ** 0.5
        return {gram: weight / length for gram, weight in raw.items()}


def _grams(text: str) -> Counter[str]:
    joined = f" {' '.join(terms_of(text, stemmed=False))} "
    return Counter(joined[place : place + size] for size in GRAMS for place in range(len(joined) - size + 1))

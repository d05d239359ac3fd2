"""Texts and vectors in any number, the same ones each time: words by Zipf's law, vectors in clusters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from search_index.encoder import Encoder, Matrix

WORDS = 30
"""Words of a text."""
SPREAD = 0.7
"""Length of what sets a vector apart from the centre of its cluster, which has length 1."""
DIMENSION = 384

_SYLLABLES = [a + b for a, b in product("bdfghjklmnprstvz", "aeiou")]
VOCABULARY = [first + second + third for first, second, third in product(_SYLLABLES, _SYLLABLES, _SYLLABLES[:10])]
"""64,000 words that can be spoken and mean nothing."""


def texts(count: int) -> list[str]:
    """`count` texts; the frequency of a word falls with its rank (Zipf's law)."""
    chance = np.random.default_rng(1)
    share = np.cumsum(1 / np.arange(1, len(VOCABULARY) + 1))
    drawn = np.searchsorted(share, chance.random((count, WORDS)) * share[-1])
    return [" ".join(VOCABULARY[place] for place in row) for row in drawn]


def vectors(count: int, clusters: int) -> Matrix:
    """Unit vectors, float32 [count, 384], around as many centres."""
    chance = np.random.default_rng(2)
    centres = chance.standard_normal((clusters, DIMENSION), np.float32)
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    made = np.empty((count, DIMENSION), np.float32)
    for start in range(0, count, 65_536):
        block = made[start : start + 65_536]
        block[:] = centres[chance.integers(0, clusters, len(block))]
        block += SPREAD / np.sqrt(DIMENSION) * chance.standard_normal(block.shape, np.float32)
        block /= np.linalg.norm(block, axis=1, keepdims=True)
    return made


def near(rows: Matrix, seed: int) -> Matrix:
    """Unit vectors a little way off those given: queries that have something to find."""
    chance = np.random.default_rng(seed)
    made: Matrix = rows + np.float32(SPREAD / np.sqrt(DIMENSION)) * chance.standard_normal(rows.shape, np.float32)
    made /= np.linalg.norm(made, axis=1, keepdims=True)
    return made


@dataclass(frozen=True)
class Asked:
    """Queries: their texts, and the vectors [n, 384] that take the place of those the texts would have."""

    texts: Sequence[str]
    vectors: Matrix


def asked(count: int, all_texts: Sequence[str], all_vectors: Matrix) -> Asked:
    """`count` queries: four words of a text, and a vector near that of the text."""
    chance = np.random.default_rng(3)
    rows: NDArray[np.int64] = chance.choice(len(all_texts), count, replace=False)
    words = [" ".join(chance.choice(all_texts[row].split(), 4, replace=False).tolist()) for row in rows.tolist()]
    return Asked(words, near(all_vectors[rows], 4))


class Injected:
    """Gives each text its own row of vectors; a query is encoded for its time, and gets its own vector."""

    dimension = DIMENSION
    fingerprint = "injected 1"

    def __init__(self, all_texts: Sequence[str], rows: Matrix, queries: Asked, real: Encoder | None) -> None:
        self._place = {text: place for place, text in enumerate(all_texts)}
        self._rows = rows
        self._queries: dict[str, Matrix] = dict(zip(queries.texts, queries.vectors, strict=True))
        self._real = real

    def encode(self, given: Sequence[str]) -> Matrix:
        found: Matrix = self._rows[[self._place[text] for text in given]]
        return found

    def encode_query(self, text: str) -> Matrix:
        if self._real is not None:
            self._real.encode_query(text)
        return self._queries[text]

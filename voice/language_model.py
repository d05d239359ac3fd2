"""A trigram model of weighted sentences, written as an ARPA file.

Smoothing is interpolated Witten-Bell (Chen and Goodman 1999, section 2.6): with C(h) what was seen after the history
h and T(h) the number of different words there, p(w|h) = (c(hw) + T(h) p(w|h')) / (C(h) + T(h)). It takes fractional
counts, needs no held-out data, and its back-off weight is simply T(h) / (C(h) + T(h)).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

ORDER = 3
START, END = "<s>", "</s>"
_NEVER = -99.0
Gram = tuple[str, ...]


def count_grams(sentences: Iterable[tuple[Sequence[str], float]]) -> list[dict[Gram, float]]:
    """Weighted counts of the grams of 1, 2 and 3 words; the sentence start is a history, never a word to predict."""
    counts: list[dict[Gram, float]] = [defaultdict(float) for _ in range(ORDER)]
    for words, weight in sentences:
        padded = (START, *words, END)
        for end in range(1, len(padded)):
            for order in range(min(ORDER, end + 1)):
                counts[order][padded[end - order : end + 1]] += weight
    return counts


def estimate(counts: list[dict[Gram, float]]) -> tuple[list[dict[Gram, float]], dict[Gram, float]]:
    """Probabilities per order and back-off weights per history, both between 0 and 1."""
    words = len(counts[0])
    probabilities: list[dict[Gram, float]] = []
    backoffs: dict[Gram, float] = {}
    for order, grams in enumerate(counts):
        seen: dict[Gram, float] = defaultdict(float)
        types: dict[Gram, int] = defaultdict(int)
        for gram, count in grams.items():
            seen[gram[:-1]] += count
            types[gram[:-1]] += 1
        lower = probabilities[-1] if order else {}
        level: dict[Gram, float] = {}
        for gram, count in grams.items():
            history = gram[:-1]
            shorter = lower[gram[1:]] if order else 1.0 / words
            level[gram] = (count + types[history] * shorter) / (seen[history] + types[history])
        probabilities.append(level)
        backoffs.update({history: types[history] / (seen[history] + types[history]) for history in seen if history})
    return probabilities, backoffs


def arpa_lines(sentences: Iterable[tuple[Sequence[str], float]]) -> Iterator[str]:
    """The lines of an ARPA trigram file (log10) for sentences of words with their weights."""
    probabilities, backoffs = estimate(count_grams(sentences))
    probabilities[0][(START,)] = 0.0
    yield "\\data\\"
    for order, level in enumerate(probabilities, start=1):
        yield f"ngram {order}={len(level)}"
    for order, level in enumerate(probabilities, start=1):
        yield f"\n\\{order}-grams:"
        for gram, probability in level.items():
            head = f"{math.log10(probability) if probability else _NEVER:.4f}\t{' '.join(gram)}"
            yield f"{head}\t{math.log10(backoffs[gram]):.4f}" if gram in backoffs and order < ORDER else head
    yield "\n\\end\\"

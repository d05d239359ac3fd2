"""An n-gram model of weighted sentences, as numbers or as an ARPA file.

Smoothing is interpolated Witten-Bell (Chen and Goodman 1999, section 2.6): with C(h) what was seen after the history
h and T(h) the number of different words there, p(w|h) = (c(hw) + T(h) p(w|h')) / (C(h) + T(h)). It takes fractional
counts, needs no held-out data, and its back-off weight is simply T(h) / (C(h) + T(h)).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

TRIGRAM = 3
START, END = "<s>", "</s>"
_NEVER = -99.0
Gram = tuple[str, ...]


@dataclass(frozen=True)
class NgramModel:
    """Probabilities between 0 and 1: `levels[n]` of the grams of n + 1 words, `backoffs` of histories."""

    levels: tuple[Mapping[Gram, float], ...]
    backoffs: Mapping[Gram, float]

    @property
    def order(self) -> int:
        """How many words the longest grams have."""
        return len(self.levels)

    def arpa_lines(self) -> Iterator[str]:
        """The lines of an ARPA file (log10)."""
        levels: list[Mapping[Gram, float]] = [{**self.levels[0], (START,): 0.0}, *self.levels[1:]]
        yield "\\data\\"
        for order, level in enumerate(levels, start=1):
            yield f"ngram {order}={len(level)}"
        for order, level in enumerate(levels, start=1):
            yield f"\n\\{order}-grams:"
            for gram, probability in level.items():
                head = f"{math.log10(probability) if probability else _NEVER:.4f}\t{' '.join(gram)}"
                backoff = self.backoffs.get(gram)
                yield head if backoff is None or order == self.order else f"{head}\t{math.log10(backoff):.4f}"
        yield "\n\\end\\"


@dataclass(frozen=True)
class Background:
    """Speech unlike the sentences: how likely each word is, and a word after another (`pairs` of both).

    The probabilities of the words add up to 1, those of the words after one word to less: the rest is for all other
    words, by their own.
    """

    words: Mapping[str, float]
    pairs: Mapping[Gram, float] = field(default_factory=dict)


def estimate(
    sentences: Iterable[tuple[Sequence[str], float]], order: int = TRIGRAM, background: Background | None = None
) -> NgramModel:
    """The model of sentences of words with their weights.

    The lowest orders are interpolated with the background; without one, the words of the sentences are all alike
    there and no other word has a probability.
    """
    counts = _count(sentences, order)
    if background is None:
        background = Background({word: 1.0 / len(counts[0]) for (word,) in counts[0]})
    listed: list[Mapping[Gram, float]] = [
        {(word,): share for word, share in background.words.items()},
        background.pairs,
    ]
    levels: list[dict[Gram, float]] = []
    backoffs: dict[Gram, float] = {}
    for length, grams in enumerate(counts):
        seen: dict[Gram, float] = defaultdict(float)
        types: dict[Gram, int] = defaultdict(int)
        for gram, count in grams.items():
            seen[gram[:-1]] += count
            types[gram[:-1]] += 1
        rest = {history: types[history] / (seen[history] + types[history]) for history in seen}
        lower = levels[-1] if length else {}
        known = listed[length] if length < len(listed) else {}
        left = _left_over(known, lower) if length else {}
        level = {gram: rest.get(gram[:-1], 1.0) * share for gram, share in known.items()}
        for gram, count in grams.items():
            history = gram[:-1]
            if gram not in known:
                level[gram] = rest[history] * left.get(history, 1.0) * lower[gram[1:]] if length else 0.0
            level[gram] += count / (seen[history] + types[history])
        levels.append(level)
        if length:
            backoffs.update({history: rest.get(history, 1.0) * left.get(history, 1.0) for history in rest | left})
    return NgramModel(tuple(levels), backoffs)


def _left_over(known: Mapping[Gram, float], lower: Mapping[Gram, float]) -> dict[Gram, float]:
    """What the probability of words that are not `known` after a history is of their lower order's."""
    taken: dict[Gram, float] = defaultdict(float)
    taken_below: dict[Gram, float] = defaultdict(float)
    for gram, share in known.items():
        taken[gram[:-1]] += share
        taken_below[gram[:-1]] += lower[gram[1:]]
    return {history: (1.0 - share) / (1.0 - taken_below[history]) for history, share in taken.items()}


def _count(sentences: Iterable[tuple[Sequence[str], float]], order: int) -> list[dict[Gram, float]]:
    """Weighted counts of the grams up to a length; the sentence start is a history, never a word to predict."""
    counts: list[dict[Gram, float]] = [defaultdict(float) for _ in range(order)]
    for words, weight in sentences:
        padded = (START, *words, END)
        for end in range(1, len(padded)):
            for length in range(min(order, end + 1)):
                counts[length][padded[end - length : end + 1]] += weight
    return counts

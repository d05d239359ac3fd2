"""What the synthetic voices say: sentences people are expected to say, and words in random order."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from voice.recogniser import Vocabulary
from voice.spoken_form import spoken_words

Words = tuple[str, ...]

MAX_WORDS = 14
"""Longer sentences are cut into pieces: an aligner loses its way in them, and nobody commands at such length."""
_RANDOM_WORDS = (1, 7)


def utterances(vocabulary: Vocabulary, words: Iterable[str], count: int, seed: int, random_share: float) -> list[Words]:
    """`count` utterances: sentences of the vocabulary by their weights, and random words, each equally often.

    `random_share` of them are words in random order, in which every word meets every other.
    """
    dice = np.random.default_rng([seed, 1])
    sentences = [(piece, weight) for text, weight in vocabulary.sentences for piece in _pieces(spoken_words(text))]
    known = sorted({word for piece, _ in sentences for word in piece} | set(words))
    deck = _deal(known, dice)
    # The root keeps the few heavy sentences from being all that is said.
    weights = np.sqrt([weight for _, weight in sentences])
    spoken = dice.choice(len(sentences), size=count, p=weights / weights.sum()) if sentences else np.zeros(0, np.int64)
    made: list[Words] = []
    for index in range(count):
        if not sentences or dice.random() < random_share:
            made.append(tuple(itertools.islice(deck, int(dice.integers(*_RANDOM_WORDS, endpoint=True)))))
        else:
            made.append(sentences[spoken[index]][0])
    return made


def _pieces(words: Sequence[str]) -> Iterator[Words]:
    for start in range(0, len(words), MAX_WORDS):
        yield tuple(words[start : start + MAX_WORDS])


def _deal(words: Sequence[str], dice: np.random.Generator) -> Iterator[str]:
    """All words in random order, again and again, so that each is said equally often."""
    while True:
        for index in dice.permutation(len(words)):
            yield words[index]

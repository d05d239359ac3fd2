"""What is said in English in general, by the language model that comes with pocketsphinx."""

from __future__ import annotations

import math
import re
from typing import Any

import pocketsphinx

from voice.language_model import END, START, Background, Gram
from voice.pronounce import DICTIONARY

COUNT = 12_000
"""Words known."""
FREQUENT = 1_000
"""Words, the likeliest, of which all pairs are looked at."""
PAIRS = 40_000
"""Pairs kept, those said most."""
STARTS = 0.1
"""Sentences a word: how often one begins."""
LOG_BASE = math.log(1.0001)
"""pocketsphinx counts probabilities in powers of 1.0001."""
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)*")


def common_words(count: int = COUNT) -> dict[str, float]:
    """The `count` likeliest words of the dictionary and their shares among themselves, the likeliest first."""
    model = _model()
    with DICTIONARY.open(encoding="utf-8") as lines:
        words = {word for line in lines if _WORD.fullmatch(word := line.split(" ", 1)[0])}
    scores = {word: model.prob([word]) for word in sorted(words)}
    chosen = sorted(scores, key=lambda word: -scores[word])[:count]
    shares = [math.exp(scores[word] * LOG_BASE) for word in chosen]
    return {word: share / sum(shares) for word, share in zip(chosen, shares, strict=True)}


def common_speech(count: int = COUNT, pairs: int = PAIRS) -> Background:
    """Common words, and the `pairs` of the likeliest of them that are said most."""
    words, model = common_words(count), _model()
    likeliest = list(words)[:FREQUENT]
    found: list[tuple[float, Gram, float]] = []
    for before, share in ((START, STARTS), *((word, words[word]) for word in likeliest)):
        for after in (*likeliest, END):
            likely = math.exp(model.prob([after, before]) * LOG_BASE)  # it wants the latest word first
            found.append((share * likely, (before, after), likely))
    found.sort(key=lambda entry: (-entry[0], entry[1]))
    return Background(words, {pair: likely for _, pair, likely in found[:pairs]})


def _model() -> Any:
    return pocketsphinx.NGramModel.readfile(pocketsphinx.get_model_path("en-us/en-us.lm.bin"))

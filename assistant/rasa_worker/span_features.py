"""What tells where a name stands: the words around it, how common each of them is, and what is asked. Pure.

Names are words that training has not seen, and a feature of an unseen word says nothing. How common a word is says
something of any word: the vocabulary of a BERT model is in the order of frequency, and a rare word is in pieces there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

COMMON = (2200, 3500, 7000)
"""Ids of the vocabulary below which a word is a function word, an everyday word, a usual word."""

_EDGE = "-"
_REACH = 2
"""Words on each side that are looked at."""

Features = dict[str, str]


def commonness(pieces: Sequence[int]) -> str:
    """How common a word is, given the ids of its pieces: a class from 0, the most common, to 4, in pieces."""
    return str(sum(pieces[0] >= bound for bound in COMMON)) if len(pieces) == 1 else str(len(COMMON) + 1)


def span_features(words: Sequence[str], intent: str, pieces: Callable[[str], Sequence[int]]) -> list[Features]:
    """For each word its features, as name and value; `pieces` gives a word's ids in the vocabulary."""
    low = [word.lower() for word in words]
    classes = [commonness(pieces(word.split("'")[0])) for word in low]
    return [_features(low, classes, intent, place) for place in range(len(low))]


def _features(words: Sequence[str], classes: Sequence[str], intent: str, place: int) -> Features:
    def word(offset: int) -> str:
        return words[place + offset] if 0 <= place + offset < len(words) else _EDGE

    def kind(offset: int) -> str:
        return classes[place + offset] if 0 <= place + offset < len(words) else _EDGE

    around = range(-_REACH, _REACH + 1)
    return {
        "bias": "",
        "intent": f"{intent} {kind(0)}",
        **{f"word{offset:+}": word(offset) for offset in around},
        **{f"digits{offset:+}": str(word(offset).isdigit()) for offset in around},
        "begins": word(0)[:5],
        "ends": word(0)[-3:],
        **{f"pair{offset:+}": f"{word(offset)} {word(offset + 1)}" for offset in range(-_REACH, _REACH)},
        **{f"class{offset:+}": kind(offset) for offset in (-1, 0, 1)},
        "classes": kind(-1) + kind(0) + kind(1),
        "after": f"{word(-1)} {kind(0)}",
        "before": f"{kind(0)} {word(1)}",
        "between": f"{word(-1)} {kind(0)} {word(1)}",
    }

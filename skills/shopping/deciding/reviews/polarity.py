"""Whether a sentence of a review speaks well or badly: opinion words, what turns them round, and where it turns.

Words carry the verdict (Hu and Liu, "Mining and summarizing customer reviews", KDD 2004); negation reaches over the
next few words of the same clause, and what follows a "but" counts for itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from skills.shopping.deciding.reviews.opinion_words import (
    ASIDE,
    BLAME,
    CANNOT,
    HARMLESS,
    HYPOTHETICAL,
    PRAISE,
    QUALITIES,
    STRONG,
    TURNS,
)

EXCESS = "too"
"""Makes a blame of any quality: "too small", "too long"."""

REACH = 4
"""Words that a negation turns round."""

_apart = re.compile(r"\s+(n't|'t|'s|'m|'ve|'re|'d|'ll)\b", re.IGNORECASE)
"""Contractions that some sources write in two pieces."""
_penalty = re.compile(r"\bstars? off\b", re.IGNORECASE)
_word = re.compile(r"[a-z]+(?:['\u2019-][a-z]+)*|n't", re.IGNORECASE)
_end = re.compile(r"(?<=[.!?…])[\"')\]]*\s+|\n+|\s+[.!?]+\s+")
_turn = re.compile(
    r"\s*(?:[;:]|,?\s+\b(?:but|however|although|though|except|whereas|yet|unless)\b|\s-+\s|,\s+(?=(?:and|the|it|its|i|they|this)\b))\s*",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Clause:
    """A part of a sentence with one verdict: `leaning` is above 0 for praise, below for blame, by opinion words alone;
    `fails`: without any, something is told not to do what it should.
    """

    words: tuple[str, ...]
    """In small letters."""
    leaning: int
    fails: bool


def sentences(text: str) -> list[str]:
    """The sentences of a text, each word for word as it stands there."""
    return [stripped for one in _end.split(text) if (stripped := one.strip())]


def clauses(sentence: str) -> list[Clause]:
    """The parts of a sentence between which a verdict may change."""
    found = [_words(part) for part in _turn.split(sentence)]
    return [_clause(tuple(words)) for words in found if words]


def verdict(sentence: str) -> int:
    """1 where a sentence speaks well, -1 where badly, 0 where neither; on a draw its last clause decides."""
    parts = [part.leaning or -part.fails for part in clauses(sentence)]
    total = sum(parts) or next((part for part in reversed(parts) if part), 0)
    return (total > 0) - (total < 0)


def _clause(words: tuple[str, ...]) -> Clause:
    leaning = sum(_weight(words, place) for place in range(len(words)))
    return Clause(words, leaning, not leaning and any(_fails(words, place) for place in range(len(words) - 1)))


def _weight(words: Sequence[str], place: int) -> int:
    word, before = words[place], words[max(0, place - REACH) : place]
    if word in QUALITIES and before and before[-1] == EXCESS:
        value = -1
    elif word in PRAISE:
        value = 1
    elif word in BLAME:
        value = -1
    else:
        return 0
    if word in STRONG:
        value *= 2
    if any(one in TURNS for one in before):
        # "not great" blames, but mildly; "no problems" praises.
        return -value // abs(value)
    if value > 0 and any(one in HYPOTHETICAL for one in before):
        return 0
    return value


def _fails(words: Sequence[str], place: int) -> bool:
    """Whether something is told not to do what it should: "it does not fit", but not "I do not need"."""
    after = words[place + 1 :]
    following = next((word for word in after if word not in ASIDE), "")
    return (
        words[place] in CANNOT
        and following not in HARMLESS
        and not {"i", "you", "we"} & set(words[max(0, place - 2) : place])
    )


def _words(text: str) -> list[str]:
    joined = _apart.sub(r"\1", _penalty.sub("star-off", text).replace("\u2019", "'"))
    return [word.lower() for word in _word.findall(joined)]

"""What reviews speak of: topics known for goods, and words that these reviews themselves keep speaking of.

A word is one of them where reviewers often put an article or an opinion before it, which is how nouns are told without
a parser; two such words that mostly stand together are one ("battery life"), as in Hu and Liu's frequent features.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from skills.shopping.deciding.reviews.opinion_words import BLAME, PRAISE, QUALITIES

OFTEN, OF_SENTENCES = 4, 0.01
"""A word of the reviews' own is a topic from this many mentions on, and from this share of all sentences."""
NOUNISH = 0.65
"""Share of its mentions that look like a noun's."""
TOGETHER = 0.3
"""Share of the mentions of one of two words at which the other stands beside it."""

_BEFORE = "a an the this that its their my your our his her of with no any these those has have"
BEFORE = frozenset(_BEFORE.split())


def _read(path: Path) -> tuple[dict[str, str], frozenset[str], frozenset[str]]:
    _, topics, never = re.split(r"^\[\w+\]$", path.read_text("utf-8"), flags=re.MULTILINE)
    known: dict[str, str] = {}
    nouns = set[str]()
    for line in filter(None, topics.splitlines()):
        topic, words = line.split(":")
        known |= dict.fromkeys((word.lstrip("*") for word in words.split()), topic)
        nouns |= {word[1:] for word in words.split() if word.startswith("*")}
    return known, frozenset(nouns), frozenset(never.split())


KNOWN, NOUNS, NEVER = _read(Path(__file__).with_name("aspect_words.txt"))


class Aspects:
    """The topics of some reviews, learnt from the words of all their sentences (in small letters).

    `about` is what the product itself is called, which is none of its topics.
    """

    def __init__(self, sentences: Sequence[Sequence[str]], about: Iterable[str] = ()) -> None:
        self._about = {_singular(word) for word in about}
        least = max(OFTEN, OF_SENTENCES * len(sentences))
        plain = [[_singular(word) for word in words] for words in sentences]
        single, pairs = Counter[str](), Counter[tuple[str, str]]()
        looks_like = Counter[str]()
        for words in plain:
            for before, word in zip(["", *words], words, strict=False):
                if not self._may_be(word):
                    continue
                single[word] += 1
                looks_like[word] += _is_before_noun(before) or self._may_be(before)
                if self._may_be(before):
                    pairs[before, word] += 1
        self._single = {
            word for word, count in single.items() if count >= least and looks_like[word] >= NOUNISH * count
        }
        self._pairs = {
            pair
            for pair, count in pairs.items()
            if count >= least and count >= TOGETHER * min(single[pair[0]], single[pair[1]])
        }

    def of(self, words: Sequence[str]) -> tuple[str, ...]:
        """The topics that a sentence, or a part of one, speaks of, each once."""
        plain = [_singular(word) for word in words]
        found: dict[str, None] = {}
        place = 0
        while place < len(words):
            if place + 1 < len(words) and (plain[place], plain[place + 1]) in self._pairs:
                found[f"{plain[place]} {plain[place + 1]}"] = None
                place += 2
                continue
            if topic := self._topic(words[place], plain[place], words[place - 1] if place else ""):
                found[topic] = None
            place += 1
        return tuple(found)

    def _topic(self, word: str, plain: str, before: str) -> str:
        if word in self._about or plain in self._about or (word in NOUNS and not _is_before_noun(before)):
            return ""
        return KNOWN.get(word, "") or (plain if plain in self._single else "")

    def _may_be(self, word: str) -> bool:
        return (
            len(word) > 2
            and word not in NEVER
            and word not in PRAISE
            and word not in BLAME
            and word not in QUALITIES
            and word not in self._about
            and "'" not in word
            and not word.endswith(("ly", "ing", "ed"))
        )


def _is_before_noun(word: str) -> bool:
    return word in BEFORE or word in PRAISE or word in BLAME


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        return word[:-1]
    return word

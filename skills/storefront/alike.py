"""Answers that a shop has twice, or that contradict each other: their questions mean the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, islice, product

import numpy as np

from skills.storefront.answer import ShopAnswer
from skills.storefront.desk import AnswerDesk
from skills.storefront.differing import difference
from skills.storefront.letters import Places
from skills.storefront.shelf import Ready

SAME = 0.6
"""The likeness from which two questions mean the same: so are nine of ten such pairs of labelled messages to a shop."""
NEAR = 0.5
"""The same for eight of ten: enough where the answers differ in a fact."""
COMPARED = 10_000
"""Wordings that are compared with one another: the first ones of each answer."""
CONSIDERED = 100_000
"""Pairs of answers that are looked at, the most alike first."""
PAIRS_MAX = 500
"""That are shown: the most alike."""


@dataclass(frozen=True)
class Alike:
    """Two answers, and the wordings of each that mean the same; `score` is 1 for the same words."""

    one: ShopAnswer
    other: ShopAnswer
    wordings: tuple[str, str]
    score: float


@dataclass(frozen=True)
class Contradiction:
    """Two such answers that cannot both be right, and why, in a sentence."""

    alike: Alike
    why: str


def duplicates(desk: AnswerDesk, shop: str) -> list[Alike]:
    """Drafts whose questions mean the same, the most alike first; not those that hold at different times or places.

    Blocks, with 10,000 answers for seconds.
    """
    return _alike(desk.prepare(shop, draft=True), SAME)[:PAIRS_MAX]


def contradictions(desk: AnswerDesk, shop: str) -> list[Contradiction]:
    """Drafts to questions that mean the same, but that differ in a number, a day, yes and no, or a negation."""
    found = [
        (pair, difference(pair.one.answer, pair.other.answer)) for pair in _alike(desk.prepare(shop, draft=True), NEAR)
    ]
    return [Contradiction(pair, why) for pair, why in found if why][:PAIRS_MAX]


def _alike(ready: Ready, least: float) -> list[Alike]:
    """Pairs of answers, each once."""
    asked = ready.asked
    by_class: dict[int, list[int]] = {}
    for place, label in enumerate(asked.labels):
        by_class.setdefault(int(label), []).append(place)
    share = max(1, COMPARED // max(1, len(by_class)))
    compared = np.array([place for places in by_class.values() for place in places[:share]], np.intp)
    found: dict[tuple[str, str], Alike] = {}
    for pair in islice(_candidates(ready, compared, least), CONSIDERED):
        one, other = pair.one, pair.other
        if (one.begins, one.ends, one.conditions) == (other.begins, other.ends, other.conditions):
            found.setdefault((one.id, other.id), pair)
    return list(found.values())


def _candidates(ready: Ready, compared: Places, least: float) -> Iterator[Alike]:
    """Pairs that may be alike, the most alike first."""
    asked = ready.asked
    for same in asked.classes:  # asked in the same words
        for one, other in combinations(same, 2):
            yield Alike(one, other, (one.question, other.question), 1.0)
    for left, right, score in ready.matcher.pairs(compared, least):
        for one, other in product(asked.classes[asked.labels[left]], asked.classes[asked.labels[right]]):
            yield Alike(one, other, (asked.wordings[left], asked.wordings[right]), score)

"""A shop's answers as they are compared with questions: brought in line with every edit, by what it changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cached_property
from threading import RLock

import numpy as np

from skills.storefront.answer import ShopAnswer
from skills.storefront.entry import Entry
from skills.storefront.letters import Places
from skills.storefront.matching import Matcher
from skills.storefront.vectors import KeptVectors
from skills.storefront.wordings import Vector, Wordings

WORDINGS_MAX = 50_000
"""Of one shop, that are compared; where there are more, the first ones of each answer are."""
SPARE = 1_000
"""Texts nobody needs any more that may stay, beside as many as are needed."""

Allows = Callable[[ShopAnswer], bool]


@dataclass(frozen=True)
class Match:
    """An answer and how well it fits, from about 0 to about 1; `wording` is the way to ask that came nearest."""

    answer: ShopAnswer
    score: float
    wording: str


@dataclass(frozen=True)
class Asked:
    """What is asked of a shop. Answers to one and the same question, of which each holds at its own time or place, are
    one class of the classifier.
    """

    classes: Sequence[Sequence[ShopAnswer]]
    wordings: Sequence[str]
    labels: Places
    """The class that each wording asks for."""

    @classmethod
    def of(cls, answers: Iterable[ShopAnswer]) -> Asked:
        """By these answers, in their order."""
        by_question: dict[str, list[ShopAnswer]] = {}
        for one in answers:
            by_question.setdefault(" ".join(one.question.casefold().split()), []).append(one)
        classes = list(by_question.values())
        pairs = [(one.wordings, label) for label, same in enumerate(classes) for one in same]
        too_many = sum(len(wordings) for wordings, _ in pairs) > WORDINGS_MAX
        share = max(1, WORDINGS_MAX // len(pairs)) if too_many else WORDINGS_MAX
        asked = [(text, label) for wordings, label in pairs for text in wordings[:share]]
        return cls(classes, [text for text, _ in asked], np.array([label for _, label in asked], np.intp))


@dataclass(frozen=True)
class Ready:
    """A shop's answers at one revision: the drafts, or what is live."""

    revision: int
    learnt: int
    """The shelf's, when it was made."""
    answers: Mapping[str, ShopAnswer]
    asked: Asked
    matcher: Matcher

    def best(self, text: str, vector: Vector, limit: int, allows: Allows | None) -> list[Match]:
        """The answers that fit best, of each class the most particular one that is allowed."""

        def fitting(label: int) -> ShopAnswer | None:
            allowed = [one for one in self.asked.classes[label] if allows is None or allows(one)]
            return max(allowed, key=lambda one: one.specificity, default=None)

        competes = (lambda label: fitting(label) is not None) if allows else None
        found = self.matcher.scores(text, vector, competes)[:limit]
        chosen = [(fitting(one.label), one) for one in found]
        return [Match(answer, one.score, self.asked.wordings[one.wording]) for answer, one in chosen if answer]

    def candidates(self, text: str, vector: Vector, limit: int) -> list[Match]:
        """The answers that fit best, whenever and wherever they hold; of a class the most particular ones first."""
        found = [
            Match(answer, one.score, self.asked.wordings[one.wording])
            for one in self.matcher.scores(text, vector)[:limit]
            for answer in sorted(self.asked.classes[one.label], key=lambda each: -each.specificity)
        ]
        return found[:limit]

    def near(self, text: str, vector: Vector) -> Iterator[Match]:
        """All answers by the likeness of their nearest wording, the nearest first; 1 is the same text."""
        alike = self.matcher.likeness(text, vector)
        order = np.argsort(-alike, kind="stable")
        _, first = np.unique(self.asked.labels[order], return_index=True)
        for place in order[np.sort(first)].tolist():
            for answer in self.asked.classes[self.asked.labels[place]]:
                yield Match(answer, float(alike[place]), self.asked.wordings[place])

    def having(self, words: Sequence[str]) -> set[str]:
        """The ids of the answers in which all of these can be read, also as parts of words; they are case-folded."""
        left: Iterable[tuple[str, str]] = self.words.items()
        for word in words:
            left = [one for one in left if word in one[1]]
        return {identity for identity, _ in left}

    @cached_property
    def words(self) -> Mapping[str, str]:
        """Everything that can be read in each answer, by its id."""
        return {
            identity: "\n".join((*one.wordings, one.answer, one.folder, identity)).casefold()
            for identity, one in self.answers.items()
        }


class Shelf:
    """One shop's drafts and live answers, which share what is known of their wordings. Changed under `lock`."""

    def __init__(self, dimension: int, kept: KeptVectors | None) -> None:
        self.lock = RLock()
        self.wordings = Wordings(dimension)
        self.kept = kept
        self.learning: Future[None] | None = None
        """Meanings are being found beside the questions."""
        self._learnt = 0
        self._sides: dict[bool, Ready] = {}

    def held(self, revision: int, *, draft: bool) -> Ready | None:
        """What is ready, if it is what there is now."""
        ready = self._sides.get(draft)
        return ready if ready and (ready.revision, ready.learnt) == (revision, self._learnt) else None

    def before(self, *, draft: bool) -> Ready | None:
        """What was ready last."""
        return self._sides.get(draft)

    def learn(self, meanings: Mapping[str, Vector]) -> None:
        """What wordings mean, float32 [dimension] of unit length each."""
        with self.lock:
            self.wordings.learn(meanings)
            self._learnt += 1

    def put(self, revision: int, answers: Mapping[str, ShopAnswer], asked: Asked, *, draft: bool) -> Ready:
        """Make these what questions are compared with, all of whose wordings are there."""
        rows = self.wordings.rows(asked.wordings)
        matcher = Matcher(self.wordings.corpus(), rows, asked.labels)
        ready = self._sides[draft] = Ready(revision, self._learnt, answers, asked, matcher)
        needed = {text for side in self._sides.values() for text in side.asked.wordings}
        if len(self.wordings) > 2 * len(needed) + SPARE:
            self.wordings = self.wordings.only(needed)
        return ready


def changed(answers: Mapping[str, ShopAnswer], entries: Iterable[Entry]) -> Mapping[str, ShopAnswer]:
    """Answers by id once these entries have changed."""
    now = dict(answers)
    for entry in entries:
        if entry.removed:
            now.pop(entry.id, None)
        else:
            now[entry.id] = entry.read(ShopAnswer)
    return now

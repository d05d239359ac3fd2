"""Which of a shop's questions a text asks: learnt from the ways to ask each, in milliseconds.

Regularised least squares classification (Rifkin, Yeo, Poggio 2003) over one likeness of two texts: their meaning, and
the letters that they share. The classifier weighs wordings together, so a word that every question has says nothing;
the nearest wording alone holds where an answer has only one or two. It learns from the wordings nearest to what is
asked (local learning, Bottou and Vapnik 1992): where a shop has no more, from all of them, and that once.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve

from skills.storefront.letters import Floats, Letters, Places
from skills.storefront.wordings import Corpus, Vector

MEANING, LETTERS = 0.6, 0.4
LEARNT, NEAREST = 0.7, 0.3
"""How much of a score is the classifier's, and how much the nearest wording's."""
RIDGE = 0.3
SAME = 0.98
"""The likeness from which two texts are one."""
MEANT = 0.65
"""The cosine of meaning from which two wordings can mean the same."""
BLOCK, BLOCK_PAIRS = 250, 2_000
"""Wordings that are compared with all others at once, and the pairs of them whose letters are compared: those nearest
in meaning, since of thousands of questions made after one pattern nearly all pairs mean the like."""
WHOLE, NEIGHBOURS = 600, 200
"""Wordings up to which all are learnt from, once; and how many of the nearest are, for each question, where there are
more: 200 did no worse than all on the messages of `benchmarks shop_answers`."""
ASKED = 64
"""Questions whose scores are kept: one turn asks the same several times."""


@dataclass(frozen=True)
class Scored:
    """How well an answer fits: about 1 for one of its own wordings, about 0 for none. `wording` is the place of that
    of its wordings which is nearest to the question.
    """

    label: int
    score: float
    wording: int


@dataclass(frozen=True)
class _Learnt:
    """A classifier before it has a question: the wordings it has learnt from, and the Cholesky factor of its system."""

    wordings: Places
    factor: tuple[NDArray[np.float32], bool]


class Matcher:
    """Scores answers for a question. Wording i is row `rows[i]` of the corpus, and asks for answer `labels[i]`."""

    def __init__(self, corpus: Corpus, rows: Places, labels: Places) -> None:
        self._corpus, self._rows, self._labels = corpus, rows, labels
        self._letters = Letters(corpus.runs, rows)
        self._scored: OrderedDict[str, list[Scored]] = OrderedDict()
        # Of a text whose meaning is not known yet the letters are all there is.
        self._lettered = np.where(corpus.known, LETTERS**0.5, 1).astype(np.float32)

    def scores(self, text: str, vector: Vector, allows: Callable[[int], bool] | None = None) -> list[Scored]:
        """The answers nearest to a question, the best first. `allows` says of an answer whether it may compete; it is
        asked of the nearest ones only. Thread-safe.
        """
        scored = self._scored.get(text)
        if scored is None:
            scored = self._scored[text] = self._score(text, vector, None)
            while len(self._scored) > ASKED:
                self._scored.popitem(last=False)
        if allows is None or all(allows(one.label) for one in scored):
            return scored
        return self._score(text, vector, allows)

    def _score(self, text: str, vector: Vector, allows: Callable[[int], bool] | None) -> list[Scored]:
        alike = self.likeness(text, vector)
        near = self._near(alike, allows)
        if not len(near):
            return []
        learnt = self._all if len(near) == len(alike) else self._learn(near)
        alike, labels = alike[learnt.wordings], self._labels[learnt.wordings]
        found, answers = np.unique(labels, return_inverse=True)
        taught = np.bincount(answers, weights=cho_solve(learnt.factor, alike, check_finite=False))
        order = np.lexsort((alike, answers))
        nearest = order[np.flatnonzero(np.diff(answers[order], append=-1))]  # the last of each answer
        scores = LEARNT * taught + NEAREST * alike[nearest]
        # Whose very words these are, however many others are like it.
        scores = np.where(alike[nearest] >= SAME, np.maximum(scores, alike[nearest]), scores)
        return [
            Scored(int(found[one]), float(scores[one]), int(learnt.wordings[nearest[one]]))
            for one in np.argsort(-scores, kind="stable")
        ]

    def likeness(self, text: str, vector: Vector) -> Floats:
        """How alike a text and each wording are, float32 [wordings]."""
        letters = LETTERS**0.5 * self._lettered * self._letters.likeness(text)
        return np.asarray((MEANING * (self._corpus.meanings @ vector) + letters)[self._rows], np.float32)

    def among(self, wordings: Places) -> Floats:
        """How alike these wordings are, float32 [wordings, wordings]."""
        rows = self._rows[wordings]
        meanings, lettered = self._corpus.meanings[rows], self._lettered[rows]
        letters = np.outer(lettered, lettered) * self._letters.among(rows)
        return np.asarray(MEANING * (meanings @ meanings.T) + letters, np.float32)

    def pairs(self, wordings: Places, least: float) -> list[tuple[int, int, float]]:
        """Pairs of these wordings, of different answers, and how alike they are, from `least` on; the most alike first.

        Those that share letters but no meaning are none. Of very many only the nearest in meaning are looked at.
        """
        rows, labels = self._rows[wordings], self._labels[wordings]
        meanings, found = self._corpus.meanings[rows], []
        for begin in range(0, len(rows), BLOCK):
            block = meanings[begin : begin + BLOCK] @ meanings[begin:].T
            one, other = np.nonzero(np.triu(block >= MEANT, 1))
            apart = np.flatnonzero(labels[one + begin] != labels[other + begin])
            if len(apart) > BLOCK_PAIRS:
                meant = block[one[apart], other[apart]]
                apart = apart[np.argpartition(-meant, BLOCK_PAIRS)[:BLOCK_PAIRS]]
            one, other = one[apart] + begin, other[apart] + begin
            alike = MEANING * block[one - begin, other - begin] + LETTERS * self._letters.of_pairs(
                rows[one], rows[other]
            )
            near = np.flatnonzero(alike >= least)
            found += [(int(wordings[one[at]]), int(wordings[other[at]]), float(alike[at])) for at in near]
        return sorted(found, key=lambda pair: -pair[2])

    def _near(self, alike: Floats, allows: Callable[[int], bool] | None) -> Places:
        """The places of the nearest wordings of answers that may compete; of all where they are few enough."""
        if allows is None:
            few = len(alike) <= WHOLE
            return np.arange(len(alike)) if few else np.argpartition(-alike, NEIGHBOURS)[:NEIGHBOURS]
        allowed: dict[int, bool] = {}
        near: list[int] = []
        most = WHOLE if len(alike) <= WHOLE else NEIGHBOURS
        for place in np.argsort(-alike, kind="stable"):
            label = int(self._labels[place])
            if label not in allowed:
                allowed[label] = allows(label)
            if allowed[label]:
                near.append(int(place))
                if len(near) == most:
                    break
        return np.array(sorted(near), np.intp)

    @cached_property
    def _all(self) -> _Learnt:
        return self._learn(np.arange(len(self._rows)))

    def _learn(self, wordings: Places) -> _Learnt:
        _, answers, counts = np.unique(self._labels[wordings], return_inverse=True, return_counts=True)
        # An answer with many wordings counts no more than one with few.
        ridge = RIDGE * counts[answers] * len(counts) / len(wordings)
        kernel = self.among(wordings) + np.diag(ridge.astype(np.float32))
        return _Learnt(wordings, cho_factor(kernel, overwrite_a=True, check_finite=False))

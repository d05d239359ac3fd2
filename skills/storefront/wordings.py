"""The texts that a shop's questions are compared with, each kept once: its meaning and its letters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skills.storefront.letters import Places, RunCounter, Runs

Vector = NDArray[np.float32]


@dataclass(frozen=True)
class Corpus:
    """Texts at a moment, a row each: meanings, float32 [texts, dimension] of unit length or 0 where it is not known
    yet, whether it is, and runs of letters.
    """

    meanings: Vector
    known: NDArray[np.bool_]
    runs: Runs


class Wordings:
    """Grows only: a corpus that was taken stays as it was. Not thread-safe."""

    def __init__(self, dimension: int) -> None:
        self._rows: dict[str, int] = {}
        self._meanings = np.zeros((0, dimension), np.float32)
        self._unknown: dict[str, None] = {}
        self._counter = RunCounter()

    def __len__(self) -> int:
        return len(self._rows)

    def rows(self, texts: Sequence[str]) -> Places:
        """Where these are; those that are new get rows, and a meaning later."""
        new = [text for text in dict.fromkeys(texts) if text not in self._rows]
        for text in new:
            self._rows[text] = len(self._rows)
            self._unknown[text] = None
        if len(self._rows) > len(self._meanings):
            grown = np.zeros((max(64, 2 * len(self._rows)), self._meanings.shape[1]), np.float32)
            grown[: len(self._meanings)] = self._meanings
            self._meanings = grown
        self._counter.add(new)
        return np.array([self._rows[text] for text in texts], np.intp)

    def unknown(self) -> list[str]:
        """Those whose meaning is not known."""
        return list(self._unknown)

    def learn(self, meanings: Mapping[str, Vector]) -> None:
        """What some of them mean, float32 [dimension] of unit length each."""
        for text, meaning in meanings.items():
            if (row := self._rows.get(text)) is not None:
                self._meanings[row] = meaning
                self._unknown.pop(text, None)

    def only(self, texts: Iterable[str]) -> Wordings:
        """The same with no other texts than these."""
        wanted = set(texts)
        there = [text for text in self._rows if text in wanted]
        kept = Wordings(self._meanings.shape[1])
        kept.rows(there)
        kept.learn({text: self._meanings[self._rows[text]] for text in there if text not in self._unknown})
        return kept

    def corpus(self) -> Corpus:
        """All texts so far."""
        known = np.ones(len(self._rows), np.bool_)
        known[[self._rows[text] for text in self._unknown]] = False
        return Corpus(self._meanings[: len(self._rows)], known, self._counter.runs())

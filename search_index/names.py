"""Names that were heard and perhaps misheard: matching by letters and by sound.

Character 2- to 4-grams with TF-IDF weights and the cosine, once over the letters and once over the Metaphone codes
of the words (Philips, "Hanging on the Metaphone", 1990).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence, Set
from copy import copy
from dataclasses import dataclass, replace

import jellyfish
import numpy as np
from numpy.typing import NDArray

BUCKETS = 1 << 18
"""N-grams are told apart by an 18-bit hash; that two share a bucket hardly ever decides anything."""
SIZES = (2, 3, 4)
SOUND_SHARE = 0.4
"""Weight of the sound beside the spelling. Of 0, 0.2 to 0.6 and 1 none did better on 20,496 titles of talks with all
words respelt by ear: 95 % were linked first, without the sound 91 %."""

COMMON, LEAST_COMMON = 0.02, 1_000
"""Grams that occur more often than this, for each name and in all, tell nothing apart and are left out."""
RECENT, LEAST_RECENT = 1 / 8, 1_000
"""Names that have come or gone before all grams are counted anew, as a share of all and as a number."""
MAX_HEARD = 400
"""Characters of what was heard; no name is longer."""

Keys = NDArray[np.int64]
Floats = NDArray[np.float64]
_words = re.compile(r"\w+").findall
_NUMBERS = [
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
]
_TENS = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def spelt(text: str) -> str:
    """Lower case without accents, words between single spaces, spaces at both ends; small numbers as they are said."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    words: list[str] = _words("".join(letter for letter in plain if not unicodedata.combining(letter)))
    return f" {' '.join(_said(word) if word.isdigit() else word for word in words)} "


def sounded(text: str) -> str:
    """The Metaphone codes of the words of `text`, in the same form as `spelt`; digits stand for themselves."""
    codes = (
        word if not word.isascii() or word.isdigit() else jellyfish.metaphone(word) for word in spelt(text).split()
    )
    return f" {' '.join(code for code in codes if code)} "


def _said(number: str) -> str:
    """A number of up to two digits, or a year: a recogniser writes "part one" where the title has "Part 1"."""
    if not number.isascii():
        return number
    if len(number) == 4 and number[:2] in ("19", "20"):
        century = "two thousand" if number.startswith("200") else _said(number[:2])
        return f"{century} {_said(number[2:])}"
    if len(number) > 2:
        return number
    tens, ones = divmod(int(number), 10)
    if tens < 2:
        return _NUMBERS[int(number)]
    return f"{_TENS[tens]} {_NUMBERS[ones]}" if ones else _TENS[tens]


class _Grams:
    """TF-IDF vectors of n texts over hashed n-grams, kept as postings: for each bucket the texts that have it.

    `idf` (None: their own) is that of a larger list which these texts join.
    """

    def __init__(self, texts: Sequence[str], idf: Floats | None = None) -> None:
        self._count = len(texts)
        rows, buckets = _grams(texts)
        if idf is None:
            telling = np.bincount(buckets, minlength=BUCKETS) <= max(LEAST_COMMON, COMMON * self._count)
        else:
            telling = idf > 0
        kept = telling[buckets]
        # Sorted as one number a pair, which is several times faster than sorting by two keys.
        pairs, times = np.unique(buckets[kept] * np.int64(max(1, self._count)) + rows[kept], return_counts=True)
        buckets, rows = np.divmod(pairs, max(1, self._count))
        if idf is None:
            frequency = np.bincount(buckets, minlength=BUCKETS)
            idf = np.where(telling, np.log((1 + self._count) / (1 + frequency)) + 1, 0.0)
        self.idf = idf
        weights = (1 + np.log(times)) * idf[buckets]
        norms = np.sqrt(np.bincount(rows, weights**2, self._count))
        self._buckets, starts = np.unique(buckets, return_index=True)
        self._starts = np.append(starts, len(buckets))
        self._rows = rows.astype(np.int32)
        self._weights = (weights / np.maximum(norms[rows], 1e-12)).astype(np.float32)

    def cosines(self, text: str) -> Floats:
        """The cosine [n] of `text` with every text."""
        _, found = _grams([text])
        buckets, times = np.unique(found, return_counts=True)
        weights = (1 + np.log(times)) * self.idf[buckets]
        weights /= max(float(np.linalg.norm(weights)), 1e-12)
        places = np.searchsorted(self._buckets, buckets)
        known = np.flatnonzero(places < len(self._buckets))
        known = known[self._buckets[places[known]] == buckets[known]]
        spans = [slice(self._starts[place], self._starts[place + 1]) for place in places[known]]
        if not spans:
            return np.zeros(self._count)
        weights = weights[known]
        rows = np.concatenate([self._rows[span] for span in spans])
        terms = np.concatenate([self._weights[span] * weight for span, weight in zip(spans, weights, strict=True)])
        cosines: Floats = np.bincount(rows, terms, self._count).astype(np.float64)
        return cosines


def _grams(texts: Sequence[str]) -> tuple[Keys, Keys]:
    """Every n-gram of every text: the text's number and the gram's bucket, both [grams]."""
    letters = np.frombuffer("".join(texts).encode("utf-32-le"), np.uint32).astype(np.uint64)
    owner = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
    rows, buckets = [], []
    for size in SIZES:
        if len(letters) < size:
            break
        ends = len(letters) - size + 1
        hashed = np.full(ends, size, np.uint64)
        for place in range(size):
            hashed = (hashed ^ letters[place : place + ends]) * np.uint64(0x9E3779B97F4A7C15)
            hashed ^= hashed >> np.uint64(29)
        inside = owner[:ends] == owner[size - 1 :]
        rows.append(owner[:ends][inside])
        buckets.append((hashed[inside] % np.uint64(BUCKETS)).astype(np.int64))
    if not rows:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    return np.concatenate(rows), np.concatenate(buckets)


class _Block:
    """Some names, in order of their documents, with their grams."""

    def __init__(self, names: Sequence[tuple[int, str]], like: _Block | None = None) -> None:
        names = sorted(names)
        self.documents = np.array([document for document, _ in names], np.int64)
        self.values = [value for _, value in names]
        self.letters: _Grams = _Grams([spelt(value) for value in self.values], like.letters.idf if like else None)
        self.sounds: _Grams = _Grams([sounded(value) for value in self.values], like.sounds.idf if like else None)

    def similarities(self, spelling: str, sound: str) -> Floats:
        similar = (1 - SOUND_SHARE) * self.letters.cosines(spelling) + SOUND_SHARE * self.sounds.cosines(sound)
        return np.clip(similar, 0.0, 1.0)


class Names:
    """Names, each belonging to a document (by key); the same document may have several. Never changes.

    A large block is kept as it is while documents come and go: their new names are in a small one beside it, weighted
    as if they were in the large one. That one is made anew when the small one has outgrown `RECENT` of it.
    """

    def __init__(self, names: Sequence[tuple[int, str]]) -> None:
        self._blocks = [_Block(names)]
        self._gone: frozenset[int] = frozenset()
        self._there = np.ones(len(names), bool)

    def changed(self, documents: Set[int], names: Sequence[tuple[int, str]]) -> Names:
        """These names with those of `documents` replaced by `names`."""
        gone = self._gone | documents
        recent = [pair for block in self._blocks[1:] for pair in _pairs(block) if pair[0] not in documents] + [*names]
        large = self._blocks[0]
        if max(len(recent), len(gone)) > max(LEAST_RECENT, RECENT * len(large.values)):
            return Names([pair for pair in _pairs(large) if pair[0] not in gone] + recent)
        result = copy(self)
        result._gone = gone
        result._there = self._there.copy()
        changed = np.array(sorted(documents), np.int64)
        spans = zip(*(np.searchsorted(large.documents, changed, side) for side in ("left", "right")), strict=True)
        for start, end in spans:
            result._there[start:end] = False
        result._blocks = [large, _Block(recent, large)] if recent else [large]
        return result

    def __len__(self) -> int:
        return sum(len(block.values) for block in self._blocks)

    def similarities(self, text: str) -> Similar:
        """How alike `text` is to each name, between 0 and 1."""
        text = text[:MAX_HEARD]
        spelling, sound = spelt(text), sounded(text)
        scores = [block.similarities(spelling, sound) for block in self._blocks]
        scores[0] *= self._there
        return Similar(
            np.concatenate([block.documents for block in self._blocks]),
            np.concatenate(scores),
            [value for block in self._blocks[1:] for value in block.values],
            self._blocks[0].values,
        )


@dataclass(frozen=True)
class Similar:
    """Names [n] with their documents' keys [n] and their scores [n], 0 to 1."""

    documents: Keys
    scores: Floats
    recent: Sequence[str]
    values: Sequence[str]

    def best(self, limit: int, least: float = 0.0) -> list[tuple[int, str, float]]:
        """Up to `limit` documents with their most similar name and its score above `least`, best first."""
        found: dict[int, tuple[int, str, float]] = {}
        likely = np.flatnonzero(self.scores > least)
        for row in likely[np.argsort(-self.scores[likely], kind="stable")].tolist():
            document = int(self.documents[row])
            if document not in found:
                if len(found) == limit:
                    break
                found[document] = (document, self._value(row), float(self.scores[row]))
        return list(found.values())

    def among(self, documents: Keys) -> Similar:
        """The names of these documents alone."""
        return replace(self, scores=np.where(np.isin(self.documents, documents), self.scores, 0.0))

    def _value(self, row: int) -> str:
        return self.values[row] if row < len(self.values) else self.recent[row - len(self.values)]


def _pairs(block: _Block) -> list[tuple[int, str]]:
    return list(zip(block.documents.tolist(), block.values, strict=True))

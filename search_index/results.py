"""What an index answers, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from search_index.documents import Chunk
from search_index.schema import Value


@dataclass(frozen=True)
class Part:
    """One way of matching: the `raw` score, that score brought to 0..1, and its share in the whole."""

    raw: float = 0.0
    normalised: float = 0.0
    weight: float = 0.0

    @property
    def contribution(self) -> float:
        return self.normalised * self.weight


@dataclass(frozen=True)
class Explanation:
    """Why a hit has its score: `score == (words + meaning + sound contributions) * boosts + exact contribution`.

    Raw scores: words BM25, meaning the cosine, sound the similarity of names (0..1), exact the share of the query's
    quoted phrases and codes that are there. The weight of `exact` is more than all the rest can reach, so whatever
    has them comes first. `boosts` are factors by field. `learned` is the score of the collection's learnt re-ranker,
    where that decided the place instead, and `because` what each of its features added to that.
    """

    words: Part = Part()
    meaning: Part = Part()
    sound: Part = Part()
    exact: Part = Part()
    boosts: Mapping[str, float] = field(default_factory=dict)
    learned: float | None = None
    because: Mapping[str, float] = field(default_factory=dict)

    @property
    def score(self) -> float:
        total = self.words.contribution + self.meaning.contribution + self.sound.contribution
        for factor in self.boosts.values():
            total *= factor
        return total + self.exact.contribution

    def describe(self) -> str:
        """The sum in one line of plain text."""
        named = (("words", self.words), ("meaning", self.meaning), ("sound", self.sound))
        terms = " + ".join(f"{name} {_told(part)}" for name, part in named if part.weight)
        boosts = "".join(f" x {factor:.3f} for {name}" for name, factor in self.boosts.items())
        exact = f" + exact {_told(self.exact)}" if self.exact.raw else ""
        learned = f"; placed by the re-ranker with {self.learned:.3f}" if self.learned is not None else ""
        told = f"({terms}){boosts}" if boosts and terms else terms
        return f"{self.score:.3f} = {told or 'not ranked by text'}{exact}{learned}"


@dataclass(frozen=True)
class Highlight:
    """Words of the query in a text: `field` says which, None for the hit's chunk.

    `snippet` is the part of the text around them, from character `start` of it; `spans` are [start, end) characters
    of the whole text. Of a field with many values the text is the one value they are in.
    """

    field: str | None
    snippet: str
    start: int
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Hit:
    """A document found. `chunk` is the part of it that earned the score, None where its own fields did.

    `variants` are those of its variants that pass the query's filter by themselves.
    """

    id: str
    score: float
    values: Mapping[str, Value]
    chunk: Chunk | None = None
    explanation: Explanation = Explanation()
    highlights: tuple[Highlight, ...] = ()
    variants: tuple[Mapping[str, Value], ...] = ()


@dataclass(frozen=True)
class Results:
    """The hits of one page, and what was found in all.

    `total` and `facets` cover every match of an empty text exactly. With a text they cover the candidates: what
    the words, the meaning or the names brought up, some hundreds of passages at most; `exact` tells whether that is
    all there is. `next` is the cursor of the next page, empty where there is none.
    `stages` holds the milliseconds spent: encode_ms, filter_ms, words_ms, vectors_ms, names_ms, fuse_ms.
    """

    hits: tuple[Hit, ...]
    total: int
    exact: bool = True
    next: str = ""
    facets: Mapping[str, Mapping[Value, int]] = field(default_factory=dict)
    took_ms: float = 0.0
    stages: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class NameHit:
    """A document whose field holds a name like the one heard; `score` 0..1, 1 for the very same."""

    id: str
    value: str
    score: float


def _told(part: Part) -> str:
    return f"{part.weight:.2f} x {part.normalised:.3f} (raw {part.raw:.3f})"

"""What is asked of an index and what it answers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from search_index.documents import Chunk
from search_index.errors import ErrorCode, SearchError
from search_index.filters import Filter
from search_index.schema import Value

MAX_QUERY = 2_000
"""Characters of a query."""
MAX_LIMIT = 1_000
MAX_OFFSET = 10_000


@dataclass(frozen=True)
class Weights:
    """Shares of words, meaning and sound in a score; only their proportions count.

    The default found most moments of recorded talks; on three public collections of prose 0.2 : 0.8 had the best
    recall, and catalogues of products want more words: measure on your own. A share of 0 switches that way of
    matching off, and its cost with it.
    """

    words: float = 0.4
    meaning: float = 0.6
    sound: float = 0.0

    def __post_init__(self) -> None:
        shares = (self.words, self.meaning, self.sound)
        if not all(math.isfinite(share) and share >= 0 for share in shares) or not sum(shares):
            raise SearchError(ErrorCode.BAD_QUERY, f"weights {shares} must be finite, not negative and not all 0")

    def shares(self) -> tuple[float, float, float]:
        """The three weights, summing to 1."""
        total = self.words + self.meaning + self.sound
        return self.words / total, self.meaning / total, self.sound / total


@dataclass(frozen=True)
class Boost:
    """Favour documents with a high number in `field`: a score grows by at most `weight` of itself.

    The growth is `weight * log(1 + value) / log(1 + largest value in the tenant's documents)`.
    """

    field: str
    weight: float = 0.1

    def __post_init__(self) -> None:
        if not 0 <= self.weight <= 10:
            raise SearchError(ErrorCode.BAD_QUERY, f"boost by {self.field} must lie between 0 and 10", field=self.field)


@dataclass(frozen=True)
class Sort:
    """Order by a field instead of by score; documents without it come last, ties are in order of id."""

    field: str
    descending: bool = False


@dataclass(frozen=True)
class Query:
    """One question.

    - `text`: what is looked for; empty: everything that passes `filter`, ordered by `sort`, else `boost`, else id.
    - `facets`: fields whose values are counted over all that was found.
    - `group`: at most one hit a document, its best passage; otherwise every passage is a hit of its own.
    - `search_names`: also match by the sound and spelling of the schema's `sound` fields.
    - `weights`: None takes the collection's.
    - `min_meaning`: cosine (-1..1) that a passage needs where no word of the query occurs in it.
    - `min_score`: hits with a lower score are dropped. Scores are relative to the query's best match, so this
      trims a tail; to recognise that nothing fits, look at `min_meaning`.
    """

    text: str = ""
    filter: Filter | None = None
    limit: int = 10
    offset: int = 0
    tenant: str = ""
    facets: tuple[str, ...] = ()
    group: bool = True
    weights: Weights | None = None
    boost: Boost | None = None
    sort: Sort | None = None
    search_names: bool = False
    min_meaning: float = 0.2
    min_score: float = 0.0

    def __post_init__(self) -> None:
        if not isinstance(self.text, str):
            raise SearchError(ErrorCode.BAD_QUERY, f"the query must be text, not {type(self.text).__name__}")
        if len(self.text) > MAX_QUERY:
            raise SearchError(
                ErrorCode.BAD_QUERY, f"the query is {len(self.text):,} characters long; at most {MAX_QUERY:,} are taken"
            )
        for name, value, least, most in (("limit", self.limit, 1, MAX_LIMIT), ("offset", self.offset, 0, MAX_OFFSET)):
            if not isinstance(value, int) or not least <= value <= most:
                raise SearchError(ErrorCode.BAD_QUERY, f"{name} {value!r:.40} must lie between {least} and {most:,}")


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
    """Why a hit has its score: `score == (words + meaning + sound contributions) * boost`.

    Raw scores: words BM25, meaning the cosine, sound the similarity of names (0..1).
    """

    words: Part = Part()
    meaning: Part = Part()
    sound: Part = Part()
    boost: float = 1.0
    boosted_by: str | None = None

    @property
    def score(self) -> float:
        return (self.words.contribution + self.meaning.contribution + self.sound.contribution) * self.boost

    def describe(self) -> str:
        """The sum in one line of plain text."""
        named = (("words", self.words), ("meaning", self.meaning), ("sound", self.sound))
        terms = [
            f"{name} {part.weight:.2f} x {part.normalised:.3f} (raw {part.raw:.3f})"
            for name, part in named
            if part.weight
        ]
        boost = f", x {self.boost:.3f} for {self.boosted_by}" if self.boosted_by else ""
        return f"{self.score:.3f} = {' + '.join(terms) or 'not ranked by text'}{boost}"


@dataclass(frozen=True)
class Hit:
    """A document found. `chunk` is the part of it that earned the score, None where its own fields did."""

    id: str
    score: float
    values: Mapping[str, Value]
    chunk: Chunk | None = None
    explanation: Explanation = Explanation()


@dataclass(frozen=True)
class Results:
    """The hits of one page, and what was found in all.

    `total` and `facets` cover every match of an empty text exactly. With a text they cover the candidates: what
    the words, the meaning or the names brought up, some hundreds of passages at most.
    `stages` holds the milliseconds spent: encode_ms, filter_ms, words_ms, vectors_ms, names_ms, fuse_ms.
    """

    hits: tuple[Hit, ...]
    total: int
    facets: Mapping[str, Mapping[Value, int]] = field(default_factory=dict)
    took_ms: float = 0.0
    stages: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class NameHit:
    """A document whose field holds a name like the one heard; `score` 0..1, 1 for the very same."""

    id: str
    value: str
    score: float

"""What is asked of an index."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from search_index.errors import ErrorCode, SearchError
from search_index.filters import Filter

MAX_QUERY = 100_000
"""Characters of a query; of a long one the rarest words count, and of its meaning the beginning."""
MAX_LIMIT = 1_000
MAX_LISTED = 20
"""Facets, or boosts, of one query."""
MAX_CURSOR = 20_000
"""Characters of a cursor."""


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _bad(name: str, problem: str) -> SearchError:
    return SearchError(ErrorCode.BAD_QUERY, f"{name} {problem}", field=name)


def _check_weight(field: str, weight: float) -> None:
    if not _is_number(weight) or not 0 <= weight <= 10:
        raise SearchError(ErrorCode.BAD_QUERY, f"boost by {field} must lie between 0 and 10", field=field)


@dataclass(frozen=True)
class Weights:
    """Shares of words, meaning and sound in a score; only their proportions count.

    0.4 : 0.6 found most moments of recorded talks; on three public collections of prose 0.2 : 0.8 had the best
    recall, and catalogues of products want more words: measure on your own. A share of 0 switches that way of
    matching off, and its cost with it. `sound` counts where the schema has fields declared with `sound=True`.
    `ties` is what a word adds through fields other than the one it matches best, from 0 to 1 (as Elasticsearch's
    tie_breaker): little where fields repeat each other, as titles and descriptions of products do.
    """

    words: float = 0.4
    meaning: float = 0.6
    sound: float = 0.0
    ties: float = 0.3

    def __post_init__(self) -> None:
        if not (math.isfinite(self.ties) and 0 <= self.ties <= 1):
            raise SearchError(ErrorCode.BAD_QUERY, f"ties {self.ties} must lie between 0 and 1", field="weights")
        shares = (self.words, self.meaning, self.sound)
        if not all(_is_number(share) and 0 <= share < math.inf for share in shares) or not 0 < sum(shares) < math.inf:
            raise SearchError(
                ErrorCode.BAD_QUERY, f"weights {shares} must be finite, not negative and not all 0", field="weights"
            )

    def shares(self) -> tuple[float, float, float]:
        """The three weights, summing to 1."""
        total = self.words + self.meaning + self.sound
        return self.words / total, self.meaning / total, self.sound / total


UNTUNED = Weights(words=0.4, meaning=0.6, sound=0.3)
"""The weights of a collection that has none of its own. On titles of talks sound costs nothing where they are asked
for as they are, and finds .85 of those with every word misheard, .74 without it (`python -m benchmarks misheard`)."""


@dataclass(frozen=True)
class Boost:
    """Favour documents with a high number in `field`, such as their popularity.

    A score grows by the factor `1 + weight * log(1 + value) / log(1 + largest value in the tenant's documents)`.
    """

    field: str
    weight: float = 0.1

    def __post_init__(self) -> None:
        _check_weight(self.field, self.weight)


@dataclass(frozen=True)
class Recency:
    """Favour documents whose date in `field` is recent.

    A score grows by the factor `1 + weight * 2 ** (-age / half_life)`; the age is counted from `now` (None: when the
    first page is asked for), and what is still to come is as good as new.
    """

    field: str
    half_life: timedelta = timedelta(days=365)
    weight: float = 0.1
    now: datetime | None = None

    def __post_init__(self) -> None:
        _check_weight(self.field, self.weight)
        if not isinstance(self.half_life, timedelta) or self.half_life <= timedelta(0):
            raise SearchError(ErrorCode.BAD_QUERY, f"the half-life of {self.field} must be positive", field=self.field)


@dataclass(frozen=True)
class Sort:
    """Order by a field instead of by score; documents without it come last, ties are in order of id.

    Of a field of variants, the values of those alone count that pass `among`.
    """

    field: str
    descending: bool = False
    among: Filter | None = None


@dataclass(frozen=True)
class Query:
    """One question.

    - `text`: what is looked for. Quoted phrases and exact codes in it (article and model numbers) come first.
      Empty, and without `like`: everything that passes `filter`, ordered by `sort`, else by the first of `boosts`,
      else by id.
    - `like`: id of a document of the tenant to find others like; with a `text`, those of them nearer to it.
    - `limit`: hits of one page. `after`: the cursor of the page before (`Results.next`).
    - `facets`: fields whose values are counted over all that was found.
    - `group`: at most one hit a document, its best passage; otherwise every passage is a hit of its own, save for
      chunks that overlap a better one of the same document: they are one moment.
    - `prefix`: the last word is still being typed and may go on.
    - `highlight`: say where the words of the query are in each hit.
    - `diversity`: 0 to 1, how much a hit must differ from those above it (maximal marginal relevance among the best
      100); there are no further pages then.
    - `weights`: None takes the collection's.
    - `min_meaning`: cosine (-1..1) that a passage needs where no word of the query occurs in it.
    - `min_score`: hits with a lower score are dropped. Scores are relative to the query's best match, so this
      trims a tail; to recognise that nothing fits, look at `min_meaning`.
    """

    text: str = ""
    filter: Filter | None = None
    limit: int = 10
    after: str = ""
    tenant: str = ""
    like: str = ""
    facets: tuple[str, ...] = ()
    group: bool = True
    prefix: bool = False
    highlight: bool = False
    diversity: float = 0.0
    weights: Weights | None = None
    boosts: tuple[Boost | Recency, ...] = ()
    sort: Sort | None = None
    min_meaning: float = 0.2
    min_score: float = 0.0

    def __post_init__(self) -> None:
        for names, kind in _KINDS:
            for name in names:
                if not isinstance(getattr(self, name), kind):
                    raise _bad(name, f"cannot be {type(getattr(self, name)).__name__}")
        for name, most in _LONGEST:
            if len(getattr(self, name)) > most:
                raise _bad(name, f"has a length of {len(getattr(self, name)):,}; at most {most:,} are taken")
        for name, least, greatest in _BOUNDS:
            value = getattr(self, name)
            if not _is_number(value) or not least <= value <= greatest:
                raise _bad(name, f"{value!r:.40} must be a number between {least} and {greatest}")
        if not all(isinstance(boost, Boost | Recency) for boost in self.boosts):
            raise _bad("boosts", "are each a Boost or a Recency")
        if self.diversity and (self.after or self.sort):
            raise _bad("diversity", "goes neither with an order by field nor with further pages")


_KINDS = (
    (("text", "after", "like", "tenant"), str),
    (("limit",), int),
    (("group", "prefix", "highlight"), bool),
    (("facets", "boosts"), tuple),
    (("weights",), Weights | None),
    (("sort",), Sort | None),
)
_LONGEST = (
    ("text", MAX_QUERY),
    ("like", MAX_QUERY),
    ("after", MAX_CURSOR),
    ("facets", MAX_LISTED),
    ("boosts", MAX_LISTED),
)
_BOUNDS = (("limit", 1, MAX_LIMIT), ("diversity", 0, 1), ("min_meaning", -1, 1), ("min_score", 0, math.inf))

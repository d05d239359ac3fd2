"""What was understood of a query: constraints, each with its words, and the text that remains."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from search_index.filters import And, Filter
from search_index.query import Sort
from search_index.schema import Scalar
from search_index.understanding.language import FILLERS, Operator
from search_index.understanding.tokens import key, tokenise


@dataclass(frozen=True)
class Constraint:
    """One thing that was asked for: `label` says it, `text[start:end]` are its words.

    - `field` and `values`: what it is about and what was stated, in the field's own unit (two values: the bounds of
      a range, or alternatives).
    - `filter`: what a document must pass; `sort`: the order asked for; `like`: the id of the document to resemble.
    - `hard`: a stated condition, which no result may violate. Otherwise a preference, which only moves up what meets
      it, and whose words are searched as well.
    - `certainty` 0..1: how sure the reading is; the least sure is relaxed first.
    """

    field: str
    operator: Operator
    values: tuple[Scalar, ...]
    label: str
    start: int
    end: int
    filter: Filter | None = None
    sort: Sort | None = None
    like: str = ""
    hard: bool = True
    certainty: float = 1.0
    is_price: bool = False

    @property
    def excludes(self) -> bool:
        return self.operator is Operator.NOT


@dataclass(frozen=True)
class Understood:
    """A query understood: `constraints` in the order of their words, which do not overlap. `text` may have lines, each
    something that was said (`refining.refined`).

    `dropped` were taken back: they ask for nothing any more, and their words are not searched either.
    """

    text: str
    constraints: tuple[Constraint, ...] = ()
    dropped: tuple[Constraint, ...] = ()

    @property
    def rest(self) -> str:
        """The words to search: all but those of hard constraints, which their filters answer."""
        return " ".join(self._left.split())

    @property
    def subject(self) -> str:
        """The rest without the words around it that only ask: of "show me something warm", "warm"."""
        return " ".join(one for line in self._left.splitlines() if (one := _without_asking(line)))

    @property
    def words(self) -> str:
        """What to search for: the subject, and the values preferred."""
        rest = self.subject
        preferred = (str(value) for one in self.preferences for value in one.values)
        return " ".join([rest, *(value for value in preferred if key(value) not in key(rest))]).strip()

    @property
    def _left(self) -> str:
        parts, place = [], 0
        answered = (*(one for one in self.constraints if one.hard), *self.dropped)
        for one in sorted(answered, key=lambda one: one.start):
            parts.append(self.text[place : max(place, one.start)])
            place = max(place, one.end)
        parts.append(self.text[place:])
        return " ".join(parts)

    @property
    def filter(self) -> Filter | None:
        """All hard constraints at once; None where there are none."""
        return joined(one.filter for one in self.constraints if one.hard)

    @property
    def preferences(self) -> tuple[Constraint, ...]:
        return tuple(one for one in self.constraints if not one.hard and one.filter is not None)

    @property
    def sort(self) -> Sort | None:
        """The order asked for; the first where there are several."""
        return next((one.sort for one in self.constraints if one.sort is not None), None)

    @property
    def like(self) -> str:
        """The id of the document that results are to resemble; empty where there is none."""
        return next((one.like for one in self.constraints if one.like), "")

    def without(self, *constraints: Constraint) -> Understood:
        """The same with some of its constraints taken back."""
        kept = tuple(one for one in self.constraints if one not in constraints)
        return replace(self, constraints=kept, dropped=(*self.dropped, *constraints))

    def describe(self) -> str:
        """What was understood, to be said or shown: "brand Sony, under 50 dollars"."""
        return ", ".join(one.label for one in self.constraints if one.label)


def _without_asking(text: str) -> str:
    """From the first word to the last that is no filler; empty where there is none."""
    telling = [one for one in tokenise(text) if one.is_word and one.text not in FILLERS]
    return " ".join(text[telling[0].start : telling[-1].end].split()) if telling else ""


def joined(filters: Iterable[Filter | None]) -> Filter | None:
    """All of the filters there are; None where there are none."""
    parts = [one for one in filters if one is not None]
    return And(*parts) if len(parts) > 1 else parts[0] if parts else None

"""What a conversation asks for, as text: one line for each thing that was said, understood again at every turn."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from search_index import Document
from search_index.understanding import (
    Collection,
    Constraint,
    Operator,
    Price,
    Quantity,
    Understood,
    refined,
    understand,
)
from search_index.understanding.language import RELATIVE
from search_index.understanding.reading import said
from search_index.understanding.tokens import key

_is_size = re.compile(r"\d{1,3}(?:[.,]5)?|[smlx]{1,4}", re.IGNORECASE).fullmatch
LINES_MAX = 12
"""Lines of a query that are kept; the first, which says what is sought, and the latest."""
_OVER = (Operator.OVER, Operator.AT_LEAST)


@dataclass(frozen=True)
class Asked:
    """The lines of a query, and labels of conditions that were taken back."""

    text: str = ""
    dropped: tuple[str, ...] = ()

    def then(self, line: str, labels: Sequence[str] = ()) -> Asked:
        """With another line; what it says, by its `labels`, holds again though it was taken back before."""
        line = " ".join(line.split())
        lines = [*self.text.splitlines(), line] if line else self.text.splitlines()
        if len(lines) > LINES_MAX:
            lines = [lines[0], *lines[1 - LINES_MAX :]]
        return Asked("\n".join(lines), tuple(one for one in self.dropped if one not in labels))

    def without(self, labels: Sequence[str]) -> Asked:
        """With conditions taken back."""
        return Asked(self.text, tuple(dict.fromkeys((*self.dropped, *labels))))


def understood(asked: Asked, collection: Collection) -> Understood:
    """All lines together, the later ones refining those before, less what was dropped."""
    whole: Understood | None = None
    for line in asked.text.splitlines():
        one = understand(line, collection)
        whole = one if whole is None else refined(whole, one, collection.meanings)
    if whole is None:
        return Understood("")
    return whole.without(*(one for one in whole.constraints if one.label in asked.dropped))


@dataclass(frozen=True)
class Line:
    """What was said, made to stand by itself: "cheaper" has become "under 40"; `like` is the product to resemble."""

    text: str
    understood: Understood
    like: str = ""
    relative: tuple[Constraint, ...] = ()

    @property
    def has_subject(self) -> bool:
        """Whether it says what kind of thing is sought, and not only which of those spoken of."""
        return bool(self.understood.subject or self.understood.preferences)


def read_line(text: str, collection: Collection, reference: Document | None) -> Line:
    """`reference` is the product that is spoken of, with one price; without one, "cheaper" is "cheapest"."""
    text = " ".join(text.split())
    if _is_size(text) and any(one.field == "size" for one in understand(f"size {text}", collection).constraints):
        text = f"size {text}"
    if reference is None:
        text = _without_reference(text)
        return Line(text, understand(text, collection))
    plain = understand(text, collection).constraints
    relative = [one for one in understand(text, collection, reference).constraints if one not in plain]
    like = next((one.like for one in relative if one.like), "")
    for one in sorted(relative, key=lambda one: -one.start):
        text = f"{text[: one.start]} {_absolute(one, collection)} {text[one.end :]}"
    text = " ".join(text.split())
    return Line(text, understand(text, collection), like, tuple(relative))


def named_in(text: str, constraints: Sequence[Constraint], collection: Collection) -> tuple[Constraint, ...]:
    """Which of the conditions "forget the colour" or "any price" is about."""
    words = key(text)
    return tuple(one for one in constraints if any(name and name in words for name in _names(one, collection)))


def _names(one: Constraint, collection: Collection) -> set[str]:
    meaning = collection.meanings.get(one.field)
    called = {one.label, *(str(value) for value in one.values if isinstance(value, str))}
    match meaning:
        case Price():
            called |= {"price", "budget", "limit", "cost", "how much", "cheap", "expensive"}
        case Quantity(words=words):
            called |= set(words)
        case _:
            called |= {getattr(meaning, "word", ""), *getattr(meaning, "words", ())}
    if one.field == "colour":
        called |= {"color"}
    if one.sort is not None:
        called |= {"sort", "order"}
    return {key(name) for name in called if name}


def _absolute(one: Constraint, collection: Collection) -> str:
    if one.like:
        return ""
    meaning = collection.meanings[one.field]
    if isinstance(meaning, Price):
        return f"{_side(one)} {said(float(str(one.values[0])) / meaning.minor)}"
    if isinstance(meaning, Quantity):
        return f"{meaning.words[0]} {_side(one)} {said(float(str(one.values[0])))} {meaning.unit}"
    if one.field == collection.vocabulary().rating:
        return f"rated {_side(one)} {said(float(str(one.values[0])))} stars"
    return one.label


def _side(one: Constraint) -> str:
    return "over" if one.operator in _OVER else "under"


def _without_reference(text: str) -> str:
    """Where nothing has been spoken of, a comparative asks for an order."""
    words = text.split()
    if len(words) <= 3 and (found := RELATIVE.get(key(text))) is not None and found.dimension == "money":
        return "cheapest first" if found.operator is Operator.UNDER else "most expensive first"
    return text

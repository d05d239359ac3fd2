"""What the columns of a table of answers may be, and which is which: by their names, else by what stands in them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum


class Column(StrEnum):
    """A column, by the name that exports give it."""

    ID = "ID"
    QUESTION = "Question"
    VARIANTS = "Other ways to ask"
    ANSWER = "Answer"
    FOLDER = "Folder"
    BUTTONS = "Buttons"
    LINKS = "Links"
    PICTURES = "Pictures"
    BEGINS = "From"
    ENDS = "Until"
    PAGE = "On page"
    PRODUCTS = "On products"
    CATEGORY = "In category"
    SIGNED_IN = "Signed in"
    IN_HOURS = "Within hours"


_CALLED: Mapping[Column, Sequence[str]] = {
    Column.ID: ("id", "answer id", "key"),
    Column.QUESTION: (
        "question",
        "questions",
        "q",
        "utterance",
        "phrase",
        "sentence",
        "message",
        "text",
        "query",
        "title",
        "frage",
        "pregunta",
    ),
    Column.VARIANTS: ("other ways to ask", "variants", "variations", "alternatives", "synonyms", "question 2"),
    Column.ANSWER: (
        "answer",
        "answers",
        "a",
        "response",
        "reply",
        "label",
        "intent",
        "content",
        "antwort",
        "respuesta",
    ),
    Column.FOLDER: ("folder", "topic", "category", "group", "section", "tag"),
    Column.BUTTONS: ("buttons", "button", "quick replies"),
    Column.LINKS: ("links", "link", "url"),
    Column.PICTURES: ("pictures", "picture"),
    Column.BEGINS: ("from", "valid from", "begins", "start"),
    Column.ENDS: ("until", "valid until", "ends", "end"),
    Column.PAGE: ("on page", "page"),
    Column.PRODUCTS: ("on products", "on product"),
    Column.CATEGORY: ("in category",),
    Column.SIGNED_IN: ("signed in", "logged in"),
    Column.IN_HOURS: ("within hours", "in hours"),
}
_BY_NAME = {name: column for column, names in _CALLED.items() for name in names}

Mapped = tuple[Column | None, ...]
"""What each column of a file is; None is left out."""


def knows(names: Sequence[str]) -> bool:
    """Whether any of these is the name of a column, so that they are names and not a first answer."""
    return any(_plain(name) in _BY_NAME for name in names)


def guessed(names: Sequence[str], rows: Sequence[Sequence[str]]) -> Mapped:
    """What the columns of a file probably are; question and answer are looked for in the cells where no name says it.

    Of two columns that may be the same the first one is.
    """
    found: list[Column | None] = []
    for name in names:
        column = _BY_NAME.get(_plain(name))
        found.append(column if column not in found else None)
    for column, most in ((Column.QUESTION, _asks), (Column.ANSWER, _says)):
        free = [place for place, one in enumerate(found) if one is None and any(row[place] for row in rows)]
        if column not in found and free:
            best = max(free, key=lambda place: (most([row[place] for row in rows]), -place))
            found[best] = column
    return tuple(found)


def _plain(name: str) -> str:
    return " ".join(re.sub(r"[^\w ]+|_", " ", name.lower()).split())


def _asks(cells: Sequence[str]) -> float:
    """How much of a column are questions."""
    return sum(cell.rstrip().endswith("?") for cell in cells)


def _says(cells: Sequence[str]) -> float:
    """How much a column has to say."""
    return sum(map(len, cells))

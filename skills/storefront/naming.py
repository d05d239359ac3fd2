"""Ids of new answers, out of what they are asked: a person may read them in a file."""

from __future__ import annotations

from collections.abc import Container

ID_MAX = 60
RESERVED = frozenset({"new", "import", "export", "check", "undo"})
"""What the console's pages on answers are called, and so no answer is."""


def new_id(question: str, taken: Container[str]) -> str:
    """An id that is not taken: "how-much-is-shipping", or with a number behind it."""
    plain = "".join(mark if mark.isalpha() or mark.isdecimal() else " " for mark in question.lower())
    words = "-".join(plain.split())[:ID_MAX].strip("-") or "answer"
    if words not in taken and words not in RESERVED:
        return words
    number = 2
    while f"{words}-{number}" in taken:
        number += 1
    return f"{words}-{number}"


def same(text: str) -> str:
    """What two texts have in common that differ in blanks and in great and small letters alone."""
    return " ".join(text.split()).casefold()

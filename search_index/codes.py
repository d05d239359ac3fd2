"""Codes: article numbers, EANs and model numbers, found whatever their hyphens, spaces and case."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from search_index.schema import KeywordField, Schema, TextField, Value

SHORTEST, LONGEST = 4, 40
"""Letters and digits of a code."""
SHORTEST_NUMBER = 6
"""Digits of a code without letters: an EAN has 8 or 13, and a year or an amount is none."""
WORDS_OF_CODE = 4
"""So many words of a query may make up one code: "SM G 960 F"."""
MAX_CODES = 64
"""Codes of one text."""

_written = re.compile(r"[^\W_]+(?:[-_/.][^\W_]+)*").finditer
_words = re.compile(r"[^\W_]+").findall
_quantity = re.compile(r"\d{1,4}[a-z]{1,3}").fullmatch
_mixed = re.compile(r"(?=.*[a-z])(?=.*\d)[a-z0-9]+").fullmatch


def squeezed(text: str) -> str:
    """The letters and digits of `text`, in lower case."""
    return "".join(_words(unicodedata.normalize("NFKC", text).casefold()))


def is_code(word: str) -> bool:
    """Whether a squeezed word names one thing rather than a year (2022) or a quantity (16gb, 1080p)."""
    if not SHORTEST <= len(word) <= LONGEST or not word.isascii():
        return False
    return len(word) >= SHORTEST_NUMBER if word.isdigit() else bool(_mixed(word)) and not _quantity(word)


def codes_of(values: Mapping[str, Value], schema: Schema) -> list[str]:
    """The codes among a document's values: words of its searched texts, and whole keywords of any kind."""
    found = []
    for name, value in values.items():
        field = schema.fields[name]
        if isinstance(field, TextField) and isinstance(value, str):
            found += codes_in(value)
        elif isinstance(field, KeywordField):
            texts = value if isinstance(value, list | tuple) else [value]
            found += [squeezed(text) for text in texts if isinstance(text, str) and len(text) <= 2 * LONGEST]
    return list(_codes(found))[:MAX_CODES]


def codes_in(text: str) -> list[str]:
    """The codes written in a running text, each in one piece."""
    return list(dict.fromkeys(code for code, _, _ in placed_codes(text)))[:MAX_CODES]


def placed_codes(text: str) -> Iterator[tuple[str, int, int]]:
    """The codes of a running text, each with the characters [start, end) it stands for."""
    if any(map(str.isdigit, text)):
        for word in _written(text):
            code = squeezed(word[0])
            if is_code(code):
                yield code, *word.span()


def codes_asked(text: str) -> list[str]:
    """What in a query may be a code: what is written as one, and up to `WORDS_OF_CODE` words in a row, longest first.

    Words in a row are one code where a part of them could be none but a code, or all are numbers: "windows 10" is two
    words, and not the few documents that happen to write it in one.
    """
    words = _words(unicodedata.normalize("NFKC", text).casefold())[: 4 * MAX_CODES]
    runs = (
        words[start : start + length]
        for length in range(WORDS_OF_CODE, 0, -1)
        for start in range(len(words) - length + 1)
    )
    joined = ("".join(run) for run in runs if any(map(_mixed, run)) or all(word.isdigit() for word in run))
    return sorted(_codes((*joined, *codes_in(text))), key=len, reverse=True)


def _codes(words: Iterable[str]) -> dict[str, None]:
    return dict.fromkeys(word for word in words if is_code(word))

"""A query cut into words, numbers and signs, each knowing its place in the text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

MAX_READ = 2_000
"""Characters that are looked at; whatever follows them stays text."""
MAX_PHRASE = 6
"""Words of the longest phrase that is looked up."""
_LONGEST_AMOUNT = 40
"""Characters of an amount with its signs and unit; also keeps the expression for it from wandering in long runs."""

_POSSESSIVE = ("'s", "\u2019s")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Token:
    """`text` is in lower case without accents and apostrophes; `raw` is as it was
    written; `glued`: no space before it.

    `number` is set for digits that count something, not for those of a model number ("WH-1000XM4", "cat5e").
    """

    text: str
    start: int
    end: int
    glued: bool
    raw: str = ""
    number: float | None = None

    @property
    def is_word(self) -> bool:
        return self.text[0].isalnum()


_pieces = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['\u2019][^\W\d_]+)*|''|[^\w\s]|_").finditer
_chunks = re.compile(r"[^\s/]+|/").finditer
_is_amount = re.compile(
    r"[^\w\s]*(?:[a-z]{3}(?=\d))?[$€£¥₩₹]?[\d.,]+(?:[-\u2013\u2014][$€£¥₩₹]?[\d.,]+)?(?:[-\u2013]?[^\W\d_]{1,11})?[^\w\s]*"
).fullmatch
_is_generation = re.compile(r"[2-6]g\W*|[48]k\W*").fullmatch
_has_letter = re.compile(r"[^\W\d_]").search
_thousands = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:\.\d{3}){2,}").fullmatch


def normal(text: str) -> str:
    """Lower case without accents, apostrophes and marks."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter) and letter not in "'\u2019")


def tokenise(text: str) -> list[Token]:
    """The tokens of the first `MAX_READ` characters. Hyphens inside words are dropped: "wi-fi" is "wi", "fi"."""
    text = text[:MAX_READ]
    tokens = []
    for chunk in _chunks(text):
        whole = normal(chunk[0])
        coded = bool(_has_letter(whole)) and not _counts(whole)
        previous_end = -1
        pieces = list(_pieces(text, *chunk.span()))
        for place, piece in enumerate(pieces):
            if piece[0] in "-\u2013" and 0 < place < len(pieces) - 1 and not _between_digits(pieces, place):
                previous_end = piece.end()
                continue
            number = None if coded or not piece[0][0].isdigit() else _number(piece[0])
            spelt = normal(piece[0]) or piece[0]
            tokens.append(Token(spelt, *piece.span(), piece.start() == previous_end, piece[0], number))
            previous_end = piece.end()
    return tokens


def _counts(chunk: str) -> bool:
    """Whether letters and digits in one chunk are an amount ("16gb", "15.6-inch") and not a code ("cat5e", "4k")."""
    return len(chunk) <= _LONGEST_AMOUNT and _is_amount(chunk) is not None and _is_generation(chunk) is None


def _between_digits(pieces: Sequence[re.Match[str]], place: int) -> bool:
    before, after = pieces[place - 1][0], pieces[place + 1][0]
    return before[-1].isdigit() and (after[0].isdigit() or after[0] in "$€£¥₩₹")


def _number(digits: str) -> float | None:
    """1,299 and 1.299,00 and 15,6: the last mark divides the decimals unless it makes groups of three."""
    if _thousands(digits):
        decimal = "," if "." in digits and digits.rfind(",") > digits.rfind(".") else "."
        grouping = "." if decimal == "," or "," not in digits else ","
        digits = digits.replace(grouping, "").replace(decimal, ".")
    else:
        digits = digits.replace(",", ".")
    try:
        value = float(digits)
    except ValueError:
        return None
    return value if value <= 2.0**53 else None


def key(text: str) -> str:
    """The form in which phrases are compared: letters and digits only, so that "Wi-Fi", "wi fi" and "wifi" agree."""
    return "".join(token.text for token in tokenise(text.replace("&", " and ")) if token.is_word)


def longest(table: Mapping[str, T], tokens: Sequence[Token], start: int) -> tuple[T, int] | None:
    """The entry of the longest phrase of `table` (by `key`) that begins at token `start`, and where it ends."""
    found, joined, words, end = None, "", 0, start
    while end < len(tokens) and words < MAX_PHRASE:
        token = tokens[end]
        end += 1
        if token.is_word:
            joined += token.text
            words += 1
        elif token.text == "&":
            joined += "and"
        elif words == 0 or not (token.text in ".'\u2019/" or (token.glued and token.text in "-\u2013")):
            break
        if token.is_word and joined in table:
            found = table[joined], end
        elif token.raw.endswith(_POSSESSIVE) and joined[:-1] in table:
            found = table[joined[:-1]], end
    return found

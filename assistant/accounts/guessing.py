"""Passwords that are guessed first: what is refused as one, after NIST SP 800-63B (5.1.1.2). Pure.

There are no rules about kinds of characters. A password has to be long, and something has to be left of it when all
is taken away that guessers try before anything else: the words people choose most, rows of keys, years, repetitions,
and what everybody knows of its owner, also where digits stand for letters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

LENGTH_MIN, LENGTH_MAX = 10, 200
LEFT_MIN = 5
"""Different characters that have to be left."""
_PERSONAL_MIN = 3
"""Shorter parts of names are in everything."""

COMMON = frozenset((Path(__file__).parent / "common_passwords.txt").read_text().split())
"""What is chosen most, in small letters."""
ROWS = (
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwertzuiop",
    "yxcvbnm",
    "azertyuiop",
    "qsdfghjklm",
    "1234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "1q2w3e4r5t6z7u8i9o0p",
    "1q2w3e4r5t6y7u8i9o0p",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
)
"""Of keys that lie beside each other, and of letters."""
_ROW_MIN = 3
_LETTERS = str.maketrans("013457@$!|", "oleastasil")
_YEARS = re.compile(r"(?:19|20)\d\d")
_REPEATED = re.compile(r"(.{1,40})\1+")


def problem(password: str, known: Iterable[str] = ()) -> str:
    """What is wrong with a new password, in a sentence; "" where nothing is. `known` is what everybody knows of its
    owner: name, address, shop.
    """
    length = len(unicodedata.normalize("NFKC", password))
    if length < LENGTH_MIN:
        return f"Please take at least {LENGTH_MIN} characters. A few words in a row are easy to remember."
    if length > LENGTH_MAX:
        return f"Please take at most {LENGTH_MAX} characters."
    if len(set(unguessed(password, known))) < LEFT_MIN:
        return "This would be guessed soon. Please take a few words that do not belong together."
    return ""


def unguessed(password: str, known: Iterable[str] = ()) -> str:
    """What is left of a password without what is guessed first."""
    personal = {part for one in known for part in re.split(r"\W+", one.lower()) if len(part) >= _PERSONAL_MIN}
    words = sorted(COMMON | personal, key=len, reverse=True)
    left = _YEARS.sub(" ", password.lower())
    # Repetitions go first as well: something else may stand where one ends and begins again, as "ert" in "tigertiger".
    texts = [_without_rows(text) for text in (left, _once(left))]
    ways = [way for text in texts for way in (text, text.translate(_LETTERS))]
    rests = ("".join(_once(_without_words(way, words)).split()) for way in ways)
    return min(rests, key=lambda rest: len(set(rest)))


def _once(text: str) -> str:
    """What is repeated, once."""
    while (shorter := _REPEATED.sub(r"\1", text)) != text:
        text = shorter
    return text


def _without_words(text: str, words: Iterable[str]) -> str:
    for word in words:
        text = text.replace(word, " ")
    return text


def _without_rows(text: str) -> str:
    """Without runs of keys or letters, in either direction."""
    left, at = [], 0
    while at < len(text):
        run = max((_run(text, at, row) for one in ROWS for row in (one, one[::-1])), default=0)
        if run >= _ROW_MIN:
            left.append(" ")
            at += run
        else:
            left.append(text[at])
            at += 1
    return "".join(left)


def _run(text: str, at: int, row: str) -> int:
    """How many characters of `text` from `at` on follow each other in `row`."""
    begin = row.find(text[at])
    if begin < 0:
        return 0
    length = 1
    while at + length < len(text) and row[begin + length : begin + length + 1] == text[at + length]:
        length += 1
    return length

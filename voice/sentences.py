"""Text as the sentences to be spoken one by one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

MAX_TEXT = 5_000
"""Characters spoken in one call; five minutes or so."""
MAX_SENTENCE = 300
"""Characters; a longer sentence is cut at a comma or a blank, so that others get their turn."""

# fmt: off
_ABBREVIATIONS = frozenset((
    "mr", "mrs", "ms", "dr", "prof", "st", "vs", "e.g", "i.e", "no", "vol", "ep", "fig", "approx", "dept", "est", "gen",
    "col", "sgt", "rev", "hon", "corp", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov",
    "dec", "mt", "ft", "feat",
))
# fmt: on
_OFTEN_LAST = frozenset(("a.m", "p.m", "etc", "inc", "ltd", "co", "jr", "sr"))
"""Abbreviations that end a sentence where the next word begins with a capital."""
_END = re.compile(r"[.!?\u2026]+[\"'\u201d\u2019)\]]*(?=\s)|[\u3002\uff01\uff1f]+|\n+")
_LAST_WORD = re.compile(r"([\w.]+)\.$")
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]{0,500}>|<!--.{0,2000}?-->|<\?[^<>]{0,500}>", re.DOTALL)
_PHONEME_BRACKETS = str.maketrans({"[": "(", "]": ")", "<": " ", ">": " ", "&": "\uff06"})


def speakable(text: str, limit: int = MAX_TEXT) -> str:
    """Text from outside without markup, control characters and what eSpeak would take for commands.

    Cut at `limit` characters, at a blank where there is one.
    """
    plain = _MARKUP.sub(" ", text[: 4 * limit])
    plain = "".join(mark if mark == "\n" or unicodedata.category(mark)[0] != "C" else " " for mark in plain)
    plain = plain.translate(_PHONEME_BRACKETS).replace("\uff06", " and ")
    plain = re.sub(r"[^\S\n]+", " ", plain).strip()
    if len(plain) <= limit:
        return plain
    return plain[:limit].rsplit(" ", 1)[0]


def sentences(text: str) -> Iterator[str]:
    """Cut text after sentence ends and line breaks, not after titles, initials, abbreviations or inside numbers.

    Nothing but white space at the cuts is lost; no part is longer than `MAX_SENTENCE` and none is blank.
    """
    start = 0
    for match in _END.finditer(text):
        if not _ends_sentence(text[start : match.end()], text[match.end() : match.end() + 2]):
            continue
        yield from _parts(text[start : match.end()].strip())
        start = match.end()
    yield from _parts(text[start:].strip())


def _ends_sentence(sentence: str, following: str) -> bool:
    """Whether the mark that `sentence` ends with ends it, given what follows."""
    last = _LAST_WORD.search(sentence)
    if not last:
        return True
    word = last[1].lower()
    if word in _OFTEN_LAST:
        return following.strip()[:1].isupper() or not following.strip()
    return word not in _ABBREVIATIONS and not _is_initials(last[1])


def _is_initials(word: str) -> bool:
    """`J` or `U.S` of a name; a lone I ends many a question's answer."""
    return word != "I" and all(len(part) == 1 and part.isalpha() and part.isupper() for part in word.split("."))


def _parts(sentence: str) -> Iterator[str]:
    while len(sentence) > MAX_SENTENCE:
        head = sentence[:MAX_SENTENCE]
        cut = max(head.rfind(", "), head.rfind("; "), head.rfind(": ")) + 1
        cut = cut if cut > MAX_SENTENCE // 2 else head.rfind(" ")
        cut = cut if cut > 0 else MAX_SENTENCE
        yield sentence[:cut].rstrip()
        sentence = sentence[cut:].lstrip()
    if sentence:
        yield sentence

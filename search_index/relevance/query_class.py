"""What kind of query a text is: kinds of queries want other shares of words and meaning."""

from __future__ import annotations

import re
from enum import StrEnum

SHORT = 3
"""Words of a query of keywords, at most."""

_quoted = re.compile(r'["“„«「『][^"“”„«»「」『』]{3,}["”“»」』]').search
_words = re.compile(r"[\w'\u2019]+(?:[-./][\w'\u2019]+)*").findall
_is_code = re.compile(r"(?=.*\d)(?:(?=.*[^\W\d_])[\w./-]{4,}|\d{8,14})", re.UNICODE).fullmatch
_is_asking = re.compile(
    "who|whom|whose|what|which|when|where|why|how|is|are|was|were|do|does|did|can|could|should|would|will|has|have",
    re.IGNORECASE,
).fullmatch
_is_small = re.compile("an?|and|at|by|for|from|in|of|on|or|the|to|with", re.IGNORECASE).fullmatch


class QueryClass(StrEnum):
    """In order of precedence."""

    EXACT = "exact"
    """A quoted phrase, or a code of letters and digits: an article number, an EAN."""
    QUESTION = "question"
    """Asked in a sentence, or long."""
    NAME = "name"
    """Capitalised like a name or title."""
    KEYWORDS = "keywords"
    """A few words."""


def classify(text: str) -> QueryClass:
    """The class of a query, from its text alone."""
    words: list[str] = _words(text)
    if _quoted(text) or any(_is_code(word) for word in words):
        return QueryClass.EXACT
    if text.rstrip().endswith("?") or (len(words) > SHORT and _is_asking(words[0])):
        return QueryClass.QUESTION
    weighty = [word for word in words if not _is_small(word)]
    if len(words) > 1 and weighty and all(word[0].isupper() for word in weighty):
        return QueryClass.NAME
    return QueryClass.KEYWORDS if len(words) <= SHORT else QueryClass.QUESTION

"""A question about a product, read without its catalogue: what is asked of it, and with which amounts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from search_index import query_terms
from search_index.understanding.numerals import number
from search_index.understanding.tokens import tokenise
from search_index.understanding.units import UNITS, Unit

ASKED = (
    (r"\bheav(?:y|ier)\b(?! (?:rain|snow|use|duty))|\blight(?:er|weight)\b|\bweighs?\b", ("weight",)),
    (r"\bmade (?:of|from|out of)\b|\bwhat (?:material|fabric)\b", ("material", "filling", "upper", "blade")),
    (r"\bfilled with\b|\bfilling\b", ("filling", "fill power")),
    (r"\bbattery\b.*\b(?:last|run|hold)|\b(?:last|run)\b.*\b(?:battery|charge)\b|\bbattery life\b", ("battery life",)),
    (r"\bhow (?:big|large)\b|\bdimensions\b|\bmeasure", ("dimensions", "size", "capacity", "screen size", "diameter")),
    (r"\bhow (?:big|large|tall|high)\b|\bdimensions\b", ("height", "mature height", "length", "width", "depth")),
    (r"\bhow wide\b", ("width", "diameter")),
    (
        r"\bhow long\b(?!.*\b(?:last|take|arrive|keep|battery|charge|warranty))",
        ("length", "cable length", "blade length"),
    ),
    (r"\bhow deep\b", ("depth",)),
    (r"\bhow thick\b", ("thickness",)),
    (
        r"\bhow (?:much|many litres|many liters)\b.*\b(?:hold|fit|take)|\bcapacity\b|\bhow much (?:water|room)\b",
        ("capacity",),
    ),
    (r"\bhow warm\b|\bhow cold\b|\bwarm enough\b|\bdegrees\b", ("comfort temperature", "warmth")),
    (r"\bwash(?:able|ed)?\b|\bclean(?:ed)?\b|\bmachine wash|\bcare for\b", ("care", "dishwasher safe", "cleaning")),
    (r"\bdishwasher\b", ("dishwasher safe",)),
    (r"\bhow bright\b|\blumens?\b", ("brightness",)),
    (r"\bhow many (?:people|persons)\b|\bsleeps?\b", ("persons", "serves")),
    (r"\bhow many pages\b|\bhow long is (?:the|this) book\b", ("pages",)),
    (r"\bwho (?:wrote|is the author|is it by)\b|\bwritten by\b|\bauthor\b", ("author",)),
    (r"\bwho (?:publish|is the publisher)", ("publisher",)),
    (r"\b(?:wet|rain|water[- ]?proof|splash)\b", ("waterproof", "water-resistant", "water resistance")),
    (r"\bhow loud\b|\bnoisy\b|\bdecibels?\b", ("noise level", "noise", "volume")),
    (r"\bwarrant(?:y|ies)\b|\bguarantee", ("warranty", "guarantee")),
    (r"\b(?:sun|shade|shady|light|bright spot|window)\b", ("light", "position", "sun")),
    (r"\bwater(?:ed|ing)?\b|\bhow often\b", ("watering", "water")),
    (r"\b(?:pets?|cats?|dogs?|toxic|poison\w*)\b", ("pet safe", "pet-safe", "safe for pets", "toxic")),
    (r"\b(?:frost|winter|hardy|outside|outdoors?)\b", ("hardy", "hardiness", "minimum temperature", "outdoor")),
    (r"\b(?:induction)\b", ("induction", "hob", "hobs", "suitable for induction")),
    (r"\boven\b", ("oven safe", "oven")),
    (r"\bhow (?:powerful|strong)\b|\bwatts?\b", ("power",)),
    (r"\bfor (?:men|women|kids|children|boys|girls|adults|ladies)\b|\bunisex\b|\bwho is it for\b", ("for",)),
    (r"\bhow old\b|\bwhat age\b|\bage group\b", ("age", "for ages", "age from")),
    (r"\blanguage\b", ("language",)),
    (r"\blaptop\b", ("laptop size", "laptop", "fits laptop", "laptop sleeve")),
    (r"\bcharg(?:e|es|ing)\b.*\b(?:long|time)|\bhow long\b.*\bcharge\b", ("charging time", "charge time")),
    (r"\bset(?:ting)? up\b|\bpitch\b", ("set-up time",)),
    (r"\bfold(?:s|ed)?\b", ("foldable",)),
    (r"\bpack(?:s|ed)?\b.*\b(?:small|down|pocket)", ("packable", "packed length", "packed size")),
)
"""How people ask, and the names under which catalogues have it, the likeliest first."""

_asked = [(re.compile(pattern, re.IGNORECASE), names) for pattern, names in ASKED]
_closed = re.compile(
    r"^(?:(?:and|so|but|ok|hey|hi|sorry|please)\b[\s,]*)*"
    r"(?:is|are|was|do|does|did|can|could|will|would|has|have|should|may|isn't|doesn't|won't|can't)\b",
    re.IGNORECASE,
)
_possession = re.compile(r"\b(?:have|has|with|come with|got)\b", re.IGNORECASE)
_at_most = re.compile(
    r"\b(?:under|below|(?:less|lighter|smaller|shorter|thinner) than|at most|no more than|max(?:imum)?)\b",
    re.IGNORECASE,
)
_at_least = re.compile(
    r"\b(?:at least|more than|over|hold|holds|fit|fits|last|lasts|enough|take|takes|up to|as much as|bigger than)\b",
    re.IGNORECASE,
)

_GENERAL = """
    it one this that they them thing product item you your i me my we can could would will much many long how what which
    is are do does have has there any tell know about really also just even still use used get go come
"""
GENERAL = frozenset(_GENERAL.split())
"""Words of questions that say nothing of what is asked."""


@dataclass(frozen=True)
class Amount:
    """A number as it was said, in a unit where one was."""

    value: float
    unit: Unit | None


@dataclass(frozen=True)
class Question:
    """`terms` are the stems of the words that say what is asked; `names` the attributes that may answer it, the
    likeliest first; `is_closed`: yes or no would answer it.
    """

    text: str
    terms: frozenset[str]
    names: tuple[str, ...]
    is_closed: bool
    has: bool
    """It asks whether there is something, rather than how it is."""
    amounts: tuple[Amount, ...]
    at_most: bool
    """An amount in it is a limit that should not be passed."""
    at_least: bool
    """An amount in it is to be reached."""


def read_question(text: str) -> Question:
    """What a text asks about a product."""
    return Question(
        text=text,
        terms=content(text),
        names=tuple(dict.fromkeys(name for pattern, names in _asked if pattern.search(text) for name in names)),
        is_closed=bool(_closed.match(text.strip())),
        has=bool(_possession.search(text)),
        amounts=tuple(_amounts(text)),
        at_most=bool(_at_most.search(text)),
        at_least=bool(_at_least.search(text)),
    )


def content(text: str) -> frozenset[str]:
    """The stems of the words of a text that carry its meaning."""
    return frozenset(stem for stem, plain in query_terms(text) if plain not in GENERAL and stem not in GENERAL)


def _amounts(text: str) -> Iterator[Amount]:
    tokens, place = tokenise(text), 0
    while place < len(tokens):
        found = number(tokens, place)
        if found is None:
            place += 1
            continue
        value, end = found
        following = end + (end < len(tokens) and tokens[end].text == "-")
        unit = UNITS.get(tokens[following].text) if following < len(tokens) else None
        if unit is not None or tokens[place].number is not None:  # "this one" counts nothing
            yield Amount(value, unit)
        place = end

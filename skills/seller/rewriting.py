"""An answer with one of its facts exchanged, as it is said: "three days", "nine euros", "twenty percent". Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from skills.storefront.answer import ANSWER_MAX

_ONES = ("one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
         "eighteen nineteen")  # fmt: skip
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_WORD = "|".join((*_ONES.split(), *_TENS.split(), "hundred", "half"))
_NUMBER = rf"(?:\d+(?:[.,]\d+)?|(?:an? (?=hundred|half))?(?:{_WORD})(?:[ -](?:an?|and|{_WORD}))*)"
_RANGE = rf"{_NUMBER}(?:\s*(?:to|or|and|-|\N{{EN DASH}})\s*{_NUMBER})?"
_UNIT = r"(?:minute|hour|day|week|month|year)s?"
_CURRENCY = r"(?:euros?|dollars?|pounds?|cents?|pence|eur|usd|gbp|€|\$|£)"


class Fact(StrEnum):
    """What can be exchanged."""

    DURATION = "how long something takes"
    MONEY = "a price"
    PERCENT = "a share"
    TIME = "a time of day"


_FACTS = {
    Fact.TIME: re.compile(
        rf"\b(?:\d{{1,2}}[:.]\d\d(?:\s*[ap]\.?m\b\.?)?|\d{{1,2}}\s*[ap]m\b|(?:{_WORD})(?: (?:thirty|fifteen))? o'clock"
        rf"|(?:half|quarter) past (?:{_WORD}|\d{{1,2}})|noon|midnight)",
        re.IGNORECASE,
    ),
    Fact.PERCENT: re.compile(rf"\b{_NUMBER}\s*(?:%|percent\b|per cent\b)", re.IGNORECASE),
    Fact.MONEY: re.compile(
        rf"(?:[€$£]\s*\d+(?:[.,]\d+)?|\b{_RANGE}\s*{_CURRENCY}(?!\w)(?:\s+{_NUMBER}\b)?)", re.IGNORECASE
    ),
    Fact.DURATION: re.compile(
        rf"\b(?:{_RANGE}|an?)[ -](?:(?:working|business|calendar|full)[ -])?{_UNIT}\b", re.IGNORECASE
    ),
}


@dataclass(frozen=True)
class Rewritten:
    """An answer as it would be."""

    text: str


@dataclass(frozen=True)
class Unclear:
    """It cannot be said what to exchange: the answer has none of `fact`, or the `candidates`."""

    fact: Fact
    candidates: tuple[str, ...]


def rewritten(answer: str, wording: str, part: int | None = None) -> Rewritten | Unclear:
    """An answer that says `wording`: in place of the fact of its kind, or, where it is a sentence, altogether.

    Of several facts of that kind it is the one at place `part`, from 0, of `candidates`.
    """
    said = wording.strip().rstrip(".")
    fact = fact_of(said)
    if fact is None:
        return Rewritten(as_sentence(said)[:ANSWER_MAX])
    names = candidates(answer, fact)
    if (part is None and len(names) != 1) or not names:
        return Unclear(fact, names)
    meant = names[part or 0].casefold()
    found = [one for one in _FACTS[fact].finditer(answer) if one.group().casefold() == meant]
    text = answer
    for one in reversed(found):
        value = _hyphened(said) if " " not in one.group() and "-" in one.group() else said
        value = value[0].upper() + value[1:] if _begins(answer, one.start()) else value
        text = text[: one.start()] + value + text[one.end() :]
    return Rewritten(text[:ANSWER_MAX])


def candidates(answer: str, fact: Fact) -> tuple[str, ...]:
    """The different facts of a kind that an answer has, in its order."""
    return tuple({one.group().casefold(): one.group() for one in _FACTS[fact].finditer(answer)}.values())


def fact_of(wording: str) -> Fact | None:
    """What kind of fact a wording is and nothing more; None of a sentence."""
    return next((fact for fact, pattern in _FACTS.items() if pattern.fullmatch(wording)), None)


def as_sentence(words: str) -> str:
    """With a capital at its begin and a stop at its end."""
    text = words[:1].upper() + words[1:]
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _hyphened(duration: str) -> str:
    """As it stands before a noun: "a five-year warranty"."""
    return duration.replace(" ", "-").removesuffix("s")


def _begins(answer: str, place: int) -> bool:
    before = answer[:place].rstrip()
    return not before or before.endswith((".", "!", "?"))

"""What two answers to one question contradict each other in: a number, a day, yes and no, a negation. Pure."""

from __future__ import annotations

import re

from search_index import terms_of
from skills.shopping.words import joined

_SMALL = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "hundred"]
WORDS = {word: str(at) for at, word in enumerate(_SMALL)} | {word: str(10 * at) for at, word in enumerate(_TENS, 2)}
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
UNITS = {
    "day": r"days?", "week": r"weeks?", "month": r"months?", "year": r"years?", "hour": r"hours?|hrs?",
    "minute": r"minutes?|mins?", "%": r"%|per ?cent", "km": r"km|kilomet(?:re|er)s?", "mile": r"miles?",
    "kg": r"kg|kilos?|kilograms?", "am": r"a\.?m\.?", "pm": r"p\.?m\.?",
    "$": r"dollars?|usd", "€": r"euros?|eur", "£": r"pounds?|gbp", "₹": r"rupees?|inr|rs\.?",
}  # fmt: skip
"""By how each is shown, what is written."""
SHARED = 0.5
"""The share of their words that two sentences have in common which say the same, or the opposite."""

_number = r"(?P<number>\d[\d,]*(?:\.\d+)?|" + "|".join(WORDS) + ")"
_range = rf"{_number}(?:\s*(?:-|\u2013|to|or)\s*(?P<upper>\d[\d,]*(?:\.\d+)?|{'|'.join(WORDS)}))?"
_units = "|".join(f"(?P<u{place}>{pattern})" for place, pattern in enumerate(UNITS.values()))
_measured = re.compile(rf"\b{_range}\s*(?:(?:working|business|calendar)\s+)?-?(?:{_units})(?!\w)", re.IGNORECASE)
_priced = re.compile(rf"(?P<sign>[$€£₹])\s*{_number}", re.IGNORECASE)
_day = "|".join(rf"{day[:3]}(?:{day[3:]})?s?" for day in DAYS)
_days = re.compile(rf"\b(?P<first>{_day})\b(?:\s*(?:-|\u2013|to|through|until)\s*(?P<last>{_day})\b)?", re.IGNORECASE)
_yes = re.compile(r"\s*(?:yes|yeah|of course|certainly|sure|absolutely)\b", re.IGNORECASE)
_no = re.compile(r"\s*(?:no|sorry|unfortunately|i'?m afraid|we(?: do not| don'?t| cannot| can'?t))\b", re.IGNORECASE)
_sentence = re.compile(r"[^.!?\n]+")
NEGATIONS = frozenset({"not", "no", "never", "cannot", "without", "none", "nothing", "unable"})
_short = re.compile(r"(\w+)n['\u2019]t\b", re.IGNORECASE)


def difference(one: str, other: str) -> str:
    """What the first contradicts the second in, as a sentence for a shop's people; empty where nothing is found."""
    if terms_of(one, stemmed=False) == terms_of(other, stemmed=False):
        return ""
    return _of_amounts(one, other) or _of_days(one, other) or _of_yes(one, other) or _of_negations(one, other)


def _of_amounts(one: str, other: str) -> str:
    first, second = _amounts(one), _amounts(other)
    for unit in first.keys() & second.keys():
        if not first[unit] & second[unit]:
            return f"One says {joined(sorted(first[unit]))}, the other {joined(sorted(second[unit]))}."
    return ""


def _amounts(text: str) -> dict[str, set[str]]:
    """What is measured in each unit."""
    found: dict[str, set[str]] = {}
    for match in _priced.finditer(text):
        found.setdefault(match["sign"], set()).add(_amount(_value(match["number"]), match["sign"]))
    for match in _measured.finditer(text):
        unit = next(name for place, name in enumerate(UNITS) if match[f"u{place}"])
        value = "-".join(_value(match[part]) for part in ("number", "upper") if match[part])
        found.setdefault(unit, set()).add(_amount(value, unit))
    return found


def _amount(value: str, unit: str) -> str:
    if unit in "$€£₹" and "-" not in value:
        return f"{unit}{float(value):.2f}" if "." in value else f"{unit}{value}"
    return f"{value}{unit}" if unit == "%" else f"{value} {unit}{'s' if value != '1' and len(unit) > 2 else ''}"


def _value(written: str) -> str:
    value = WORDS.get(written.casefold(), written.replace(",", ""))
    return value.rstrip("0").rstrip(".") if "." in value else value


def _of_days(one: str, other: str) -> str:
    first, second = _days_in(one), _days_in(other)
    if not first or not second or first == second:
        return ""
    only = [DAYS[day].capitalize() for day in sorted(first ^ second)]
    return f"Only one of them names {joined(only)}."


def _days_in(text: str) -> set[int]:
    found: set[int] = set()
    for match in _days.finditer(text):
        first = _place(match["first"])
        last = _place(match["last"]) if match["last"] else first
        found |= {(first + step) % 7 for step in range((last - first) % 7 + 1)}
    return found


def _place(day: str) -> int:
    return next(place for place, name in enumerate(DAYS) if name.startswith(day[:3].casefold()))


def _of_yes(one: str, other: str) -> str:
    if (_yes.match(one) and _no.match(other)) or (_no.match(one) and _yes.match(other)):
        return "One says yes, the other no."
    return ""


def _of_negations(one: str, other: str) -> str:
    """A sentence of the one that is one of the other's, but for a "not"."""
    for first in _sentence.findall(one):
        for second in _sentence.findall(other):
            words, others = _words(first), _words(second)
            mine, theirs = words - NEGATIONS, others - NEGATIONS
            if bool(words & NEGATIONS) == bool(others & NEGATIONS) or not mine or not theirs:
                continue
            if len(mine & theirs) / len(mine | theirs) >= SHARED:
                yes, no = (second, first) if words & NEGATIONS else (first, second)
                return f"One says “{yes.strip()}”, the other “{no.strip()}”."
    return ""


def _words(sentence: str) -> set[str]:
    plain = _short.sub(lambda match: f"{'ca' if match[1].casefold() == 'ca' else match[1]} not", sentence)
    return set(terms_of(plain.replace("ca not", "can not"), stemmed=True))

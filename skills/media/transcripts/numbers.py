"""Spoken numbers as people write them: twenty one is 21, nineteen eighty four is 1984, and three stays three."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

# fmt: off
_ONES = {word: value for value, word in enumerate((
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
))}
_TENS = {word: 10 * value for value, word in enumerate((
    "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
), start=2)}
_PLACES = {
    "first": "1st", "third": "3rd", "fourth": "4th", "fifth": "5th", "sixth": "6th", "seventh": "7th", "eighth": "8th",
    "ninth": "9th",
}
# fmt: on
"""Without "second": twenty seconds are more common than a twenty second."""
_LARGE = {"million", "billion", "trillion"}
LEAST_DIGITS = 4
"""Single digits in a row that are one number, such as a telephone's."""
GROUPED_FROM = 10_000


@dataclass(frozen=True)
class Written:
    """What is written for so many spoken words."""

    text: str
    words: int


def written_number(words: Sequence[str], at: int) -> Written:
    """What to write for the number that begins at that word; the word itself where none does, or a small one."""
    found = _digits(words, at) or _year(words, at) or _amount(words, at)
    return found or Written(words[at], 1)


def _digits(words: Sequence[str], at: int) -> Written | None:
    end = at
    while end < len(words) and (words[end] == "oh" or _ONES.get(words[end], 10) < 10):
        end += 1
    if end - at < LEAST_DIGITS:
        return None
    return Written("".join(str(_ONES.get(word, 0)) for word in words[at:end]), end - at)


def _year(words: Sequence[str], at: int) -> Written | None:
    """From sixteen hundred to twenty ninety nine, said in two halves."""
    century = _ONES.get(words[at], _TENS.get(words[at], 0))
    if not 16 <= century <= 20 or at + 1 == len(words):
        return None
    if words[at + 1] == "oh" and 0 < _ONES.get(_word(words, at + 2), 0) < 10:
        return Written(f"{century}0{_ONES[words[at + 2]]}", 3)
    rest = _below_hundred(words, at + 1)
    return Written(f"{century}{rest[0]}", 1 + rest[1]) if rest and rest[0] >= 10 else None


def _amount(words: Sequence[str], at: int) -> Written | None:
    found = _cardinal(words, at)
    if not found:
        return None
    value, end = found[0], at + found[1]
    text = f"{value:,}" if value >= GROUPED_FROM else str(value)
    if value % 10 == 0 and words[end - 1] in _TENS and _word(words, end) in _PLACES:
        return Written(f"{value // 10}{_PLACES[words[end]]}", end + 1 - at)
    decimals = 0
    if _word(words, end) == "point":
        while _ONES.get(_word(words, end + 1 + decimals), 10) < 10:
            decimals += 1
    if decimals:
        text += "." + "".join(str(_ONES[word]) for word in words[end + 1 : end + 1 + decimals])
        end += 1 + decimals
    if _word(words, end) == "percent":
        return Written(f"{text}%", end + 1 - at)
    if value < 10 and not decimals and _word(words, end) not in _LARGE:
        return None
    return Written(text, end - at)


def _cardinal(words: Sequence[str], at: int) -> tuple[int, int] | None:
    """A whole number below a million, and how many words it has."""
    found = _below_thousand(words, at)
    if not found:
        return None
    value, length = found
    if _word(words, at + length) != "thousand":
        return value, length
    length += 1
    joined = _word(words, at + length) == "and"
    rest = _below_thousand(words, at + length + joined)
    return (1000 * value + rest[0], length + joined + rest[1]) if rest else (1000 * value, length)


def _below_thousand(words: Sequence[str], at: int) -> tuple[int, int] | None:
    found = _below_hundred(words, at)
    if not found or _word(words, at + found[1]) != "hundred":
        return found
    value, length = found[0], found[1] + 1
    joined = _word(words, at + length) == "and"
    rest = _below_hundred(words, at + length + joined)
    return (100 * value + rest[0], length + joined + rest[1]) if rest else (100 * value, length)


def _below_hundred(words: Sequence[str], at: int) -> tuple[int, int] | None:
    word = _word(words, at)
    if word in _ONES:
        return _ONES[word], 1
    if word not in _TENS:
        return None
    unit = _ONES.get(_word(words, at + 1), 0)
    return (_TENS[word] + unit, 2) if 0 < unit < 10 else (_TENS[word], 1)


def _word(words: Sequence[str], at: int) -> str:
    return words[at] if at < len(words) else ""

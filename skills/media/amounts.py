"""Numbers and times in words, pure: "one hour ten", "a minute and a half", "1:30", "one point two five"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_UNITS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen " \
    "seventeen eighteen nineteen"  # fmt: skip
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"

_SMALL = {word: number for number, word in enumerate(_UNITS.split())}
_TENTHS = {word: 10 * number for number, word in enumerate(_TENS.split(), start=2)}

UNITS_MS = {
    name: milliseconds
    for names, milliseconds in (("second seconds sec secs", 1_000), ("minute minutes min mins", 60_000),
                                ("hour hours hr hrs", 3_600_000))
    for name in names.split()
}  # fmt: skip

_SMALLER = {3_600_000: 60_000, 60_000: 1_000}
"""What a number without a unit counts after a larger one: "one hour ten"."""

_CLOCK = re.compile(r"(\d{1,2}):([0-5]\d)(?::([0-5]\d))?")
_DIGITS = re.compile(r"\d{1,6}(?:\.\d{1,6})?")
_WORD = re.compile(r"\d+(?::\d+)+|\d+\.\d+|\d+|[a-z']+|%")


@dataclass(frozen=True)
class Amount:
    """A number or a time, in the words from `start` to before `end`."""

    value: float
    start: int
    end: int


def words(text: str) -> list[str]:
    """The words of a text, lower case and without punctuation; digits and the letters after them are two words."""
    return _WORD.findall(text.casefold().replace("-", " ").replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))


def number_at(spoken: Sequence[str], start: int) -> Amount | None:
    """The number that begins at word `start`: digits, words up to 999, with "and a half" or "point five"."""
    whole = _whole_at(spoken, start)
    if whole is None:
        return None
    after = tuple(spoken[whole.end : whole.end + 3])
    if after in (("and", "a", "half"), ("and", "a", "quarter")):
        return Amount(whole.value + (0.5 if after[2] == "half" else 0.25), start, whole.end + 3)
    if after[:1] == ("point",):
        return _with_decimals(spoken, whole)
    return whole


def number_in(spoken: Sequence[str]) -> Amount | None:
    """The first number among the words."""
    found = (number_at(spoken, start) for start in range(len(spoken)))
    return next((amount for amount in found if amount), None)


def time_in(spoken: Sequence[str]) -> Amount | None:
    """The first length of time among the words, in milliseconds."""
    found = (_time_at(spoken, start) for start in range(len(spoken)))
    return next((amount for amount in found if amount), None)


def _time_at(spoken: Sequence[str], start: int) -> Amount | None:
    if clock := _CLOCK.fullmatch(spoken[start]):
        parts = [int(part) for part in clock.groups() if part is not None]
        seconds = parts[0] * 60 + parts[1] if len(parts) == 2 else parts[0] * 3600 + parts[1] * 60 + parts[2]
        return Amount(1000 * seconds, start, start + 1)
    found = _counted_at(spoken, start)
    if found is None:
        return None
    total, unit, end = found
    while True:
        following = end + 1 if spoken[end : end + 1] == ["and"] else end
        if tuple(spoken[end : end + 3]) == ("and", "a", "half"):
            total, end = total + unit / 2, end + 3
        elif (more := _counted_at(spoken, following)) and more[1] < unit:
            total, unit, end = total + more[0], more[1], more[2]
        else:
            break
    bare = number_at(spoken, end) if unit in _SMALLER else None
    if bare and bare.value < 60:  # "one hour ten"
        total, end = total + bare.value * _SMALLER[unit], bare.end
    return Amount(round(total), start, end)


def _counted_at(spoken: Sequence[str], start: int) -> tuple[float, int, int] | None:
    """A number and its unit: (milliseconds, the unit's milliseconds, the end)."""
    number = _share_at(spoken, start) or number_at(spoken, start) or _vague_at(spoken, start)
    if number is None or number.end >= len(spoken) or spoken[number.end] not in UNITS_MS:
        return None
    unit = UNITS_MS[spoken[number.end]]
    return number.value * unit, unit, number.end + 1


def _share_at(spoken: Sequence[str], start: int) -> Amount | None:
    """A part of one unit: "half an hour", "a quarter of an hour", "three quarters of an hour"."""
    text = " ".join(spoken[start : start + 5])
    for pattern, value in _SHARES:
        if found := re.match(rf"(?:{pattern}) (?:of )?an? ", text):
            return Amount(value, start, start + len(found[0].split()))
    return None


_SHARES = (("half", 0.5), ("(?:a )?quarter", 0.25), ("three quarters", 0.75))


def _vague_at(spoken: Sequence[str], start: int) -> Amount | None:
    text = " ".join(spoken[start : start + 3])
    if found := re.match(r"(?:a )?couple (?:of )?(?=\w)", f"{text} x"):
        return Amount(2, start, start + len(found[0].split()))
    if text.startswith("a few"):
        return Amount(3, start, start + 2)
    return Amount(1, start, start + 1) if spoken[start : start + 1] in (["a"], ["an"]) else None


def _whole_at(spoken: Sequence[str], start: int) -> Amount | None:
    if start >= len(spoken):
        return None
    if _DIGITS.fullmatch(spoken[start]):
        return Amount(float(spoken[start]), start, start + 1)
    hundred = _hundred_at(spoken, start)
    if hundred is None:
        return _below_hundred_at(spoken, start)
    rest_at = hundred.end + 1 if spoken[hundred.end : hundred.end + 1] == ["and"] else hundred.end
    rest = _below_hundred_at(spoken, rest_at)
    return Amount(hundred.value + rest.value, start, rest.end) if rest else hundred


def _hundred_at(spoken: Sequence[str], start: int) -> Amount | None:
    if spoken[start + 1 : start + 2] != ["hundred"]:
        return None
    count = 1 if spoken[start] == "a" else _SMALL.get(spoken[start], 0)
    return Amount(100 * count, start, start + 2) if 1 <= count <= 9 else None


def _below_hundred_at(spoken: Sequence[str], start: int) -> Amount | None:
    word, after = (*spoken[start : start + 2], "", "")[:2]
    if word in _TENTHS:
        unit = _SMALL.get(after, 0)
        has_unit = 1 <= unit <= 9
        return Amount(_TENTHS[word] + (unit if has_unit else 0), start, start + 1 + has_unit)
    return Amount(_SMALL[word], start, start + 1) if word in _SMALL else None


def _with_decimals(spoken: Sequence[str], whole: Amount) -> Amount:
    """What follows "point": digits one by one, or a number below a hundred: "one point two five", "one point five"."""
    end, digits = whole.end + 1, ""
    while end < len(spoken) and len(digits) < 6:
        word = spoken[end]
        if word.isdigit() and len(word) <= 2:
            digits += word
        elif word in _SMALL and _SMALL[word] < 10:
            digits += str(_SMALL[word])
        elif (more := _below_hundred_at(spoken, end)) and not digits:
            digits, end = str(round(more.value)), more.end
            break
        else:
            break
        end += 1
    return Amount(float(f"{whole.value:.0f}.{digits}"), whole.start, end) if digits else whole

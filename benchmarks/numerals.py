"""Whole numbers in English words, as they are said."""

from __future__ import annotations

_SMALL = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def in_words(number: int, joined_by_and: bool = False) -> str:
    """`number` (0 to 999,999) in words; with `joined_by_and` as the British say it: two hundred and five."""
    if number < 20:
        return _SMALL[number]
    if number < 100:
        tens, rest = divmod(number, 10)
        return _TENS[tens - 2] + (f" {_SMALL[rest]}" if rest else "")
    size, name = (1_000, "thousand") if number >= 1_000 else (100, "hundred")
    count, rest = divmod(number, size)
    link = " and " if joined_by_and and rest and (size == 100 or rest < 100) else " "
    return f"{in_words(count, joined_by_and)} {name}" + (f"{link}{in_words(rest, joined_by_and)}" if rest else "")

"""Written text as the words somebody would say: numbers spelled out, punctuation gone, apostrophes kept."""

from __future__ import annotations

import re
import unicodedata

# fmt: off
_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)
_TENS = ("zero", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
# fmt: on
_SCALES = ((1_000_000_000, "billion"), (1_000_000, "million"), (1_000, "thousand"), (100, "hundred"))
_ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
_SIGNS = {"&": " and ", "%": " percent ", "+": " plus ", "@": " at ", "$": " dollars ", "£": " pounds ", "€": " euros "}
_TOKEN = re.compile(r"\d+(?:,\d{3})+|\d+|[a-z]+(?:'[a-z]+)*'?")
_ORDINAL = re.compile(r"\b(\d{1,9})(?:st|nd|rd|th)\b")
_DECIMAL = re.compile(r"\b(\d{1,9})\.(\d{1,9})\b")
_MAX_DIGITS = 12


def spoken_words(text: str) -> list[str]:
    """The words of `text` as lower-case ASCII; what no English voice says (other scripts, symbols) is left out."""
    plain = unicodedata.normalize("NFKD", text.replace("\u2019", "'").replace("\u2018", "'")).lower()
    plain = "".join(mark for mark in plain if not unicodedata.combining(mark))
    for sign, word in _SIGNS.items():
        plain = plain.replace(sign, word)
    plain = _ORDINAL.sub(lambda match: " " + ordinal_words(int(match[1])) + " ", plain)
    plain = _DECIMAL.sub(lambda match: f" {cardinal_words(int(match[1]))} point {_digits(match[2])} ", plain)
    words: list[str] = []
    for token in _TOKEN.findall(plain):
        words.extend(_number(token).split() if token[0].isdigit() else [_trim_apostrophe(token)])
    return words


def cardinal_words(number: int) -> str:
    """A whole number from 0 to 999,999,999,999 in words: 42 is `forty two`."""
    if number < 20:
        return _ONES[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return _TENS[tens] + (f" {_ONES[ones]}" if ones else "")
    scale, name = next((scale, name) for scale, name in _SCALES if number >= scale)
    head, rest = divmod(number, scale)
    return f"{cardinal_words(head)} {name}" + (f" {cardinal_words(rest)}" if rest else "")


def ordinal_words(number: int) -> str:
    """A place in a row in words: 21 is `twenty first`."""
    *head, last = cardinal_words(number).split()
    regular = f"{last[:-1]}ieth" if last.endswith("y") else f"{last}th"
    return " ".join([*head, _ORDINALS.get(last, regular)])


def year_words(year: int) -> str:
    """A year from 1100 to 2099 as it is said: 1984 is `nineteen eighty four`, 2005 is `two thousand five`."""
    century, rest = divmod(year, 100)
    if year // 1000 == 2 and century == 20 and rest < 10:
        return cardinal_words(year)
    if rest == 0:
        return f"{cardinal_words(century)} hundred"
    return f"{cardinal_words(century)} {'oh ' if rest < 10 else ''}{cardinal_words(rest)}"


def _number(token: str) -> str:
    digits = token.replace(",", "")
    if len(digits) > _MAX_DIGITS or (digits[0] == "0" and len(digits) > 1):
        return _digits(digits)
    number = int(digits)
    return year_words(number) if "," not in token and 1100 <= number <= 2099 else cardinal_words(number)


def _digits(digits: str) -> str:
    return " ".join(_ONES[int(digit)] for digit in digits)


def _trim_apostrophe(token: str) -> str:
    """A closing quotation mark is no part of the word; the apostrophe of a plural (`dogs'`) is silent anyway."""
    return token.rstrip("'")

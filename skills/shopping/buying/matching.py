"""What words mean among a few things at hand: names of products, values of options, codes and addresses. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

Key = TypeVar("Key")

_WORD = re.compile(r"[^\W_]+(?:['.][^\W_]+)*")
_IDLE = frozenset(
    ("a", "an", "the", "of", "my", "in", "size", "colour", "color", "one", "ones", "it", "that", "this", "please")
)
_SIZES = {
    "xs": "extra small", "s": "small", "m": "medium", "l": "large", "xl": "extra large", "xxl": "extra extra large",
}  # fmt: skip
_SAID_SIZES = {"x-small": "xs", "x-large": "xl", "xx-large": "xxl", "2xl": "xxl", "med": "m"}
_SMALL = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_NUMBERS = {word: str(value) for value, word in enumerate(_SMALL)} | {"oh": "0"}
_TENS = {
    word: 10 * value
    for value, word in enumerate(("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"), 2)
}


def words(text: str) -> frozenset[str]:
    """The words that tell things apart, without the plural's s."""
    return frozenset(_singular(word) for word in _WORD.findall(text.casefold()) if word not in _IDLE)


def named_among(text: str, titles: Mapping[Key, str]) -> list[Key]:
    """Those whose title has every word of `text`; of these, those with no other word but these where there are any."""
    wanted = words(text)
    found = [key for key, title in titles.items() if wanted and wanted <= words(title)]
    exact = [key for key in found if words(titles[key]) == wanted]
    return exact or found


def value_meant(said: str, values: Sequence[str]) -> str | None:
    """The value of an option that was said ("medium" for "M", "the blue one" for "navy blue"), if it is clear."""
    text = _spelt(said)
    for value in values:
        if text == _spelt(value):
            return value
    spoken = words(said)
    spelt = {value: words(_spelt(value)) for value in values}
    whole = [value for value in values if spelt[value] and spelt[value] <= spoken]
    if whole:  # "navy blue" has "blue" in it as well
        longest = max(whole, key=lambda value: len(spelt[value]))
        return longest if all(spelt[value] <= spelt[longest] for value in whole) else None
    part = [value for value in values if spoken and spoken <= spelt[value]]
    return part[0] if len(part) == 1 else None


def spoken_code(text: str) -> str:
    """A code, a PIN or a number as it is written: "four seven one one" is 4711, "w a r m ten" WARM10."""
    parts: list[str] = []
    tens = 0
    for word in re.findall(r"[a-z]+|\d+|[-_]", text.casefold()):
        if tens and len(digit := _NUMBERS.get(word, "")) == 1 and digit != "0":
            parts[-1] = str(tens + int(digit))
            tens = 0
            continue
        tens = _TENS.get(word, 0)
        parts.append(str(tens) if tens else "-" if word in ("dash", "hyphen") else _NUMBERS.get(word, word))
    return "".join(parts).upper()


def spoken_email(text: str) -> str:
    """An address as it is written: "anna at x dot org" is anna@x.org."""
    signs = {"at": "@", "dot": ".", "underscore": "_", "dash": "-", "hyphen": "-", "minus": "-", "plus": "+"}
    return "".join(signs.get(word.casefold(), word) for word in text.split()).strip(".,;")


def distinct(values: Iterable[str]) -> list[str]:
    """Each once, in their order."""
    return list(dict.fromkeys(values))


def _spelt(value: str) -> str:
    text = " ".join(word for word in value.casefold().split() if word not in _IDLE)
    text = _SAID_SIZES.get(text, text)
    return _SIZES.get(text, text)


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word

"""Numbers in words."""

from __future__ import annotations

from collections.abc import Sequence

from search_index.understanding.tokens import Token

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_SMALL = {word: value for value, word in enumerate(_UNITS.split())}
_SMALL |= {word: 10 * value for value, word in enumerate(_TENS.split(), start=2)}
_SMALL |= {"fourty": 40, "dozen": 12}
_SCALES = {"thousand": 1_000, "grand": 1_000, "million": 1_000_000}


def number(tokens: Sequence[Token], start: int, joined: bool = True) -> tuple[float, int] | None:
    """The number in digits or words that begins at token `start`, and where it ends.

    Not `joined`: "and" ends it, as in "between one hundred and fifty".
    """
    if start >= len(tokens):
        return None
    first = tokens[start]
    if first.number is not None:
        return _scaled(tokens, first.number, start + 1)
    words = [token.text for token in tokens[start : start + 24]]
    if words[0] == "half" and len(words) > 1 and words[1] in ("a", "an"):
        return 0.5, start + 2
    opening = 2 if words[:2] == ["a", "couple"] else 1 if words[0] == "couple" else 0
    if opening:
        opening += words[opening : opening + 1] == ["of"]
        return _scaled(tokens, 2, start + opening)
    if words[0] in ("a", "one") and words[1:2] and words[1] in ("hundred", "dozen", *_SCALES):
        words[0] = "one"
        if words[1] == "dozen":
            return 12, start + 2
    found = _whole(words, joined)
    if found is None:
        return None
    value, end = found
    if joined and words[end : end + 3] == ["and", "a", "half"]:
        return value + 0.5, start + end + 3
    if words[end : end + 1] == ["point"]:
        return _with_decimals(words, value, start, end)
    return value, start + end


def _scaled(tokens: Sequence[Token], value: float, end: int) -> tuple[float, int]:
    """Digits may be followed by a size: 2 thousand, 5 hundred."""
    if end < len(tokens):
        word = tokens[end].text
        if word == "hundred":
            return value * 100, end + 1
        if word in _SCALES:
            return value * _SCALES[word], end + 1
    return value, end


def _whole(words: Sequence[str], joined: bool) -> tuple[float, int] | None:
    total, group, end, last = 0, -1, 0, ""  # a group is what stands before a thousand; -1: nothing yet
    while end < len(words):
        word = words[end]
        if word in _SMALL and _fits(group, _SMALL[word], last):
            group = max(group, 0) + _SMALL[word]
        elif word == "hundred" and 0 < group < 100:
            group *= 100
        elif word in _SCALES and group > 0 and (not total or _SCALES[word] <= total):
            total, group = total + group * _SCALES[word], -1
        elif word == "and" and joined and (last == "hundred" or last in _SCALES) and _goes_on(words, end + 1):
            pass
        else:
            break
        last, end = word, end + 1
    if end == 0:
        return None
    return float(total + max(group, 0)), end


def _fits(group: int, value: int, last: str) -> bool:
    """Whether a small number may follow in its group: nothing yet, tens then units, hundreds then tens."""
    if group < 0:
        return True
    if last == "hundred" or last == "and":
        return group % 100 == 0 and value > 0
    return last in _SMALL and _SMALL[last] >= 20 and group % 10 == 0 and 0 < value < 10


def _goes_on(words: Sequence[str], end: int) -> bool:
    """Whether what follows "and" is still the same number, not a hundred of its own ("one hundred and two hundred")."""
    if end >= len(words) or words[end] not in _SMALL:
        return False
    after = end + 2 if end + 1 < len(words) and _SMALL.get(words[end + 1], 99) < 10 else end + 1
    return words[after : after + 1] != ["hundred"]


def _with_decimals(words: Sequence[str], value: float, start: int, end: int) -> tuple[float, int]:
    digits = []
    for word in words[end + 1 :]:
        if _SMALL.get(word, 99) > 9:
            break
        digits.append(str(_SMALL[word]))
    if not digits:
        return value, start + end
    return float(f"{value:.0f}.{''.join(digits)}"), start + end + 1 + len(digits)

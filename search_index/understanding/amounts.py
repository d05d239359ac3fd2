"""Amounts: a number with its currency or unit, as it is written or said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from search_index.understanding.numerals import number
from search_index.understanding.reading import is_text
from search_index.understanding.tokens import Token
from search_index.understanding.units import CENTS, CURRENCIES, NEED_DIGITS, Unit
from search_index.understanding.vocabulary import Vocabulary


@dataclass(frozen=True)
class Amount:
    """`value` with a `currency` (ISO 4217), a `unit`, neither, or both where a word may mean either ("pounds")."""

    value: float
    end: int
    currency: str | None = None
    unit: Unit | None = None

    @property
    def bare(self) -> bool:
        return self.currency is None and self.unit is None


def amount(tokens: Sequence[Token], start: int, vocabulary: Vocabulary, joined: bool = True) -> Amount | None:
    """The amount that begins at token `start`, or None where there is none or its number counts something else."""
    currency, place = None, start
    if start + 1 < len(tokens) and tokens[start].text == "us" and tokens[start + 1].text == "$":
        place += 1
    if place < len(tokens) and tokens[place].text in CURRENCIES:
        currency, place = CURRENCIES[tokens[place].text], place + 1
    found = number(tokens, place, joined)
    if found is None:
        return None
    value, end = found
    in_digits = tokens[place].number is not None
    if not in_digits and (cents := _cents(tokens, end)) is not None and value < 1_000:
        value, end = value + cents[0] / 100, cents[1]
    if is_text(tokens, end, "k") and tokens[end].glued:
        value, end = value * 1_000, end + 1
    if currency is not None:
        doubled = end < len(tokens) and CURRENCIES.get(tokens[end].text) == currency  # "$60 dollars"
        return Amount(_whole(tokens, place, value), end + doubled, currency)
    if is_text(tokens, end, "%", "percent", "x", "\u00d7") or (
        is_text(tokens, end, "in") and number(tokens, end + 1) is not None
    ):
        return None
    return _with_unit(tokens, place, value, end, vocabulary, in_digits)


def _with_unit(
    tokens: Sequence[Token], place: int, value: float, end: int, vocabulary: Vocabulary, in_digits: bool
) -> Amount | None:
    if end >= len(tokens):
        return Amount(value, end)
    word, after = tokens[end].text, end + 1
    if word in ("fl", "fluid") and after < len(tokens):
        word, after = f"fl{tokens[after].text}" if word == "fl" else f"fluid{tokens[after].text}", after + 1
    if word in CENTS:
        return Amount(value / 100, after, vocabulary.currency)
    currency = CURRENCIES.get(word)
    unit = vocabulary.units.get(word)
    if unit is not None and word in NEED_DIGITS and not (in_digits and _reads_as_unit(tokens, end, vocabulary)):
        unit = None
    if currency is not None:
        after += after < len(tokens) and CURRENCIES.get(tokens[after].text) == currency
        cents = _and_cents(tokens, after)
        if cents is not None:
            return Amount(value + cents[0] / 100, cents[1], currency)
        value = _whole(tokens, place, value)
    return Amount(value, after if unit or currency else end, currency, unit)


def _reads_as_unit(tokens: Sequence[Token], place: int, vocabulary: Vocabulary) -> bool:
    """Whether a word such as "in" or "m" is a unit here: joined to its number, or (not "in") at the end of a phrase."""
    token = tokens[place]
    following = tokens[place + 1].text if place + 1 < len(tokens) else ""
    return token.glued or token.text != "in" or following in vocabulary.attributes


def _whole(tokens: Sequence[Token], place: int, value: float) -> float:
    """A price has no three decimals: 1.299 is one thousand two hundred and ninety-nine."""
    three_decimals = tokens[place].number is not None and value < 1_000 and round(value % 1 * 1_000) % 10
    return value * 1_000 if three_decimals else value


def _cents(tokens: Sequence[Token], start: int) -> tuple[float, int] | None:
    """The ninety-nine of "forty nine ninety nine"."""
    found = number(tokens, start) if start < len(tokens) and tokens[start].number is None else None
    return found if found is not None and 10 <= found[0] < 100 and tokens[start].text not in ("a", "dozen") else None


def _and_cents(tokens: Sequence[Token], start: int) -> tuple[float, int] | None:
    """The rest of "five dollars (and) ninety nine (cents)"."""
    place = start + 1 if is_text(tokens, start, "and") else start
    found = number(tokens, place, joined=False)
    if found is None or not 1 <= found[0] < 100 or found[0] % 1:
        return None
    value, end = found
    if end < len(tokens) and tokens[end].text in CENTS:
        return value, end + 1
    return (value, end) if place == start and value >= 10 and tokens[place].number is None else None

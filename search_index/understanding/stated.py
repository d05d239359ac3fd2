"""The words of a limit: what is compared, how, and with which amounts, before it is known which field it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from search_index.understanding.amounts import Amount, amount
from search_index.understanding.language import (
    AFTER,
    BEFORE,
    BETWEEN,
    BETWEEN_FLIP_AND_COMPARATOR,
    CONNECTING,
    FLIPS,
    LEADING,
    LINKS,
    MONEY,
    NEGATED,
    RANGE_JOINTS,
    SIGNS,
    Comparing,
    Operator,
)
from search_index.understanding.numerals import number
from search_index.understanding.reading import is_text, skip
from search_index.understanding.tokens import Token, longest
from search_index.understanding.units import convert
from search_index.understanding.vocabulary import Vocabulary

_MARKS = {"range", "mark", "bracket", "region", "ballpark", "each", "apiece", "total", "altogether"}
_FILLERS = {"of", "to", "be", "by", "just", "only", "the", "about", "is", ":", "="}


@dataclass(frozen=True)
class Stated:
    """What was read of one limit before it is known which field it is about.

    `attributes` are the fields that were named; `loosely`: only by a word before it, which may be its subject instead.
    """

    operator: Operator
    low: Amount
    high: Amount | None
    end: int
    dimension: str | None
    attributes: tuple[str, ...]
    loosely: bool

    @property
    def last(self) -> Amount:
        return self.high or self.low


def read_stated(tokens: Sequence[Token], start: int, vocabulary: Vocabulary) -> Stated | None:
    """The limit that begins at token `start`, or None."""
    lead = _lead(tokens, start, vocabulary)
    comparing: Comparing | None = None
    pair: tuple[Amount, Amount | None] | None = _between(tokens, lead.end, vocabulary)
    if pair is None:
        comparing, place = _comparator(tokens, lead.end)
        if comparing is not None and not lead.named:  # "a minimum length of"
            lead = _lead(tokens, place, vocabulary)
            place = lead.end
        pair = _amounts(tokens, place, comparing, vocabulary)
    if pair is None:
        return None
    low, high = pair
    operator = comparing.operator if comparing else Operator.BETWEEN if high else Operator.IS
    attributes, loosely, end = lead.attributes, lead.loosely, (high or low).end
    for _ in range(2):  # "8 gb ram or more", "8 gb or more of ram"
        if operator is Operator.IS and (after := longest(AFTER, tokens, end)) is not None:
            operator, end = after[0].operator, after[1]
        elif operator is Operator.IS and is_text(tokens, end, "+", "plus") and number(tokens, end + 1) is None:
            operator, end = Operator.AT_LEAST, end + 1
        if low.currency is None and (named := _trailing(tokens, end, vocabulary)) is not None:
            (attributes, end), loosely = named, False
    end = skip(tokens, end, _MARKS, 1)
    dimension = (comparing.dimension if comparing else None) or lead.dimension
    if not attributes and dimension in vocabulary.attributes:  # what is longer is about the length
        attributes = vocabulary.attributes[dimension]
    return Stated(operator, low, high, end, dimension, attributes, loosely)


@dataclass(frozen=True)
class _Lead:
    end: int
    dimension: str | None = None
    attributes: tuple[str, ...] = ()
    loosely: bool = False

    @property
    def named(self) -> bool:
        return self.dimension is not None or bool(self.attributes)


def _lead(tokens: Sequence[Token], place: int, vocabulary: Vocabulary) -> _Lead:
    """The name of an attribute before the limit ("ram of at least ..."), or a word of money ("costing ...")."""
    if (named := longest(vocabulary.attributes, tokens, place)) is not None:
        end = skip(tokens, named[1], LINKS, 3)
        return _Lead(end, None, named[0], loosely=end == named[1] and vocabulary.rating not in named[0])
    money = skip(tokens, place, LEADING, 2)
    if money == place:
        return _Lead(place)
    end = skip(tokens, money, LINKS, 3)
    priced_at = is_text(tokens, end, "at") and not is_text(tokens, end + 1, "least", "most", "the", "maximum")
    return _Lead(end + priced_at, MONEY)


def _comparator(tokens: Sequence[Token], place: int) -> tuple[Comparing | None, int]:
    """A comparator with what turns it round before it, and the place after both."""
    if (plain := _plain_comparator(tokens, place)) is not None:
        return plain
    if (flip := longest(FLIPS, tokens, place)) is not None:
        after = skip(tokens, flip[1], BETWEEN_FLIP_AND_COMPARATOR, 5)
        if (turned := _plain_comparator(tokens, after)) is not None and turned[0].operator in NEGATED:
            return Comparing(NEGATED[turned[0].operator], turned[0].dimension), turned[1]
    return None, place


def _plain_comparator(tokens: Sequence[Token], place: int) -> tuple[Comparing, int] | None:
    if place < len(tokens) and tokens[place].text in SIGNS:
        operator = SIGNS[tokens[place].text]
        if is_text(tokens, place + 1, "="):
            return Comparing(Operator.AT_MOST if operator is Operator.UNDER else Operator.AT_LEAST), place + 2
        return Comparing(operator), place + 1
    found = longest(BEFORE, tokens, place)
    if found is None:
        return None
    comparing, end = found
    return comparing, skip(tokens, end, _FILLERS, 3)


def _between(tokens: Sequence[Token], start: int, vocabulary: Vocabulary) -> tuple[Amount, Amount | None] | None:
    """Two amounts after "between" or "from"."""
    opening = longest(BETWEEN, tokens, start)
    if opening is None:
        return None
    for joined in (True, False):  # "between one hundred and fifty" are two amounts where no other one follows
        low = amount(tokens, opening[1], vocabulary, joined)
        if low is not None and is_text(tokens, low.end, *RANGE_JOINTS):
            high = amount(tokens, low.end + 1, vocabulary)
            if high is not None:
                return _agreed(low, high)
    return None


def _amounts(
    tokens: Sequence[Token], start: int, comparing: Comparing | None, vocabulary: Vocabulary
) -> tuple[Amount, Amount | None] | None:
    """One amount, or two with "to" between them."""
    low = amount(tokens, start, vocabulary)
    if low is None:
        return None
    ranged = comparing is None or comparing.operator is Operator.ABOUT
    if ranged and is_text(tokens, low.end, "to", "-", "\u2013"):
        high = amount(tokens, low.end + 1, vocabulary)
        if high is not None and (pair := _agreed(low, high)) is not None:
            return pair
    return low, None


def _agreed(low: Amount, high: Amount) -> tuple[Amount, Amount | None] | None:
    """Both ends with the unit of either, the lower first; None where their units have nothing in common."""
    currency, unit = low.currency or high.currency, low.unit or high.unit
    if low.bare:
        low = Amount(low.value, low.end, currency, unit)
    if high.bare:
        high = Amount(high.value, high.end, currency, unit)
    if low.unit and high.unit and low.unit != high.unit:
        if low.unit.dimension != high.unit.dimension:
            return None
        low = Amount(convert(low.value, low.unit, high.unit), low.end, None, high.unit)
    if low.value > high.value:
        low, high = Amount(high.value, low.end, currency, unit), Amount(low.value, high.end, currency, unit)
    return low, high


def _trailing(tokens: Sequence[Token], place: int, vocabulary: Vocabulary) -> tuple[tuple[str, ...], int] | None:
    """The name of an attribute after its amount: "of ram", "ddr4 memory", "screen"; never beyond a name of its own."""
    place = skip(tokens, place, {"of", "in", "for", "the", "worth", "-", "internal", "total"}, 3)
    for start in (place, place + 1):
        if (named := longest(vocabulary.attributes, tokens, start)) is not None:
            return named
        if start < len(tokens) and (tokens[start].text in CONNECTING or not tokens[start].is_word):
            break
        if longest(vocabulary.known, tokens, start) is not None:  # "15 inch Sony screen"
            break
    return None

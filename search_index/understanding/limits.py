"""Limits, ranges and amounts of prices and quantities: "under fifty dollars", "16 gigs of ram or more"."""

from __future__ import annotations

from collections.abc import Sequence

from search_index.filters import Range
from search_index.schema import MAX_NUMBER
from search_index.understanding.language import ASKING, BEFORE, BETWEEN, CONNECTING, MONEY, NEGATORS, Operator
from search_index.understanding.meanings import Price
from search_index.understanding.reading import Reading, bounds, is_text, priced, said
from search_index.understanding.stated import Stated, read_stated
from search_index.understanding.tokens import Token, longest
from search_index.understanding.understood import Constraint
from search_index.understanding.units import BY_NAME, Unit, convert, is_rounded
from search_index.understanding.vocabulary import Vocabulary

ROUNDED = 0.025
"""Numbers that were converted: catalogues round feet to metres, and count a thousand as 1000 or as 1024."""
WRITTEN = 0.005
"""Numbers in the field's own unit: only the last digit may be written differently."""
NOMINAL_INCHES = (0.25, 0.65)
"""Whole inches are a class of sizes: 23.8 is sold as 24, and 15.6 as 15."""
MOST = MAX_NUMBER / 2
"""No limit is larger: the index keeps no larger numbers."""
COUNTED_THINGS = {"age", "ages", "aged", "size", "sizes", "version", "usb", "windows", "generation", "gen", "series"}
"""A bare range after these is no price."""


def read_limit(tokens: Sequence[Token], start: int, vocabulary: Vocabulary) -> Reading | None:
    """The limit that begins at token `start`."""
    stated = read_stated(tokens, start, vocabulary)
    if stated is None or (stated.loosely and not _about_attribute(stated, vocabulary)):
        return None
    if _is_money(stated, tokens, vocabulary):
        return _price(stated, tokens, start, vocabulary)
    return _quantity(stated, tokens, start, vocabulary)


def _about_attribute(stated: Stated, vocabulary: Vocabulary) -> bool:
    """Whether "hard drive" in "hard drive over 500" names what the limit is about.

    It does where the unit is its own. People limit prices from above and quantities from below; a bare number must
    moreover be one that occurs.
    """
    one = stated.last
    if not one.bare:
        return one.unit is not None
    if stated.operator not in (Operator.IS, Operator.OVER, Operator.AT_LEAST):
        return False
    return any(vocabulary.having(bounds(name, Operator.IS, one.value, one.value)) for name in stated.attributes)


def _is_money(stated: Stated, tokens: Sequence[Token], vocabulary: Vocabulary) -> bool:
    one = stated.last
    if one.unit is not None and one.currency is not None:  # pounds
        weighs = stated.dimension == one.unit.dimension or stated.attributes or vocabulary.currency != one.currency
        return not (weighs and _fields_in(one.unit, vocabulary))
    if one.unit is not None or stated.attributes:
        return False
    if one.currency is not None or stated.dimension == MONEY:
        return True
    if stated.dimension is not None or stated.operator is Operator.IS:
        return False
    if stated.operator is Operator.UNDER or stated.end >= len(tokens):
        return True
    following = tokens[stated.end]  # "up to 4 people" counts people
    if not following.is_word or following.text in CONNECTING | ASKING:
        return True
    return any(longest(table, tokens, stated.end) for table in (vocabulary.known, NEGATORS, BEFORE))


def _price(stated: Stated, tokens: Sequence[Token], start: int, vocabulary: Vocabulary) -> Reading | None:
    field = vocabulary.price
    price = vocabulary.meanings.get(field or "")
    if field is None or not isinstance(price, Price):
        return None
    plain_range = stated.high is not None and stated.last.bare and not longest(BETWEEN, tokens, start)
    if plain_range and is_text(tokens, start - 1, *COUNTED_THINGS):
        return None
    operator = Operator.ABOUT if stated.operator is Operator.IS else stated.operator
    rate = price.rates.get(stated.last.currency or "", 1.0) * price.minor
    values = tuple(_tidy(one.value * rate) for one in (stated.low, stated.high) if one is not None)
    if max(values) > MOST:
        return None
    certainty = 0.6 if plain_range else 0.7 if operator is Operator.ABOUT else 0.9 if stated.last.bare else 1.0
    constraint = Constraint(
        field,
        operator,
        values,
        f"{_worded(operator, [priced(value / price.minor) for value in values])} {price.word}",
        tokens[start].start,
        tokens[stated.end - 1].end,
        bounds(field, operator, values[0], values[-1]),
        certainty=certainty,
        is_price=True,
    )
    return Reading(stated.end, (constraint,))


def _quantity(stated: Stated, tokens: Sequence[Token], start: int, vocabulary: Vocabulary) -> Reading | None:
    unit = stated.last.unit
    if unit is not None:
        fields = _fields_in(unit, vocabulary)
    else:
        fields = [name for name in stated.attributes if name in vocabulary.quantities or name == vocabulary.rating]
    if not fields:
        return None
    named = [name for name in fields if name in stated.attributes]
    if stated.attributes and not named:
        return None
    operator = stated.operator
    if vocabulary.rating in fields and operator is Operator.IS:
        operator = Operator.AT_LEAST  # "four stars" is never wanted to mean no better
    read = [_bounded(stated, operator, name, unit, vocabulary) for name in named or fields]
    condition, values = max(
        read, key=lambda one: (_own_unit(one[0].field, unit, vocabulary), vocabulary.having(one[0]))
    )
    if max(values) > MOST:
        return None
    field = condition.field
    held = unit.name if unit else "stars" if field == vocabulary.rating else vocabulary.quantities[field].unit
    stated_values = [one.value for one in (stated.low, stated.high) if one is not None]
    words = () if field == vocabulary.rating else vocabulary.quantities[field].words[:1]
    constraint = Constraint(
        field,
        operator,
        values,
        " ".join((*words, _worded(operator, [said(value) for value in stated_values]), held)),
        tokens[start].start,
        tokens[stated.end - 1].end,
        condition,
        certainty=(0.95 if named or len(fields) == 1 else 0.8) - (0.2 if operator is Operator.ABOUT else 0.0),
    )
    return Reading(stated.end, (constraint,))


def _fields_in(unit: Unit, vocabulary: Vocabulary) -> list[str]:
    """The fields with numbers of the unit's dimension."""
    if unit.dimension == "rating":
        return [vocabulary.rating] if vocabulary.rating else []
    return [name for name in vocabulary.quantities if vocabulary.unit_of(name).dimension == unit.dimension]


def _own_unit(field: str, unit: Unit | None, vocabulary: Vocabulary) -> bool:
    """Screens are in inches and cables in metres: what was said in a field's own unit is more likely about it."""
    return field in vocabulary.quantities and vocabulary.unit_of(field) == unit


def _bounded(
    stated: Stated, operator: Operator, field: str, unit: Unit | None, vocabulary: Vocabulary
) -> tuple[Range, tuple[float, ...]]:
    """What was stated as a condition on `field`, and its values in the field's own unit."""
    own = BY_NAME["star"] if field == vocabulary.rating else vocabulary.unit_of(field)
    asked = unit or own
    values = tuple(_tidy(convert(one.value, asked, own)) for one in (stated.low, stated.high) if one is not None)
    if operator is Operator.IS and asked == own == BY_NAME["in"] and values[0] == int(values[0]):
        below, above = NOMINAL_INCHES
        return Range(field, values[0] - below, values[0] + above), values
    slack = ROUNDED if is_rounded(asked, own) else WRITTEN if operator is Operator.IS else 0.0
    return bounds(field, operator, values[0], values[-1], slack), values


def _worded(operator: Operator, values: Sequence[str]) -> str:
    if len(values) == 2:
        return f"{operator} {values[0]} {'to' if operator is Operator.ABOUT else 'and'} {values[1]}"
    return values[0] if operator is Operator.IS else f"{operator} {values[0]}"


def _tidy(value: float) -> float:
    """Without the dust of multiplying: 49.99 dollars are 4999 cents."""
    return round(value, 6)

"""Superlatives, years, and comparisons with another item: "the cheapest", "since 2019", "like this but newer"."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from search_index.documents import Document
from search_index.filters import And, AnyOf, Exists, Filter, Not, Range
from search_index.query import Sort
from search_index.understanding.language import (
    BEFORE,
    COMPARED_WITH,
    DATES,
    LIKENESS,
    MONEY,
    ORDERS,
    OTHER,
    RELATIVE,
    SAME,
    WISHING,
    Comparing,
    Operator,
)
from search_index.understanding.meanings import Named
from search_index.understanding.numerals import number
from search_index.understanding.reading import Reading, bounds, is_text, skip
from search_index.understanding.tokens import Token, longest
from search_index.understanding.understood import Constraint
from search_index.understanding.units import CURRENCIES
from search_index.understanding.vocabulary import Vocabulary

FIRST_YEAR, LAST_YEAR = 1950, 2100
_BEFORE_COMPARATIVE = {
    "a",
    "an",
    "something",
    "anything",
    "one",
    "ones",
    "but",
    "much",
    "bit",
    "with",
    "another",
    "the",
}
_SPANS = {"year": 365, "years": 365, "month": 30, "months": 30, "week": 7, "weeks": 7, "days": 1}


def read_order(tokens: Sequence[Token], start: int, vocabulary: Vocabulary) -> Reading | None:
    """A superlative, which sorts."""
    found = longest(ORDERS, tokens, skip(tokens, start, {"the"}, 1))
    if found is None:
        return None
    comparing, end = found
    measured = _measured(tokens, end, comparing, vocabulary)
    if measured is None:
        return None
    field, end = measured
    highest = comparing.operator is Operator.HIGHEST
    label = f"{comparing.operator} {_called(field, vocabulary)} first"
    span = tokens[start].start, tokens[end - 1].end
    return Reading(
        end, (Constraint(field, comparing.operator, (), label, *span, sort=Sort(field, descending=highest)),)
    )


def read_year(tokens: Sequence[Token], start: int, vocabulary: Vocabulary, today: date | None) -> Reading | None:
    """A time of release: "since 2019", "before twenty fifteen", "from the last two years"."""
    if vocabulary.released is None:
        return None
    place = skip(tokens, start, {"released", "made", "launched", "published", "model", "out"}, 2)
    if today is not None and (recent := _recent(tokens, place, today)) is not None:
        first, end = recent
        return _dated(
            tokens, start, end, vocabulary.released, Operator.AT_LEAST, first, Range(vocabulary.released, first)
        )
    found = longest(BEFORE, tokens, place) or longest(DATES, tokens, place)
    if found is None or found[0].dimension != "date":
        return None
    operator, (year, end) = found[0].operator, _year(tokens, found[1])
    if year is None or is_text(tokens, end, "to", "-", "\u2013", *CURRENCIES):
        return None
    if operator is Operator.AT_LEAST and is_text(tokens, found[1] - 1, "from"):
        operator = Operator.IS
    begin, after = date(year, 1, 1), date(year + 1, 1, 1)
    field = vocabulary.released
    condition = {
        Operator.IS: Range(field, minimum=begin, below=after),
        Operator.AT_LEAST: Range(field, minimum=begin),
        Operator.OVER: Range(field, minimum=after),
    }.get(operator, Range(field, below=begin))
    return _dated(tokens, start, end, field, operator, begin, condition)


def read_relative(
    tokens: Sequence[Token], start: int, vocabulary: Vocabulary, reference: Document | None
) -> Reading | None:
    """A comparison with the item that is spoken of."""
    if reference is None:
        return None
    place = skip(tokens, start, _BEFORE_COMPARATIVE, 3)
    for first in (start, place):
        if (alike := longest(LIKENESS, tokens, first)) is not None and not is_text(tokens, first - 1, *WISHING):
            span = tokens[start].start, tokens[alike[1] - 1].end
            like = Constraint("id", Operator.LIKE, (reference.id,), "like this", *span, like=reference.id)
            return Reading(alike[1], (like,))
        if (shared := _shared(tokens, start, first, vocabulary, reference)) is not None:
            return shared
    found = longest(RELATIVE, tokens, place)
    if found is None:
        return None
    comparing, end = found
    measured = _measured(tokens, end, comparing, vocabulary, reference)
    if measured is None:
        return None
    field, end = measured
    value = reference.values.get(field)
    if isinstance(value, bool) or not isinstance(value, int | float | date):
        return None
    if (than := longest(COMPARED_WITH, tokens, end)) is not None:
        end = than[1]
    if isinstance(value, date):
        over = comparing.operator is Operator.OVER
        condition = Range(field, above=value) if over else Range(field, below=value)
    else:
        condition = bounds(field, comparing.operator, value, value)
    label = " ".join([*(token.text for token in tokens[place : found[1]]), "than this"])
    span = tokens[start].start, tokens[end - 1].end
    price = field == vocabulary.price
    constraint = Constraint(
        field, comparing.operator, (value,), label, *span, condition, certainty=0.95, is_price=price
    )
    return Reading(end, (constraint,))


def _shared(
    tokens: Sequence[Token], start: int, place: int, vocabulary: Vocabulary, reference: Document
) -> Reading | None:
    """The same brand, or another colour."""
    for table, operator in ((SAME, Operator.IS), (OTHER, Operator.NOT)):
        if (lead := longest(table, tokens, place)) is None:
            continue
        if (named := longest(vocabulary.attributes, tokens, lead[1])) is None:
            continue
        field, end = named[0][0], named[1]
        value = reference.values.get(field)
        listed = value if isinstance(value, list | tuple) else [value] if isinstance(value, str) else []
        texts = [str(one) for one in listed]
        meaning = vocabulary.meanings[field]
        if not texts or not isinstance(meaning, Named):
            continue
        wanted: Filter = AnyOf(field, texts)
        label = f"{meaning.word} {' or '.join(texts)}"
        if operator is Operator.NOT:
            wanted, label = And(Exists(field), Not(wanted)), f"not {' or '.join(texts)}"
        if (than := longest(COMPARED_WITH, tokens, end)) is not None:
            end = than[1]
        span = tokens[start].start, tokens[end - 1].end
        return Reading(end, (Constraint(field, operator, tuple(texts), label, *span, wanted),))
    return None


def _measured(
    tokens: Sequence[Token], end: int, comparing: Comparing, vocabulary: Vocabulary, reference: Document | None = None
) -> tuple[str, int] | None:
    """The field that a superlative or comparative speaks of, and where its words end."""
    if comparing.dimension is None:
        if (named := longest(vocabulary.attributes, tokens, skip(tokens, end, {"the", "of"}, 1))) is not None:
            numbers = [one for one in named[0] if one in vocabulary.quantities or one == vocabulary.rating]
            return (numbers[0], named[1]) if numbers else None
        owned = [name for name in vocabulary.quantities if reference and reference.values.get(name) is not None]
        return (owned[0], end) if owned else None
    single = {MONEY: vocabulary.price, "date": vocabulary.released, "rating": vocabulary.rating}
    alike = [name for name in vocabulary.quantities if vocabulary.unit_of(name).dimension == comparing.dimension]
    called = [name for name in alike if name in vocabulary.attributes.get(comparing.dimension, ())]
    field = single.get(comparing.dimension) or next(iter(called or alike), None)
    return None if field is None else (field, end)


def _called(field: str, vocabulary: Vocabulary) -> str:
    if field in (vocabulary.price, vocabulary.rating):
        return "price" if field == vocabulary.price else "rating"
    if field == vocabulary.released:
        return "release date"
    quantity = vocabulary.quantities[field]
    return quantity.words[0] if quantity.words else quantity.unit


def _dated(
    tokens: Sequence[Token], start: int, end: int, field: str, operator: Operator, day: date, condition: Range
) -> Reading:
    worded = {Operator.IS: "from", Operator.AT_LEAST: "since", Operator.OVER: "after"}.get(operator, "before")
    label = f"{worded} {day.year if (day.month, day.day) == (1, 1) else day.isoformat()}"
    span = tokens[start].start, tokens[end - 1].end
    return Reading(end, (Constraint(field, operator, (day,), label, *span, condition, certainty=0.95),))


def _year(tokens: Sequence[Token], start: int) -> tuple[int | None, int]:
    """A year in digits, or said as "twenty nineteen" or "two thousand nineteen"."""
    found = number(tokens, start)
    if found is None or found[0] != int(found[0]):
        return None, start
    year, end = int(found[0]), found[1]
    if year in (19, 20) and tokens[start].number is None and (rest := number(tokens, end)) is not None:
        year, end = 100 * year + int(rest[0]), rest[1]
    return (year, end) if FIRST_YEAR <= year <= LAST_YEAR else (None, start)


def _recent(tokens: Sequence[Token], start: int, today: date) -> tuple[date, int] | None:
    """The first day of "this year", "last year" or "the last two years", and where the words end."""
    place = skip(tokens, start, {"from", "in", "within", "of", "the"}, 2)
    if is_text(tokens, place, "this") and is_text(tokens, place + 1, "year"):
        return date(today.year, 1, 1), place + 2
    if not is_text(tokens, place, "last", "past"):
        return None
    many = number(tokens, place + 1) or (1.0, place + 1)
    if not is_text(tokens, many[1], *_SPANS) or not 0 < many[0] <= 100:
        return None
    days = int(many[0] * _SPANS[tokens[many[1]].text])
    return max(date.min + timedelta(days), today) - timedelta(days), many[1] + 1

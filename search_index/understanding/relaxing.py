"""Searching within what was stated; where nothing fits, giving up one condition after the other and saying which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from search_index.documents import Document
from search_index.filters import Filter, OneVariant, Range
from search_index.query import Query, Sort
from search_index.results import Hit, Results
from search_index.understanding.collection import Collection, understand
from search_index.understanding.language import Operator
from search_index.understanding.meanings import Price
from search_index.understanding.reading import priced
from search_index.understanding.understood import Constraint, Understood, joined

SORTED_SCORE = 0.5
"""Share of the best score that a hit needs to be sorted: the cheapest laptop is no laptop sticker."""


@dataclass(frozen=True)
class Relaxed:
    """A condition that was given up; for a price `nearest` says how near the nearest comes."""

    constraint: Constraint
    nearest: str = ""

    def describe(self) -> str:
        """In words: "brand Sony", "under 50 dollars: the nearest is 64.99 dollars"."""
        return f"{self.constraint.label}: the nearest is {self.nearest}" if self.nearest else self.constraint.label


@dataclass(frozen=True)
class Answer:
    """What was found. All `results` satisfy what `understood` still asks for; `relaxed` is what had to be given up."""

    results: Results
    understood: Understood
    relaxed: tuple[Relaxed, ...] = ()


def search_within(
    collection: Collection,
    wanted: str | Understood,
    query: Query = Query(),  # noqa: B008 (frozen)
    *,
    reference: Document | None = None,
    today: date | None = None,
) -> Answer:
    """Search the collection for a text, or for one understood before and changed since.

    `query` gives all else: limit, facets, a filter of its own that is never relaxed. Where nothing meets all
    conditions, they are given up singly: if possible one without which there is something, the least certain first,
    of those the one that brings back most. A price is given up last, for what comes nearest to it, and with the other
    conditions kept if possible; what was ruled out never. Raises `SearchError` as `Index.search` does.
    """
    understood = wanted if isinstance(wanted, Understood) else understand(wanted, collection, reference, today)
    if understood.sort is not None:
        understood = _all_of_a_kind(collection, understood, query)
    results = _search(collection, understood, query)
    if results.hits:
        return Answer(results, understood)
    prices = tuple(one for one in understood.constraints if one.is_price and one.filter is not None)
    preferred = replace(query, filter=joined([query.filter, *(one.filter for one in understood.preferences)]))
    for narrowed in dict.fromkeys((preferred, query)):  # a laptop without the brand rather than the brand's printer
        for given_up in dict.fromkeys(((), prices)):
            if (answer := _relaxed(collection, understood, narrowed, given_up)) is not None:
                return answer
    return Answer(results, understood)  # nothing is given up where it would not help


def _all_of_a_kind(collection: Collection, understood: Understood, query: Query) -> Understood:
    """The same with its subject as a condition where it names a kind of things: the dearest camera is the dearest of
    all cameras, not of those whose texts have the word most often.
    """
    kinds = {one for one in understood.preferences if one.certainty == 1.0}
    constraints = tuple(replace(one, hard=True) if one in kinds else one for one in understood.constraints)
    strict = replace(understood, constraints=constraints)
    return strict if kinds and _search(collection, strict, replace(query, limit=1)).hits else understood


def _relaxed(
    collection: Collection, understood: Understood, query: Query, prices: tuple[Constraint, ...]
) -> Answer | None:
    """The answer with the `prices`, which may be none, given up first, and as few other conditions as it takes."""
    kept, given_up = understood.without(*prices), list[Constraint]()
    while True:
        if prices:
            results, nearest = _nearest(collection, kept, prices[0], query)
        else:
            results, nearest = _search(collection, kept, query, given_up=given_up), ""
        if results.hits:
            relaxed = [*(Relaxed(one) for one in given_up), *(Relaxed(one, nearest) for one in prices)]
            return Answer(results, kept, tuple(relaxed))
        less = _least(collection, kept, query)
        if less is None:
            return None
        given_up.append(less)
        kept = kept.without(less)


def _search(
    collection: Collection,
    understood: Understood,
    query: Query,
    only: Filter | None = None,
    sort: Sort | None = None,
    given_up: Sequence[Constraint] = (),
) -> Results:
    sort = sort or query.sort or understood.sort
    # What is no condition any more may still be among the words of a document.
    own, more = understood.words, " ".join(word for one in given_up for word in _worded(one))
    text = f"{own} {more}".strip()
    asked = replace(
        query,
        text=text,
        tenant=collection.tenant,
        filter=_of_one_variant(query.filter, understood.filter, only),
        sort=None if sort is None else replace(sort, among=joined([query.filter, understood.filter, only])),
        like=understood.like or query.like,
        min_score=max(query.min_score, SORTED_SCORE) if sort and own else query.min_score,
        min_meaning=query.min_meaning if own else -1.0,  # then all that meets the rest is there, in a better order
    )
    return collection.index.search(asked)


def _worded(one: Constraint) -> tuple[str, ...]:
    """The words of a condition on what things are called or have; those of a number are nothing to search for."""
    named = tuple(value for value in one.values if isinstance(value, str))
    return named or ((one.label.removeprefix("with "),) if one.values == (True,) else ())


def _of_one_variant(*conditions: Filter | None) -> Filter | None:
    """All conditions, met by one and the same variant where documents have such."""
    every = joined(conditions)
    return None if every is None else OneVariant(every)


def _first(hit: Hit, order: Sort) -> float:
    """The number that put the hit where it is; of several variants that of the first."""
    of_hit = [hit.values[order.field]] if not hit.variants else [one.get(order.field) for one in hit.variants]
    listed = [one for value in of_hit for one in (value if isinstance(value, list | tuple) else [value])]
    numbers = [float(one) for one in listed if isinstance(one, int | float)]
    return max(numbers) if order.descending else min(numbers)


def _least(collection: Collection, understood: Understood, query: Query) -> Constraint | None:
    """The condition to give up next: if possible one without which there is something at all."""
    conditions = [one for one in understood.constraints if one.hard and one.filter and not one.excludes]
    conditions = [one for one in conditions if not one.is_price]
    if not conditions:
        return None

    def left(one: Constraint) -> int:
        condition = _of_one_variant(query.filter, understood.without(one).filter)
        return collection.index.count(condition, collection.tenant)

    counts = {one: left(one) for one in conditions}
    return min(conditions, key=lambda one: (not counts[one], one.certainty, -counts[one]))


def _nearest(collection: Collection, understood: Understood, price: Constraint, query: Query) -> tuple[Results, str]:
    """What comes nearest to a price that nothing has, and how near."""
    low, high = float(str(price.values[0])), float(str(price.values[-1]))
    above = Range(price.field, minimum=low), Sort(price.field), high
    below = Range(price.field, maximum=high), Sort(price.field, descending=True), low
    sides = {Operator.UNDER: [above], Operator.AT_MOST: [above], Operator.OVER: [below], Operator.AT_LEAST: [below]}
    found: list[tuple[float, float, Results]] = []
    for only, sort, limit in sides.get(price.operator, [above, below]):
        results = _search(collection, understood, query, only, sort)
        if results.hits:
            first = _first(results.hits[0], sort)
            found.append((abs(first - limit), first, results))
    if not found:
        return _search(collection, understood, query), ""
    _, first, results = min(found, key=lambda one: one[:2])
    meaning = collection.meanings[price.field]
    assert isinstance(meaning, Price)
    return results, f"{priced(first / meaning.minor)} {meaning.word}"

"""A filter is never approximate: the database agrees with a plain reading of the algebra, for every filter."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from search_corpus import DOCUMENTS

from search_index import (
    And,
    AnyOf,
    Document,
    Equals,
    ErrorCode,
    Exists,
    Filter,
    Index,
    Not,
    NumberField,
    Or,
    Query,
    Range,
    Schema,
    SearchError,
    Weights,
)

SOUND = Weights(0.4, 0.4, 0.2)

KEYWORDS = {
    "kind": [*sorted({str(one.values["kind"]) for one in DOCUMENTS}), "nothing", "a' OR 1=1 --"],
    "maker": sorted({str(one.values["maker"]) for one in DOCUMENTS}),
    "tags": sorted({tag for one in DOCUMENTS for tag in one.values["tags"]}),  # type: ignore[union-attr]
    "id": [one.id for one in DOCUMENTS] + ["absent"],
}
NUMBERS = {
    "popularity": st.integers(0, 1600),
    "price": st.floats(0, 1000),
    "published": st.dates(date(2015, 1, 1), date(2024, 1, 1)),
}


def ranges() -> st.SearchStrategy[Filter]:
    def of(name: str) -> st.SearchStrategy[Filter]:
        bound = st.none() | NUMBERS[name]
        bounds = st.tuples(bound, bound, bound, bound).filter(lambda ends: any(end is not None for end in ends))
        return bounds.map(lambda ends: Range(name, *ends))

    return st.sampled_from(sorted(NUMBERS)).flatmap(of)


def leaves() -> st.SearchStrategy[Filter]:
    field = st.sampled_from(sorted(KEYWORDS))
    equal = field.flatmap(lambda name: st.builds(Equals, st.just(name), st.sampled_from(KEYWORDS[name])))
    among = field.flatmap(
        lambda name: st.builds(AnyOf, st.just(name), st.lists(st.sampled_from(KEYWORDS[name]), max_size=4))
    )
    live = st.builds(Equals, st.just("live"), st.booleans())
    there = st.sampled_from([*KEYWORDS, *NUMBERS, "live"]).map(Exists)
    return equal | among | live | ranges() | there


def filters() -> st.SearchStrategy[Filter]:
    return st.recursive(
        leaves(),
        lambda inner: (
            st.lists(inner, max_size=3).map(lambda parts: And(*parts))
            | st.lists(inner, max_size=3).map(lambda parts: Or(*parts))
            | inner.map(Not)
        ),
        max_leaves=8,
    )


def passes(condition: Filter, document: Document) -> bool:
    match condition:
        case Equals(field=name, value=value):
            return value in values(document, name)
        case AnyOf(field=name, values=wanted):
            return any(value in values(document, name) for value in wanted)
        case Range(field=name):
            return any(within(value, condition) for value in values(document, name))
        case Exists(field=name):
            return bool(values(document, name))
        case And(parts=parts):
            return all(passes(part, document) for part in parts)
        case Or(parts=parts):
            return any(passes(part, document) for part in parts)
        case Not(part=part):
            return not passes(part, document)
    raise AssertionError(condition)


def within(value: Any, bounds: Range) -> bool:
    return (
        (bounds.minimum is None or value >= bounds.minimum)
        and (bounds.maximum is None or value <= bounds.maximum)
        and (bounds.above is None or value > bounds.above)
        and (bounds.below is None or value < bounds.below)
    )


def values(document: Document, name: str) -> list[Any]:
    value = document.id if name == "id" else document.values.get(name)
    if name == "published" and value:
        return [date.fromisoformat(str(value))]
    return [] if value is None else list(value) if isinstance(value, list) else [value]


every_filter = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@every_filter
@given(condition=filters())
def test_the_database_agrees_with_the_algebra(library: Index, condition: Filter) -> None:
    expected = {document.id for document in DOCUMENTS if passes(condition, document)}
    found = library.search(Query(filter=condition, limit=100))
    assert {hit.id for hit in found.hits} == expected
    assert library.count(condition) == found.total == len(expected)


@every_filter
@given(
    condition=filters(),
    text=st.sampled_from(["quiet nights", "coffee", "black holes", "Joel Abara", "running", "xqzzv"]),
)
def test_no_hit_violates_its_filter(library: Index, condition: Filter, text: str) -> None:
    by_id = {document.id: document for document in DOCUMENTS}
    found = library.search(Query(text, filter=condition, limit=100, weights=SOUND, min_meaning=-1.0))
    assert all(passes(condition, by_id[hit.id]) for hit in found.hits)
    assert all(passes(condition, by_id[name.id]) for name in library.link(text, filter=condition, limit=50))
    assert found.total == library.count(condition), "with the floor lowered everything that passes is a candidate"


def test_operators_build_the_same_algebra() -> None:
    one, two = Equals("kind", "talk"), Equals("live", True)
    assert (one & two, one | two, ~one) == (And(one, two), Or(one, two), Not(one))


@every_filter
@given(sizes=st.lists(st.lists(st.integers(-5, 5), max_size=4), max_size=8), condition=st.data())
def test_lists_of_numbers_hold_to_the_algebra(empty: Index, sizes: list[list[int]], condition: st.DataObject) -> None:
    """A list matches a range where one and the same of its values lies within all bounds."""
    empty.delete_where(Exists("id"))
    documents = [Document(str(number), {"sizes": values}) for number, values in enumerate(sizes)]
    empty.upsert(documents)
    end = st.none() | st.integers(-5, 5)
    bounds = condition.draw(st.tuples(end, end, end, end).filter(lambda ends: any(one is not None for one in ends)))
    wanted = condition.draw(
        st.sampled_from(
            [Range("sizes", *bounds), Not(Range("sizes", *bounds)), AnyOf("sizes", [1, 2]), Exists("sizes")]
        )
    )
    found = {hit.id for hit in empty.search(Query(filter=wanted, limit=100)).hits}
    assert found == {one.id for one in documents if passes(wanted, one)}


@pytest.fixture(scope="module")
def empty(encoder: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    with Index.open(
        tmp_path_factory.mktemp("sizes"), Schema("sizes", {"sizes": NumberField(many=True)}), encoder
    ) as index:
        yield index


def test_dates_compare_as_moments(library: Index) -> None:
    """A day begins at midnight UTC, whatever form it is given in."""
    exact = {"2021-03-01", "2021-03-01T00:00:00", "2021-03-01T02:00:00+02:00"}
    for moment in (*exact, date(2021, 3, 1), datetime(2021, 3, 1, tzinfo=UTC)):
        assert library.count(Equals("published", moment)) == 1
    assert library.count(Equals("published", "2021-03-01T00:00:01")) == 0


@pytest.mark.parametrize(
    ("condition", "code", "field"),
    [
        (Equals("colour", "red"), ErrorCode.UNKNOWN_FIELD, "colour"),
        (Equals("title", "Midnight kitchen"), ErrorCode.BAD_FILTER, "title"),
        (Equals("price", "cheap"), ErrorCode.BAD_VALUE, "price"),
        (Equals("price", float("nan")), ErrorCode.BAD_VALUE, "price"),
        (Equals("price", True), ErrorCode.BAD_VALUE, "price"),
        (Equals("live", 1), ErrorCode.BAD_VALUE, "live"),
        (Equals("kind", 3), ErrorCode.BAD_VALUE, "kind"),
        (Equals("kind", "\ud800"), ErrorCode.BAD_VALUE, "kind"),
        (Equals("published", "someday"), ErrorCode.BAD_VALUE, "published"),
        (Range("kind", "a", "b"), ErrorCode.BAD_FILTER, "kind"),
        (Range("price"), ErrorCode.BAD_FILTER, "price"),
        (Exists("title"), ErrorCode.BAD_FILTER, "title"),
        (Exists("colour"), ErrorCode.UNKNOWN_FIELD, "colour"),
        (Or(*[Equals("live", True)] * 501), ErrorCode.BAD_FILTER, None),
        (Or(*[And(*[Equals("live", True)] * 40)] * 40), ErrorCode.BAD_FILTER, None),
        ("kind = talk", ErrorCode.BAD_FILTER, None),
    ],
)
def test_a_wrong_filter_is_named(library: Index, condition: Any, code: ErrorCode, field: str | None) -> None:
    with pytest.raises(SearchError) as caught:
        library.search(Query("bread", filter=condition))
    assert (caught.value.code, caught.value.field) == (code, field)


def test_nesting_has_a_limit_and_holds_up_to_it(library: Index) -> None:
    condition: Filter = Equals("kind", "talk")
    for _ in range(12):
        condition = And(Not(condition), Or(Equals("live", True), condition)) if _ % 3 == 0 and _ < 9 else Not(condition)
    with pytest.raises(SearchError, match="deep"):
        library.count(Not(Not(condition)))

"""Pages by cursor: every hit once, whatever is written meanwhile, and nobody else's cursor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from search_index import (
    Boost,
    Document,
    Encoder,
    Equals,
    ErrorCode,
    Index,
    NumberField,
    Query,
    Range,
    Recency,
    Schema,
    SearchError,
    Sort,
    TextField,
    Weights,
)

QUERIES = [
    Query(),
    Query(sort=Sort("price", descending=True)),
    Query(sort=Sort("price")),
    Query(sort=Sort("maker", descending=True), filter=Range("popularity", above=50)),
    Query(sort=Sort("tags", descending=True)),
    Query(boosts=(Recency("published"),)),
    Query("music at night"),
    Query("music at night", group=False, min_meaning=-1.0),
    Query("coffee at home", sort=Sort("price"), min_meaning=-1.0),
    Query("coffee at home", sort=Sort("maker", descending=True), min_meaning=-1.0),
    Query("kettle", boosts=(Boost("popularity", 1.0), Recency("published", timedelta(days=300))), min_meaning=-1.0),
    Query("talks", facets=("kind",), weights=Weights(1, 0)),
    Query(like="m1", min_meaning=-1.0),
]


def places(index: Index, query: Query) -> list[tuple[str, str]]:
    """Every hit of all pages."""
    found = index.search(query)
    listed = [(hit.id, hit.chunk.id if hit.chunk else "") for hit in found.hits]
    while found.next:
        found = index.search(replace(query, after=found.next))
        assert found.hits, "a cursor leads to at least one more hit"
        listed += [(hit.id, hit.chunk.id if hit.chunk else "") for hit in found.hits]
    return listed


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("limit", [1, 7, 100])
def test_all_pages_are_one_large_page(library: Index, query: Query, limit: int) -> None:
    whole = library.search(replace(query, limit=200))
    assert whole.next == ""
    listed = places(library, replace(query, limit=limit))
    assert listed == [(hit.id, hit.chunk.id if hit.chunk else "") for hit in whole.hits]
    assert len(set(listed)) == len(listed)
    assert whole.total == len(listed)


def test_what_is_written_between_two_pages_moves_nobody(index: Index) -> None:
    index.upsert(Document(f"d{n:02}", {"title": f"number {n}", "price": float(n)}) for n in range(0, 20, 2))
    query = Query(sort=Sort("price"), limit=4)
    first = index.search(query)
    index.upsert([Document("before", {"title": "x", "price": 1.0}), Document("after", {"title": "y", "price": 7.0})])
    index.delete(["d06"])  # the last of the first page
    second = index.search(replace(query, after=first.next))
    assert [hit.id for hit in first.hits] == ["d00", "d02", "d04", "d06"]
    assert [hit.id for hit in second.hits] == ["after", "d08", "d10", "d12"]


def test_a_page_may_have_another_length_and_other_facets(library: Index) -> None:
    first = library.search(Query("music", limit=2))
    second = library.search(Query("music", limit=5, after=first.next, facets=("kind",), highlight=True))
    assert not {hit.id for hit in first.hits} & {hit.id for hit in second.hits}


@pytest.mark.parametrize(
    "other",
    [
        Query("musical"),
        Query("music", tenant="b"),
        Query("music", filter=Equals("kind", "talk")),
        Query("music", sort=Sort("price")),
        Query("music", group=False),
        Query(),
    ],
)
def test_a_cursor_of_another_query_is_refused(library: Index, other: Query) -> None:
    cursor = library.search(Query("music", limit=2)).next
    with pytest.raises(SearchError) as caught:
        library.search(replace(other, after=cursor))
    assert (caught.value.code, caught.value.field) == (ErrorCode.BAD_CURSOR, "after")


def test_a_cursor_of_another_collection_is_refused(library: Index, index: Index) -> None:
    cursor = library.search(Query(limit=2)).next
    with pytest.raises(SearchError):
        index.search(Query(limit=2, after=cursor))


@pytest.fixture(scope="module")
def cursor(library: Index) -> str:
    return library.search(Query(limit=2)).next


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 60), st.characters())
def test_a_cursor_that_was_changed_is_refused(library: Index, cursor: str, place: int, letter: str) -> None:
    assume(cursor[place] != letter)
    with pytest.raises(SearchError) as caught:
        library.search(Query(limit=2, after=cursor[:place] + letter + cursor[place + 1 :]))
    assert caught.value.code is ErrorCode.BAD_CURSOR


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=80).filter(bool))
def test_no_text_is_taken_for_a_cursor(library: Index, text: str) -> None:
    with pytest.raises(SearchError) as caught:
        library.search(Query(after=text))
    assert caught.value.code is ErrorCode.BAD_CURSOR


@pytest.fixture(scope="module")
def scores(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    schema = Schema("scores", {"name": TextField(), "score": NumberField()})
    with Index.open(tmp_path_factory.mktemp("scores"), schema, encoder) as opened:
        yield opened


@settings(deadline=None, max_examples=15)
@given(
    st.lists(st.none() | st.integers(-2, 2), max_size=9),
    st.integers(1, 4),
    st.booleans(),
    st.sampled_from(["", "same"]),
)
def test_equal_and_missing_values_are_paged_once_each(
    scores: Index, values: list[int | None], limit: int, descending: bool, text: str
) -> None:
    scores.delete_where(~Equals("id", ""))
    scores.upsert(Document(f"d{n}", {"name": "same", "score": value}) for n, value in enumerate(values))
    query = Query(text, sort=Sort("score", descending), limit=limit, weights=Weights(1, 0))
    sign = -1 if descending else 1
    expected = sorted(range(len(values)), key=lambda n: (values[n] is None, sign * (values[n] or 0), n))
    assert [one for one, _ in places(scores, query)] == [f"d{n}" for n in expected]

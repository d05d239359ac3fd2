"""What a person looking for something finds, and why."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta

import pytest

from search_index import (
    And,
    Boost,
    Document,
    Equals,
    ErrorCode,
    Index,
    Not,
    Query,
    Range,
    Recency,
    SearchError,
    Sort,
    Weights,
)

WORDS_ONLY = Weights(words=1, meaning=0)


def ids(index: Index, query: Query) -> list[str]:
    return [hit.id for hit in index.search(query).hits]


def walked(index: Index, query: Query) -> list[str]:
    """The hits of all pages."""
    found = index.search(query)
    listed = [hit.id for hit in found.hits]
    while found.next:
        found = index.search(replace(query, after=found.next))
        listed += [hit.id for hit in found.hits]
    return listed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("black holes", "m1"),
        ("dying suns", "m1"),
        ("insects that make honey", "m2"),
        ("help me fall asleep", "m9"),
        ("saving for retirement", "m8"),
        ("learn to play an instrument", "m18"),
        ("phrases for a holiday in Madrid", "m19"),
        ("violin music in a church", "m14"),
        ("sit comfortably at work", "p10"),
        ("shelter for two in the mountains", "p13"),
        ("boil water for tea", "p5"),
        ("earphones for jogging", "p2"),
        ("kettles", "p5"),
        ("Leroy Castellan", "m16"),
    ],
)
def test_people_find_what_they_mean(library: Index, text: str, expected: str) -> None:
    assert expected in ids(library, Query(text, limit=2))


def test_the_moment_is_found_not_only_the_talk(library: Index) -> None:
    (hit,) = library.search(Query("how does radiation make them evaporate", limit=1)).hits
    assert hit.id == "m1"
    assert hit.chunk is not None
    assert (hit.chunk.id, hit.chunk.start_ms, hit.chunk.end_ms) == ("3", 60_000, 90_000)


def test_a_document_found_by_its_own_fields_names_no_moment(library: Index) -> None:
    (hit,) = library.search(Query("Black holes explained", limit=1)).hits
    assert (hit.id, hit.chunk) == ("m1", None)


def test_grouping_shows_a_document_once_and_without_it_every_passage_counts(library: Index) -> None:
    query = Query("event horizon radiation black holes", limit=50)
    grouped = ids(library, query)
    assert len(set(grouped)) == len(grouped)
    loose = library.search(Query(query.text, limit=50, group=False)).hits
    assert sum(hit.id == "m1" for hit in loose) > 1
    assert [hit.score for hit in loose] == sorted((hit.score for hit in loose), reverse=True)


@pytest.mark.parametrize(
    ("text", "expected"), [("headfones", "p1"), ("grindr", "p7"), ("sourdogh", "m20"), ("Lindqwist", "m1")]
)
def test_typing_errors_are_forgiven(library: Index, text: str, expected: str) -> None:
    assert expected in ids(library, Query(text, weights=WORDS_ONLY, limit=2, min_meaning=1.0))


def test_words_are_stemmed_and_accents_do_not_matter(index: Index) -> None:
    index.upsert([Document("a", {"title": "Café crème in Zürich"}), Document("b", {"title": "Runners running"})])
    for text in ("cafe creme", "Zurich", "zu\u0308rich", "CAFÉ"):
        assert ids(index, Query(text, weights=WORDS_ONLY)) == ["a"]
    assert ids(index, Query("run", weights=WORDS_ONLY)) == ["b"]


def test_a_question_of_function_words_is_still_a_question(index: Index) -> None:
    index.upsert([Document("a", {"title": "The Who"}), Document("b", {"title": "Someone else"})])
    assert ids(index, Query("the who", weights=WORDS_ONLY)) == ["a"]


def test_nonsense_finds_nothing(library: Index) -> None:
    assert library.search(Query("zxqv wvuu kjhgq", min_meaning=0.3)).total == 0


def test_every_score_is_the_sum_it_explains(library: Index) -> None:
    query = Query("calm stories for the night", boosts=(Boost("popularity", 0.5), Recency("published")), limit=30)
    hits = library.search(query).hits
    assert len(hits) > 3
    for hit in hits:
        why = hit.explanation
        parts = (why.words, why.meaning, why.sound)
        boost = math.prod(why.boosts.values())
        assert hit.score == pytest.approx(sum(part.normalised * part.weight for part in parts) * boost)
        assert sum(part.weight for part in parts) == pytest.approx(1.0)
        assert all(0 <= part.normalised <= 1 for part in parts)
        assert 1 <= why.boosts["popularity"] <= 1.5
        assert 1 <= why.boosts["published"] <= 1.1
    best = hits[0]
    assert best.id == "m9"
    assert "words 0." in best.explanation.describe()
    assert "popularity" in best.explanation.describe()


def test_a_boost_moves_the_popular_up(library: Index) -> None:
    plain = ids(library, Query("kettle", limit=2))
    assert set(plain) == {"p5", "p6"}
    assert ids(library, Query("kettle", limit=2, boosts=(Boost("popularity", 10),)))[0] == "p5"


def test_facets_count_what_was_found(library: Index) -> None:
    everything = library.search(Query(facets=("kind", "live", "tags"), limit=1))
    assert everything.total == 40
    assert everything.facets["kind"]["talk"] == 5
    assert everything.facets["live"] == {False: 18, True: 2}
    coffee = library.search(Query("coffee", facets=("maker",), filter=Equals("tags", "coffee"), limit=1))
    assert coffee.facets == {"maker": {"Bramble & Sons": 2}}
    assert coffee.total == 2


def test_browsing_sorts_and_pages_without_gaps(library: Index) -> None:
    by_price = Sort("price", descending=True)
    listed = walked(library, Query(sort=by_price, limit=7))
    assert len(listed) == len(set(listed)) == 40
    assert listed[:2] == ["p19", "p18"]
    assert all(one.startswith("m") for one in listed[20:]), "what has no price comes last"
    assert ids(library, Query(boosts=(Boost("popularity"),), limit=1)) == ["m9"], (
        "the popular first where nothing is asked"
    )


def test_paging_a_search_is_the_same_as_one_long_page(library: Index) -> None:
    whole = ids(library, Query("music at night", limit=20))
    assert walked(library, Query("music at night", limit=5))[:20] == whole


def test_a_search_can_be_sorted_by_a_field(library: Index) -> None:
    prices = [
        hit.values["price"]
        for hit in library.search(Query("kettle", filter=Range("price", 0), sort=Sort("price"))).hits
    ]
    assert len(prices) > 1
    assert prices == sorted(prices)  # type: ignore[type-var]


def test_writes_show_in_the_next_query(index: Index) -> None:
    index.upsert(
        [Document("a", {"title": "Owls of the far north", "kind": "talk"}), Document("b", {"title": "Plain tea"})]
    )
    assert ids(index, Query("owls", limit=1)) == ["a"]
    index.upsert([Document("a", {"title": "Whales of the far south", "kind": "talk"})])
    assert ids(index, Query("owls", weights=WORDS_ONLY)) == []
    assert ids(index, Query("whales", limit=1)) == ["a"]
    assert [name.id for name in index.link("wales of the far south", limit=1)] == ["a"]
    assert index.delete_where(And(Equals("kind", "talk"), Not(Equals("id", "b")))) == 1
    assert ids(index, Query("whales", min_meaning=-1)) == ["b"]
    assert (index.delete(["b", "absent"]), index.count(), index.search(Query("tea", min_meaning=-1)).total) == (1, 0, 0)


def test_a_tenant_sees_only_its_own(index: Index) -> None:
    index.upsert(
        [Document("x", {"title": f"Secret recipe of {t}", "kind": t, "popularity": 5}, tenant=t) for t in ("a", "b")]
    )
    for tenant in ("a", "b"):
        for query in (Query("secret recipe", min_meaning=-1, tenant=tenant), Query(tenant=tenant)):
            found = index.search(
                Query(**{**vars(query), "facets": ("kind",), "group": False, "boosts": (Boost("popularity"),)})
            )
            assert [hit.values["kind"] for hit in found.hits] == [tenant]
            assert (found.total, found.facets) == (1, {"kind": {tenant: 1}})
        assert [name.value for name in index.link("secret recipe", tenant=tenant)] == [f"Secret recipe of {tenant}"]
        assert index.get("x", tenant) is not None
    assert (index.count(), index.get("x"), index.search(Query("secret", min_meaning=-1)).total) == (0, None, 0)
    assert index.delete(["x"], tenant="a") == 1
    assert (index.count(tenant="a"), index.count(tenant="b")) == (0, 1)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        (lambda: Query("x" * 100_001), ErrorCode.BAD_QUERY),
        (lambda: Query("x", limit=0), ErrorCode.BAD_QUERY),
        (lambda: Query("x", limit=True), ErrorCode.BAD_QUERY),
        (lambda: Query("x", diversity=float("nan")), ErrorCode.BAD_QUERY),
        (lambda: Query("x", min_score=float("nan")), ErrorCode.BAD_QUERY),
        (lambda: Query("x", min_meaning=1.1), ErrorCode.BAD_QUERY),
        (lambda: Query(5), ErrorCode.BAD_QUERY),
        (lambda: Query("x", after="nonsense"), ErrorCode.BAD_CURSOR),
        (lambda: Query("x", after="\ud800"), ErrorCode.BAD_CURSOR),
        (lambda: Query(like="absent"), ErrorCode.BAD_QUERY),
        (lambda: Query("x", boosts=(Recency("published", timedelta(0)),)), ErrorCode.BAD_QUERY),
        (lambda: Query("black", boosts=(Recency("popularity"),)), ErrorCode.BAD_QUERY),
        (lambda: Query("x", weights=Weights(0, 0, 0)), ErrorCode.BAD_QUERY),
        (lambda: Query("x", weights=Weights(float("nan"))), ErrorCode.BAD_QUERY),
        (lambda: Query("x", facets=("colour",)), ErrorCode.UNKNOWN_FIELD),
        (lambda: Query("black", facets=("title",)), ErrorCode.BAD_QUERY),
        (lambda: Query("", sort=Sort("title")), ErrorCode.BAD_QUERY),
        (lambda: Query("black", sort=Sort("colour")), ErrorCode.UNKNOWN_FIELD),
        (lambda: Query("black", boosts=(Boost("kind"),)), ErrorCode.BAD_QUERY),
        (lambda: Query("black", tenant="\ud800"), ErrorCode.BAD_VALUE),
    ],
)
def test_a_wrong_query_is_named(library: Index, query: object, code: ErrorCode) -> None:
    with pytest.raises(SearchError) as caught:
        library.search(query())  # type: ignore[operator]
    assert caught.value.code is code

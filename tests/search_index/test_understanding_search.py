"""Searching within what was stated: conditions hold, and what is given up is said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shop_words import INDEXED, MEANINGS, SCHEMA, THINGS, thing

from benchmarks.numerals import in_words
from search_index import Encoder, Equals, ErrorCode, Index, Query, SearchError
from search_index.understanding import Answer, Brand, Collection, Flag, Meaning, Price, search_within, understand


@pytest.fixture(scope="module")
def shop(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    with Index.open(tmp_path_factory.mktemp("shop"), SCHEMA, encoder) as index:
        index.upsert(THINGS)
        yield Collection(index, INDEXED)


def ids(answer: Answer) -> set[str]:
    return {hit.id for hit in answer.results.hits}


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("laptop under 900 dollars", {"l1", "l2", "p1", "p2", "h1", "h2", "h3", "h4"}),
        ("laptop under 899 dollars", {"l1", "p1", "p2", "h1", "h2", "h3", "h4"}),
        ("hp laptop", {"l1", "l2", "p1"}),
        ("laptop not from hp", {"l3", "l4", "p2", "h1", "h2", "h3"}),
        ("black laptop", {"l1", "l2", "p2", "h1"}),
        ("laptop, not black", {"l3", "p1", "h2", "h3"}),
        ("printer without wifi", {"p1"}),
        ("laptop with 16 gb of ram", {"l2", "l3"}),
        ("laptop since 2021", {"l3"}),
    ],
)
def test_no_result_violates_what_was_stated(shop: Collection, text: str, allowed: set[str]) -> None:
    """A document that lacks the attribute does not satisfy a condition on it, nor an exclusion."""
    answer = search_within(shop, text, Query(limit=50))
    assert answer.relaxed == ()
    assert ids(answer)
    assert ids(answer) <= allowed


def test_conditions_alone_need_no_subject(shop: Collection) -> None:
    """Where nothing is left to search, all that meets the conditions is found."""
    assert ids(search_within(shop, "show me something black under 900 dollars")) == {"l1", "l2", "p2", "h1"}
    assert ids(search_within(shop, "sony")) == {"l4", "h1", "h2"}


def test_the_cheapest_is_one_of_what_was_sought(shop: Collection) -> None:
    answer = search_within(shop, "cheapest laptop")
    assert answer.results.hits[0].id == "l1"


def test_a_condition_that_nothing_meets_is_given_up_and_said(shop: Collection) -> None:
    """There is no red Canon printer: the colour or the brand goes, the price stays."""
    answer = search_within(shop, "red hp printer under 250 dollars")
    assert [one.constraint.label for one in answer.relaxed] == ["colour Red"]
    assert "p1" in ids(answer) <= {"p1"}
    assert answer.understood.describe() == "brand HP, category Printer, under 250 dollars"


def test_a_price_is_given_up_last_for_the_nearest(shop: Collection) -> None:
    answer = search_within(shop, "hp laptop under 100 dollars")
    assert [one.describe() for one in answer.relaxed] == ["under 100 dollars: the nearest is 499 dollars"]
    assert [hit.id for hit in answer.results.hits] == ["l1", "l2"]
    dear = search_within(shop, "sony headphones over 500 dollars")
    assert [one.describe() for one in dear.relaxed] == ["over 500 dollars: the nearest is 99 dollars"]


def test_a_word_with_two_senses_is_ruled_out_in_each(encoder: Encoder, tmp_path: Path) -> None:
    """As terracotta is a colour and a material: who wants none gets neither."""
    with Index.open(tmp_path, SCHEMA, encoder) as index:
        black, by_black, white = (
            thing("m1", "Mug", 900, "Acme", colour=("Black",)),
            thing("m2", "Mug", 900, "Black", colour=("White",)),
            thing("m3", "Mug", 900, "Acme", colour=("White",)),
        )
        index.upsert([black, by_black, white])
        assert ids(search_within(Collection(index, INDEXED), "mug, not black")) == {"m3"}


def test_what_was_ruled_out_stays_out(shop: Collection) -> None:
    """Nobody is offered what they said they do not want, and nothing is said to be relaxed in vain."""
    answer = search_within(shop, "anything but hp, not canon, not sony, not apple")
    assert ids(answer) == set()
    assert answer.relaxed == ()


def test_the_callers_own_filter_is_never_given_up(shop: Collection) -> None:
    answer = search_within(shop, "sony", Query(filter=Equals("kind", "Printer")))
    assert ids(answer) == {"p1", "p2"}
    assert [one.constraint.label for one in answer.relaxed] == ["brand Sony"]


def test_one_condition_can_be_taken_back(shop: Collection) -> None:
    understood = understand("black hp laptop", shop)
    colour = understood.constraints[0]
    assert colour.label == "colour Black"
    assert ids(search_within(shop, understood.without(colour))) == {"l1", "l2", "p1"}


@pytest.mark.parametrize("number", ["9" * 15, "9" * 16, "9" * 40, "900 thousand million", "0"])
def test_any_amount_can_be_asked_for(shop: Collection, number: str) -> None:
    """A number too large for the index is no limit rather than an error."""
    for text in (f"under {number} dollars", f"over {number} gb of ram", f"between {number} and {number}"):
        search_within(shop, text)


def test_like_this_but_cheaper(shop: Collection) -> None:
    reference = shop.index.get("l3")
    answer = search_within(shop, "like this but cheaper", reference=reference)
    assert answer.results.hits[0].id in {"l1", "l2"}
    assert "l3" not in ids(answer)


def test_new_values_are_understood_at_once_and_only_by_their_tenant(encoder: Encoder, tmp_path: Path) -> None:
    with Index.open(tmp_path / "shop", SCHEMA, encoder) as index:
        ours, theirs = Collection(index, INDEXED), Collection(index, INDEXED, tenant="b")
        assert understand("zyxel router", ours).constraints == ()
        index.upsert([thing("r1", "Router", 2000, "Zyxel")])
        assert [one.label for one in understand("zyxel router", ours).constraints] == ["brand Zyxel"]
        assert understand("zyxel router", theirs).constraints == ()
        assert ids(search_within(theirs, "router")) == set()
        index.delete(["r1"])
        assert understand("zyxel router", ours).constraints == ()


@pytest.mark.parametrize(
    ("meanings", "code"),
    [
        ({"cost": Price()}, ErrorCode.UNKNOWN_FIELD),
        ({"title": Brand()}, ErrorCode.BAD_FILTER),
        ({"maker": MEANINGS["ram"]}, ErrorCode.BAD_FILTER),
        ({"price": Flag(("price",))}, ErrorCode.BAD_VALUE),
    ],
)
def test_a_meaning_that_does_not_fit_is_refused(
    shop: Collection, meanings: dict[str, Meaning], code: ErrorCode
) -> None:
    with pytest.raises(SearchError) as caught:
        Collection(shop.index, meanings)
    assert caught.value.code == code
    assert caught.value.field == next(iter(meanings))


LIMITS = {
    "under {} dollars": lambda price, limit: price < limit,
    "at most {} dollars": lambda price, limit: price <= limit,
    "no more than {} dollars": lambda price, limit: price <= limit,
    "more than {} dollars": lambda price, limit: price > limit,
    "at least {} dollars": lambda price, limit: price >= limit,
    "{} dollars or less": lambda price, limit: price <= limit,
}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted(LIMITS)), st.sampled_from([10, 20, 50, 99, 199, 299, 499, 500, 899, 1299]), st.booleans())
def test_limits_against_brute_force(shop: Collection, phrase: str, limit: int, spoken: bool) -> None:
    """The documents that pass are those whose price does, to the cent."""
    text = phrase.format(in_words(limit) if spoken else limit)
    understood = understand(text, shop)
    expected = {
        one.id
        for one in THINGS
        if isinstance(price := one.values.get("price"), int) and LIMITS[phrase](price, 100 * limit)
    }
    assert understood.filter is not None
    found = shop.index.search(Query(filter=understood.filter, limit=50))
    assert {hit.id for hit in found.hits} == expected
    assert replace(understood, constraints=()).filter is None

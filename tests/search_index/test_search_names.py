"""A name that was misheard is still the name that was meant."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search_index import Equals, ErrorCode, Index, Query, SearchError
from search_index.names import Names, spelt


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("blak wholes explained", "m1"),
        ("the quite life of bees", "m2"),
        ("midnight kitten", "m6"),
        ("cello sweets by candle light", "m14"),
        ("knight train jazz", "m16"),
        ("brass on the harber", "m15"),
        ("the light house keepers daughter", "m11"),
        ("fonder over the valley", "m17"),
        ("a winter among walls", "m12"),
        ("quil fourteen notebook computer", "p19"),
        ("standing desk one forty", "p11"),
        ("study lamp twelve", "p9"),
    ],
)
def test_misheard_titles_are_linked(library: Index, heard: str, meant: str) -> None:
    assert library.link(heard, limit=1)[0].id == meant


def test_makers_are_linked_too(library: Index) -> None:
    found = library.link("lee roy castle an", field="maker", limit=1)
    assert [(name.id, name.value) for name in found] == [("m16", "Leroy Castellan")]


def test_the_very_name_scores_one(library: Index) -> None:
    best = library.link("THE QUIET LIFE OF BEES!")[0]
    assert (best.id, best.score) == ("m2", pytest.approx(1.0))


def test_linking_holds_to_its_filter(library: Index) -> None:
    assert {name.id for name in library.link("kettle", filter=Equals("kind", "kettle"))} == {"p5", "p6"}


def test_sound_brings_up_what_words_and_meaning_miss(library: Index) -> None:
    found = library.search(Query("brass on the harber", limit=1)).hits[0]
    assert found.id == "m15"
    assert found.explanation.sound.raw > 0.5


def test_a_field_without_sound_says_so(library: Index) -> None:
    for field, code in (("description", ErrorCode.BAD_QUERY), ("colour", ErrorCode.UNKNOWN_FIELD)):
        with pytest.raises(SearchError) as caught:
            library.link("x", field=field)
        assert (caught.value.code, caught.value.field) == (code, field)


any_name = st.text(max_size=20) | st.from_regex(r"\A\d{1,6}\Z")


@settings(deadline=None)
@given(values=st.lists(any_name, max_size=6), heard=any_name)
def test_any_text_has_a_similarity_between_0_and_1(values: list[str], heard: str) -> None:
    names = Names(list(enumerate(values)))
    scores = names.similarities(heard).scores
    assert scores.shape == (len(values),)
    assert ((scores >= 0) & (scores <= 1)).all()
    for value in values:
        own = names.similarities(value).scores
        if value.strip() and own.max() > 0:
            assert own[values.index(value)] == pytest.approx(own.max())


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Part 1", "part one"),
        ("Top 10", "top ten"),
        ("PyCon 2018", "pycon twenty eighteen"),
        ("1984", "nineteen eighty four"),
        ("2001: A Space Odyssey", "two thousand one a space odyssey"),
        ("21 Grams", "twenty one grams"),
    ],
)
def test_numbers_are_spelt_as_they_are_said(written: str, said: str) -> None:
    assert spelt(written) == f" {said} "


words = st.text("abcdefgh ", min_size=1, max_size=12)


@settings(deadline=None, max_examples=60)
@given(
    first=st.lists(words, max_size=20),
    writes=st.lists(st.tuples(st.sets(st.integers(0, 25), max_size=3), words), max_size=8),
    heard=words,
)
def test_names_that_changed_are_found_and_those_before_them_are_not(
    first: list[str], writes: list[tuple[set[int], str]], heard: str
) -> None:
    """After any writes the names are those of a list made anew, whatever of them is kept beside the large block."""
    current = dict(enumerate(first))
    names = Names(list(current.items()))
    for documents, name in writes:
        current |= dict.fromkeys(documents, name)
        names = names.changed(documents, [(document, name) for document in documents])
    similar = names.similarities(heard).best(100)
    assert {(document, value) for document, value, _ in similar} <= set(current.items())
    assert len({document for document, _, _ in similar}) == len(similar)
    for document, name in current.items():
        if spelt(name).strip():
            own = {one: score for one, _, score in names.similarities(name).best(100)}
            assert own[document] == pytest.approx(max(own.values()))

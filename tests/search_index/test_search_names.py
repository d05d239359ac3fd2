"""A name that was misheard is still the name that was meant."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search_index import Equals, ErrorCode, Index, Query, SearchError
from search_index.names import Names


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
    found = library.search(Query("brass on the harber", search_names=True, limit=1)).hits[0]
    assert found.id == "m15"
    assert found.explanation.sound.raw > 0.5


def test_a_field_without_sound_says_so(library: Index) -> None:
    for field, code in (("description", ErrorCode.BAD_QUERY), ("colour", ErrorCode.UNKNOWN_FIELD)):
        with pytest.raises(SearchError) as caught:
            library.link("x", field=field)
        assert (caught.value.code, caught.value.field) == (code, field)


@settings(deadline=None)
@given(values=st.lists(st.text(max_size=20), max_size=6), heard=st.text(max_size=20))
def test_any_text_has_a_similarity_between_0_and_1(values: list[str], heard: str) -> None:
    names = Names(np.arange(len(values)), values)
    scores = names.similarities(heard)
    assert scores.shape == (len(values),)
    assert ((scores >= 0) & (scores <= 1)).all()
    for value in values:
        own = names.similarities(value)
        if value.strip() and own.max() > 0:
            assert own[values.index(value)] == pytest.approx(own.max())

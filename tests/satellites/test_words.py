"""Words and sentences are passed on early, and never wrongly."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import ServiceError
from assistant.satellites.agreed_words import AgreedWords
from assistant.satellites.sentence_buffer import SentenceBuffer
from voice.sentences import sentences

WORDS = st.lists(st.sampled_from(["find", "me", "a", "talk", "tall"]), max_size=6).map(" ".join)


@given(st.lists(WORDS, max_size=8), WORDS)
def test_chunks_add_up_to_the_beginning_of_what_was_heard(partials: list[str], final: str) -> None:
    """They are words that two partials in a row began with, or the final's own, and none is taken back."""
    agreed, said = AgreedWords(), ""
    for before, partial in zip(["", *partials], partials, strict=False):
        if chunk := agreed.add(partial):
            said += chunk
            assert f"{before} ".startswith(f"{said} ")
            assert f"{partial} ".startswith(f"{said} ")
    ended = said + agreed.finish(final)
    assert ended == (final if f"{final} ".startswith(f"{said} ") or not said else said)


def test_a_word_is_passed_on_once_the_next_partial_keeps_it() -> None:
    agreed = AgreedWords()
    partials = ["find", "find me a", "find me a tall", "find me a talk about", "find me a talk about black"]
    assert [agreed.add(partial) for partial in partials] == ["", "find", " me a", "", " talk about"]
    assert agreed.finish("find me a talk about black holes") == " black holes"


TEXTS = st.lists(
    st.sampled_from(
        ["Hello", " ", "  ", "Dr.", "3.5", "p.m.", "What?", '"', "\n", "。", "...", "Sori", "a, b", "x" * 200]
    )
).map("".join)


@given(TEXTS, st.lists(st.integers(min_value=0), max_size=8))
def test_a_text_in_pieces_is_spoken_like_the_whole_text(text: str, places: list[int]) -> None:
    edges = [0, *sorted(place % (len(text) + 1) for place in places), len(text)]
    buffer, spoken = SentenceBuffer(), []
    for begin, end in pairwise(edges):
        spoken += buffer.add(text[begin:end])
    assert spoken + buffer.finish() == list(sentences(text))


def test_a_sentence_is_spoken_as_soon_as_the_next_begins() -> None:
    buffer = SentenceBuffer()
    assert [buffer.add(piece) for piece in ["Here is ", "Dr.", " Osei. ", "There", " is more."]] == [
        [],
        [],
        [],
        ["Here is Dr. Osei."],
        [],
    ]
    assert buffer.finish() == ["There is more."]


def test_a_text_without_an_end() -> None:
    buffer = SentenceBuffer()
    for _ in range(5):
        assert buffer.add("word " * 200)
    with pytest.raises(ServiceError) as raised:
        buffer.add("w")
    assert raised.value.code == "text_too_long"

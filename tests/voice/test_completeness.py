"""Whether the words so far are a whole sentence, from what people are expected to say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.completeness import NUMBERS, OPEN_WORDS, UNFINISHED, UNKNOWN, SentenceEnds
from voice.recogniser import Vocabulary

SENTENCES = (
    "play the night train to lisbon",
    "play the second one",
    "find me a talk about black holes",
    "find me a talk about sleep",
    "turn it up",
    "what is that about",
    "stop",
    "stop playing",
    "number two",
)
ENDS = SentenceEnds(Vocabulary.of(*SENTENCES))
WORDS = sorted({word for sentence in SENTENCES for word in sentence.split()} | {"um", "zebra", "seven"})


@pytest.mark.parametrize("text", [one for one in SENTENCES if one != "stop"])
def test_what_is_expected_whole_is_whole(text: str) -> None:
    """Even where it ends in a word that seldom does: "turn it up", "what is that about", "number two"."""
    assert ENDS(text) > 0.6


@pytest.mark.parametrize("text", ["play", "play the", "play the second", "find me a talk about black", "turn it"])
def test_the_beginning_of_a_sentence_is_not(text: str) -> None:
    assert ENDS(text) < 0.2


def test_a_sentence_that_may_go_on_is_in_between() -> None:
    assert ENDS("stop playing") > ENDS("stop") > 0.3


@pytest.mark.parametrize(
    "text", ["find me something and", "a zebra with", "i want um", "call me at five five", "under fifty"]
)
def test_more_has_to_follow_some_words_whatever_came_before(text: str) -> None:
    assert ENDS(text) == UNFINISHED


def test_one_is_a_number_only_within_one() -> None:
    assert ENDS("another zebra one") > UNFINISHED
    assert ENDS("four one") == UNFINISHED


def test_nothing_is_known_without_words() -> None:
    assert ENDS("") == UNKNOWN


def test_how_often_a_sentence_is_said_counts() -> None:
    seldom = SentenceEnds(Vocabulary((("go", 1.0), ("go back", 9.0))))
    often = SentenceEnds(Vocabulary((("go", 9.0), ("go back", 1.0))))
    assert seldom("go") < 0.2 < 0.8 < often("go")


def test_an_empty_vocabulary_knows_the_open_words() -> None:
    nothing = SentenceEnds(Vocabulary())
    assert nothing("tea and") == UNFINISHED
    assert 0.0 <= nothing("tea") <= 1.0


@given(st.lists(st.sampled_from(WORDS), max_size=12))
def test_it_is_a_probability_whatever_is_said(words: list[str]) -> None:
    assert 0.0 <= ENDS(" ".join(words)) <= 1.0


@given(st.text(max_size=60))
def test_any_text_will_do(text: str) -> None:
    assert 0.0 <= ENDS(text) <= 1.0


def test_no_word_is_listed_that_ends_commands() -> None:
    """ "On", "up", "off" and their like end too many of them."""
    assert not {"on", "up", "down", "off", "out", "back", "that", "it", "one"} & OPEN_WORDS
    assert "one" in NUMBERS

"""Whether the words so far are a whole sentence, from what people are expected to say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.completeness import NUMBERS, OPEN_WORDS, UNFINISHED, UNKNOWN, SentenceEnds
from voice.phrasing import Phrasing

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
ENDS = SentenceEnds(Phrasing.of(*SENTENCES))
WORDS = sorted({word for sentence in SENTENCES for word in sentence.split()} | {"um", "zebra", "seven"})

TOPICS = ("black holes", "jazz", "jazz guitar", "the history of salt", "salt")
TITLES = ("The Night Sky", "The Night Train to Lisbon", "Folk Tales for a Power Cut")
NAMED = SentenceEnds(
    Phrasing(
        (
            ("play {title}", 1.0),
            ("find me a talk about {topic}", 1.0),
            ("play something about {topic}", 1.0),
            ("play something", 1.0),
            ("{topic} lessons", 1.0),
            ("play the next one", 1.0),
        ),
        {"topic": TOPICS, "title": TITLES},
        open=frozenset({"topic", "title"}),
    )
)
NAMED_WORDS = sorted(
    {word for name in (*TOPICS, *TITLES) for word in name.split()} | {"play", "about", "lessons", "um"}
)


@pytest.mark.parametrize("text", [one for one in SENTENCES if one != "stop"])
def test_what_is_expected_whole_is_whole(text: str) -> None:
    """Even where it ends in a word that seldom does: "turn it up", "what is that about", "number two"."""
    assert ENDS(text) > 0.6


@pytest.mark.parametrize("text", ["play", "play the", "play the second", "find me a talk about black", "turn it"])
def test_the_beginning_of_a_sentence_is_not(text: str) -> None:
    assert ENDS(text) < 0.2


def test_a_sentence_that_may_go_on_is_in_between() -> None:
    assert ENDS("stop playing") > ENDS("stop") > 0.3


@pytest.mark.parametrize("topic", TOPICS)
def test_what_follows_one_name_is_known_of_all_names_of_its_class(topic: str) -> None:
    """No sentence that was counted holds any of them."""
    assert NAMED(f"play something about {topic}") > 0.7
    assert NAMED(f"{topic} lessons") > 0.6


@pytest.mark.parametrize("text", ["play the night", "play the night train to", "find me a talk about black"])
def test_the_beginning_of_a_name_is_no_whole_sentence(text: str) -> None:
    assert NAMED(text) < 0.25


def test_a_name_that_begins_a_longer_one_is_less_surely_over() -> None:
    assert NAMED("play something about salt") > NAMED("play something about jazz") > 0.5


def test_a_long_name_may_be_said_for_short() -> None:
    assert NAMED("play folk tales") > UNKNOWN + 0.1


def test_a_name_nobody_has_listed_is_mostly_over_where_somebody_pauses() -> None:
    assert NAMED("find me a talk about zebra crossings") > 0.5
    assert NAMED("find me a talk about zebra with") == UNFINISHED


def test_names_of_no_open_class_are_only_those_listed() -> None:
    closed = SentenceEnds(Phrasing.of("set it to {volume}", volume=("ten", "twenty")))
    assert closed("set it to ten") > 0.6
    assert closed("set it to zebra") <= UNKNOWN


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
    seldom = SentenceEnds(Phrasing((("go", 1.0), ("go back", 99.0))))
    often = SentenceEnds(Phrasing((("go", 9.0), ("go back", 1.0))))
    assert seldom("go") < 0.2 < 0.8 < often("go")


def test_an_empty_phrasing_knows_the_open_words() -> None:
    nothing = SentenceEnds(Phrasing())
    assert nothing("tea and") == UNFINISHED
    assert nothing("tea") == UNKNOWN


def test_a_class_without_names_is_no_word() -> None:
    nameless = SentenceEnds(Phrasing((("play {title}", 1.0),), {"title": ()}, open=frozenset({"title"})))
    assert 0.0 <= nameless("play zebra") <= 1.0


@given(st.lists(st.sampled_from(WORDS), max_size=12))
def test_it_is_a_probability_whatever_is_said(words: list[str]) -> None:
    assert 0.0 <= ENDS(" ".join(words)) <= 1.0


@given(st.lists(st.sampled_from(NAMED_WORDS), max_size=12))
def test_it_is_a_probability_whatever_names_are_said(words: list[str]) -> None:
    assert 0.0 <= NAMED(" ".join(words)) <= 1.0


@given(st.text(max_size=60))
def test_any_text_will_do(text: str) -> None:
    assert 0.0 <= ENDS(text) <= 1.0
    assert 0.0 <= NAMED(text) <= 1.0


@given(st.lists(st.sampled_from(WORDS), max_size=20))
def test_a_long_sentence_is_as_good_as_a_short_one(words: list[str]) -> None:
    """Only its end counts, and no product of many probabilities becomes nothing."""
    assert 0.0 <= NAMED(" ".join(["zebra"] * 300 + words)) <= 1.0


def test_no_word_is_listed_that_ends_commands() -> None:
    """ "On", "up", "off" and their like end too many of them."""
    assert not {"on", "up", "down", "off", "out", "back", "that", "it", "one"} & OPEN_WORDS
    assert "one" in NUMBERS

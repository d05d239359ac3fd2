"""What was recognised reads as if somebody had typed it, and every sentence begins when it was spoken."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skills.media.captions import Transcript
from skills.media.transcripts import Names, readable
from skills.media.transcripts.numbers import written_number
from skills.media.transcripts.questions import is_question
from skills.media.transcripts.segmenting import BREAK_MS, MAX_SEGMENT_MS
from voice.recogniser import Word
from voice.spoken_form import cardinal_words, year_words

SHORT, LONG = 40, 700


def said(text: str) -> list[Word]:
    """Words of 300 ms with short gaps; a slash is a long pause."""
    words, now = [], 5_000
    for token in text.split():
        if token == "/":
            now += LONG - SHORT
            continue
        words.append(Word(token, now, now + 300, 0.9))
        now += 300 + SHORT
    return words


def texts(transcript: Transcript) -> list[str]:
    return [segment.text for segment in transcript.segments]


def test_sentences_are_cut_at_pauses_and_written_with_capitals_and_marks() -> None:
    words = said(
        "good morning everybody / today we talk about storms / what is lightning "
        "/ that is all there is to say but we will be back"
    )
    transcript = readable(words)
    assert texts(transcript) == [
        "Good morning everybody.",
        "Today we talk about storms.",
        "What is lightning?",
        "That is all there is to say, but we will be back.",
    ]
    assert [one.start_ms for one in transcript.segments] == [5_000, 6_680, 9_040, 10_720]
    assert transcript.segments[2].words[2].start_ms == 9_720


def test_sentences_end_where_nobody_paused_too() -> None:
    words = said("thank you for coming we will talk about the weather")
    assert texts(readable(words)) == [
        "Thank you for coming.",
        "We will talk about the weather.",
    ]


def test_a_long_pause_for_thought_parts_segments_and_ends_no_sentence() -> None:
    words = said("this is the / a long one")
    late = [Word(word.text, word.start_ms + BREAK_MS * (index > 2), word.end_ms + BREAK_MS * (index > 2), 1.0)
            for index, word in enumerate(words)]  # fmt: skip
    assert len(readable(late).segments) == 2


@pytest.mark.parametrize(
    ("spoken", "written"),
    [
        ("twenty one storms", "21 storms"),
        ("three storms", "three storms"),
        ("nineteen eighty four", "1984"),
        ("twenty oh five", "2005"),
        ("three point five percent", "3.5%"),
        ("nine percent", "9%"),
        ("two million people", "2 million people"),
        ("one hundred and five", "105"),
        ("forty two thousand and six", "42,006"),
        ("the twenty first century", "the 21st century"),
        ("call five five five oh one two three", "call 5550123"),
        ("one two three", "one two three"),
        ("one of them", "one of them"),
        ("ten or twelve", "10 or 12"),
        ("three point", "three point"),
    ],
)
def test_numbers_are_written_as_people_write_them(spoken: str, written: str) -> None:
    words, at, done = spoken.split(), 0, []
    while at < len(words):
        number = written_number(words, at)
        done.append(number.text)
        at += number.words
    assert " ".join(done) == written


@given(st.integers(10, 999_999))
def test_every_whole_number_comes_back_from_its_words(number: int) -> None:
    words = cardinal_words(number).split()
    found = written_number(words, 0)
    assert (found.text.replace(",", ""), found.words) == (str(number), len(words))


@given(st.integers(1_610, 2_099).filter(lambda year: year % 100 and not 2_000 < year < 2_010))
def test_every_year_comes_back_from_its_words(year: int) -> None:
    assert written_number(year_words(year).split(), 0).text == str(year)


@pytest.mark.parametrize(
    ("sentence", "asks"),
    [
        ("what is lightning", True), ("so how many bolts are there", True), ("can you hear me", True), ("why", True),
        ("what i mean is this", False), ("when it rains we stay", False), ("is", False), ("", False),
        ("can openers are useful", False), ("how does it work", True), ("it works", False),
    ],
)  # fmt: skip
def test_questions_are_told_by_their_opening(sentence: str, asks: bool) -> None:
    assert is_question(sentence.split()) is asks


def test_names_are_learnt_from_what_is_known_of_the_item() -> None:
    names = Names(
        [
            "Onboarding Lightning Developers with NASA",
            "We visit the Bitcoin Core team in Zürich. They love Clark there.",
        ],
        people=["Will Clark", "Gloria Zhao"],
    )
    heard = "i met will clark and zhao of nasa in zürich will the bitcoin core developers love the core on monday"
    assert " ".join(names.written(heard.split())) == (
        "I met Will Clark and Zhao of NASA in Zürich will the Bitcoin Core developers love the core on Monday"
    )


def test_words_of_any_kind_become_segments_in_order() -> None:
    assert readable([]).segments == ()
    assert (
        readable([Word("late", 500, 900, 1.0), Word("early", 0, 600, 1.0), Word("none", 5, 5, 1.0)])
        .segments[0]
        .text.startswith("Early")
    )


words = st.lists(
    st.tuples(
        st.sampled_from(
            ["so", "the", "storm", "twenty", "one", "what", "is", "but", "i", "percent", "hundred", "it's", "ü"]
        ),
        st.integers(-100, 3_000),
        st.integers(0, 2_000),
    ),
    max_size=60,
)


@given(words)
def test_every_segment_begins_with_its_first_word_and_none_lasts_for_ever(parts: list[tuple[str, int, int]]) -> None:
    recognised, now = [], 0
    for text, gap, length in parts:
        start = max(0, now + gap)
        recognised.append(Word(text, start, start + length, 0.5))
        now = start + length
    transcript = readable(recognised)  # the type sees to order, text and overlaps
    starts = {word.start_ms for word in recognised} | {word.end_ms for word in recognised}
    for segment in transcript.segments:
        assert segment.start_ms in starts
        assert segment.text == " ".join(word.text for word in segment.words)
        assert segment.end_ms - segment.start_ms <= MAX_SEGMENT_MS or len(segment.words) == 1

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.sentences import MAX_SENTENCE, sentences, speakable

PROSE = st.text(st.sampled_from("abcDE .,!?\n'\")0123…。") | st.characters(), max_size=900)


@given(PROSE)
def test_nothing_but_white_space_is_lost(text: str) -> None:
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


@given(PROSE)
def test_every_part_can_be_spoken_in_turn(text: str) -> None:
    for sentence in sentences(text):
        assert sentence.strip() == sentence != ""
        assert len(sentence) <= MAX_SENTENCE


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("It is ready. Shall I play it?", ["It is ready.", "Shall I play it?"]),
        (
            "Dr. Rao and Mrs. Lee speak at 5 p.m. on deep sleep.",
            ["Dr. Rao and Mrs. Lee speak at 5 p.m. on deep sleep."],
        ),
        ("It starts at 5 p.m. Bring a chair.", ["It starts at 5 p.m.", "Bring a chair."]),
        ("It lasts 3.5 hours. Really!", ["It lasts 3.5 hours.", "Really!"]),
        ("J. S. Bach wrote it. So can I. Now listen.", ["J. S. Bach wrote it.", "So can I.", "Now listen."]),
        ('She said "stop." Then silence…  The end', ['She said "stop."', "Then silence…", "The end"]),
        ("One\nTwo\n\nThree", ["One", "Two", "Three"]),
        ("Vol. 2, ep. 7 vs. ep. 8", ["Vol. 2, ep. 7 vs. ep. 8"]),
        ("", []),
    ],
)
def test_sentences_end_where_a_reader_would_pause(text: str, parts: list[str]) -> None:
    assert list(sentences(text)) == parts


def test_a_long_sentence_is_cut_at_a_comma() -> None:
    text = "first we sing, " * 30
    assert all(part.endswith(",") for part in sentences(text))


@given(st.text(max_size=400))
def test_what_is_spoken_holds_no_commands_for_the_engine(text: str) -> None:
    plain = speakable(text)
    assert not set(plain) & set("<>[]&\0\x1b\x07")
    assert len(plain) <= 2 * len(text) + 5


def test_markup_is_dropped_and_its_text_kept() -> None:
    assert speakable('<speak>Salt &amp <break time="9s"/>pepper [[kaUnt]]</speak>') == "Salt and amp pepper ((kaUnt))"


def test_a_text_is_cut_at_its_limit_between_words() -> None:
    assert speakable("one two three", 9) == "one two"

"""A model of our own from end to end: its words, new words, speech that no word fits, and expectations."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.voice.tones import RATE, build, spoken
from voice.errors import ModelError
from voice.recogniser import Transcript, Vocabulary
from voice.vosk_engine import VoskRecogniser

SENTENCES = ("see two", "two knee", "sue")


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("tones") / "model", *SENTENCES)


@pytest.fixture(scope="module")
def recogniser(model: Path, tmp_path_factory: pytest.TempPathFactory) -> VoskRecogniser:
    return VoskRecogniser(model, tmp_path_factory.mktemp("cache"), Vocabulary.of(*SENTENCES))


def hear(recogniser: VoskRecogniser, pcm: bytes, *, expected: tuple[str, ...] = (), step: int = 3_201) -> Transcript:
    stream = recogniser.open(expected)
    for start in range(0, len(pcm), step):
        stream.feed(pcm[start : start + step])
    return stream.finish()


def test_words_are_heard_with_their_times(recogniser: VoskRecogniser) -> None:
    heard = hear(recogniser, spoken("see two"))
    assert (heard.text, heard.unknown) == ("see two", 0.0)
    first, second = heard.words
    assert (first.start_ms, first.end_ms) == (pytest.approx(400, abs=60), pytest.approx(700, abs=60))
    assert (second.start_ms, second.end_ms) == (pytest.approx(1_000, abs=60), pytest.approx(1_300, abs=60))
    assert heard.alternatives[0].text == heard.text
    assert heard.alternatives[0].confidence > 0.9


def test_a_pause_does_not_cut_an_utterance(recogniser: VoskRecogniser) -> None:
    heard = hear(recogniser, spoken("two") + bytes(2 * RATE * 5) + spoken("knee"))
    assert heard.text == "two knee"
    assert heard.words[1].start_ms == pytest.approx(6_400, abs=60)


def test_speech_that_no_word_fits_is_unknown_and_not_the_nearest_word(recogniser: VoskRecogniser) -> None:
    nonsense = hear(recogniser, spoken("AA-S-AA-N-AA-S AA-S-N-UW-AA-S"))
    assert nonsense == Transcript(unknown=1.0)
    mixed = hear(recogniser, spoken("two AA-S-AA-N-AA-S"))
    assert mixed.text == "two"
    assert 0.5 < mixed.unknown < 0.9


def test_a_new_vocabulary_has_words_that_the_graph_has_never_seen(model: Path, tmp_path: Path) -> None:
    recogniser = VoskRecogniser(model, tmp_path, Vocabulary.of(*SENTENCES))
    assert hear(recogniser, spoken("not soon")).text == ""
    old = recogniser.open()
    recogniser.set_vocabulary(Vocabulary.of("tea not soon", "noose"))
    heard = hear(recogniser, spoken("tea not soon"))
    assert (heard.text, heard.unknown) == ("tea not soon", 0.0)
    assert [word.start_ms for word in heard.words] == [pytest.approx(at, abs=60) for at in (400, 1_000, 1_750)]
    old.feed(spoken("see two"))
    assert old.finish().text == "see two", "a stream that is open keeps its vocabulary"


def test_a_vocabulary_that_cannot_be_used_changes_nothing(model: Path, tmp_path: Path) -> None:
    recogniser = VoskRecogniser(model, tmp_path, Vocabulary.of(*SENTENCES))
    for sentences, code in ((("서울", "!!"), "vocabulary_empty"), (((),), "vocabulary_empty")):
        with pytest.raises(ModelError) as caught:
            recogniser.set_vocabulary(Vocabulary.of(*(str(sentence) for sentence in sentences)))
        assert caught.value.code == code
    with pytest.raises(ModelError) as caught:
        recogniser.set_vocabulary(Vocabulary((("sue", -1.0),)))
    assert caught.value.code == "vocabulary_weight"
    assert hear(recogniser, spoken("sue")).text == "sue"


def test_a_vocabulary_made_before_is_found_again(model: Path, tmp_path: Path) -> None:
    for _ in range(2):
        recogniser = VoskRecogniser(model, tmp_path, Vocabulary.of("noose"))
        assert hear(recogniser, spoken("noose")).text == "noose"
    assert len(list(tmp_path.iterdir())) == 1


def test_an_expected_phrase_is_heard_where_it_would_be_unlikely(model: Path, tmp_path: Path) -> None:
    """`tea see` is rare and `two see` said all the time; the sound is both, with more of `tea`."""
    often = Vocabulary((("two see", 1_000.0), ("tea see", 1.0), ("noose", 1.0)))
    recogniser = VoskRecogniser(model, tmp_path, often)
    tea, two = (np.frombuffer(spoken(text), "<i2") for text in ("tea see", "two see"))
    between = (0.63 * tea + 0.37 * two).astype("<i2").tobytes()
    assert hear(recogniser, between).text == "two see"
    assert hear(recogniser, between, expected=("tea see", "noose")).text == "tea see"
    assert hear(recogniser, spoken("two see"), expected=("tea see", "noose")).text == "two see"
    assert hear(recogniser, spoken("two see"), expected=("zzz", "!")).text == "two see"


ODD_SOUNDS = {
    "nothing": b"",
    "one byte": b"\1",
    "zeros": bytes(2 * RATE),
    "constant": np.full(RATE, 32_767, "<i2").tobytes(),
    "square": np.tile(np.array([32_767] * 20 + [-32_768] * 20, "<i2"), 500).tobytes(),
    "click": bytes(RATE) + b"\xff\x7f" + bytes(RATE),
}


@pytest.mark.parametrize("name", ODD_SOUNDS)
def test_odd_sound_is_heard_as_no_word(recogniser: VoskRecogniser, name: str) -> None:
    assert hear(recogniser, ODD_SOUNDS[name]).text == ""


@settings(max_examples=15, deadline=None)
@given(st.lists(st.binary(max_size=5_000), max_size=8))
def test_no_bytes_end_the_process(recogniser: VoskRecogniser, pieces: list[bytes]) -> None:
    stream = recogniser.open()
    for piece in pieces:
        stream.feed(piece)
        assert isinstance(stream.partial(), str)
    heard = stream.finish()
    assert 0.0 <= heard.unknown <= 1.0
    assert sum(alternative.confidence for alternative in heard.alternatives) <= 1.0 + 1e-6

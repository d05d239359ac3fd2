from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.voice.sounds import silence
from tests.voice.tiny_vosk import write_model
from voice.errors import RecognitionError
from voice.models import inspect_model, open_recogniser
from voice.recogniser import Recogniser, Vocabulary

NOISE = np.random.default_rng(1).normal(0, 3_000, 16_000).astype("<i2").tobytes()


@pytest.fixture(scope="module")
def recogniser(tmp_path_factory: pytest.TempPathFactory) -> Recogniser:
    path = write_model(tmp_path_factory.mktemp("models") / "vosk-model-en-tiny")
    assert inspect_model(path).problem is None
    return open_recogniser("auto", path, tmp_path_factory.mktemp("cache"), Vocabulary())


def test_a_model_folder_is_loaded_and_streams(recogniser: Recogniser) -> None:
    stream = recogniser.open()
    partials = []
    pcm = silence(500) + NOISE + silence(400)
    for start in range(0, len(pcm), 3_201):
        stream.feed(pcm[start : start + 3_201])
        partials.append(stream.partial())
    transcript = stream.finish()
    assert recogniser.name == "vosk"
    assert partials[0] == ""
    assert "hello" in partials[-1]
    assert transcript.text == "hello"
    assert transcript.alternatives[0].text == "hello"
    assert 0 < transcript.alternatives[0].confidence <= 1
    (word,) = transcript.words
    assert word.start_ms == pytest.approx(500, abs=120)
    assert word.end_ms == pytest.approx(1_500, abs=120)
    with pytest.raises(RecognitionError):
        stream.feed(pcm)


def test_words_on_both_sides_of_a_long_pause_are_joined(recogniser: Recogniser) -> None:
    stream = recogniser.open()
    stream.feed(silence(300) + NOISE + silence(4_000) + NOISE + silence(300))
    transcript = stream.finish()
    assert transcript.text == "hello hello"
    assert transcript.words[1].start_ms == pytest.approx(5_300, abs=150)


def test_silence_is_nothing_heard(recogniser: Recogniser) -> None:
    stream = recogniser.open()
    stream.feed(silence(1_000))
    assert stream.finish().alternatives == ()


def test_a_closed_recogniser_refuses_new_streams(tmp_path: Path) -> None:
    recogniser = open_recogniser("vosk", write_model(tmp_path / "model"), tmp_path, Vocabulary())
    recogniser.close()
    with pytest.raises(RecognitionError) as caught:
        recogniser.open()
    assert caught.value.code == "recogniser_closed"

"""A whole recording is heard in pieces: the same words as in one go, and nothing more once nobody waits for them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from itertools import count

import pytest

from assistant.hearing import hear
from tests.service.speech import QUESTION, in_a_room, say
from voice.audio import Audio
from voice.errors import RecognitionError
from voice.pocketsphinx_engine import PocketsphinxRecogniser
from voice.recogniser import Recogniser, Vocabulary


@pytest.fixture(scope="module")
def recogniser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Recogniser]:
    """With a single place: a stream that is left open takes it for good."""
    made = PocketsphinxRecogniser(tmp_path_factory.mktemp("cache"), Vocabulary.of(QUESTION, "stop"), pool_size=1)
    with closing(made):
        yield made


@pytest.fixture(scope="module")
def recording() -> Audio:
    return Audio(in_a_room(say(), before=1.0, after=2.0))


def test_a_question_is_heard_across_the_pieces(recogniser: Recogniser, recording: Audio) -> None:
    assert hear(recording, recogniser).text == QUESTION


def test_silence_is_nothing(recogniser: Recogniser) -> None:
    assert hear(Audio(in_a_room(say(), before=2.0, after=0.0)[:32_000]), recogniser).text == ""


@pytest.mark.parametrize("looks", [0, 1, 7])
def test_when_the_service_stops_it_is_given_up_and_its_place_is_free(
    recogniser: Recogniser, recording: Audio, looks: int
) -> None:
    """Whether it stops before anything is done, while speech is looked for, or while it is recognised."""
    seen = count()
    with pytest.raises(RecognitionError) as raised:
        hear(recording, recogniser, lambda: next(seen) >= looks)
    assert raised.value.code == "recogniser_closed"
    assert next(seen) == looks + 1
    assert hear(recording, recogniser).text == QUESTION

"""What the shipped model takes for unknown, in a domain so small that it is known by heart."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest

from tests.voice.sounds import flite, silence
from voice.models import SHIPPED, open_recogniser
from voice.recogniser import Recogniser, Transcript, Vocabulary

VERBS = ("turn on", "turn off", "switch on", "dim")
THINGS = ("the lamp", "the ceiling light", "all the lights", "the heater")
PLACES = ("in the kitchen", "in the bedroom", "in the hall", "upstairs", "")
DOMAIN = [" ".join(filter(None, parts)) for parts in product(VERBS, THINGS, PLACES)]
OFTEN = 100.0
"""Each sentence so many times: what is left for anything else by back-off is next to nothing."""
COMMANDS = ("turn on the ceiling light upstairs", "dim the lamp in the bedroom", "switch on the heater in the hall")
OTHER = (
    "my brother bought a second hand bicycle yesterday",
    "the minister denied all of the allegations on monday",
    "we are running low on milk and butter again",
    "there were two goals in the second half of the match",
)
VOICES = ("slt", "rms", "awb")


@pytest.fixture(scope="module")
def recogniser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Recogniser]:
    vocabulary = Vocabulary(tuple((sentence, OFTEN) for sentence in DOMAIN))
    made = open_recogniser("vosk", SHIPPED, tmp_path_factory.mktemp("cache"), vocabulary)
    yield made
    made.close()


def heard(recogniser: Recogniser, text: str, voice: str) -> Transcript:
    stream = recogniser.open()
    stream.feed(silence(300) + flite(text, voice) + silence(300))
    return stream.finish()


@pytest.mark.parametrize("text", COMMANDS)
def test_commands_of_the_domain_are_known(recogniser: Recogniser, text: str) -> None:
    assert [heard(recogniser, text, voice).text for voice in VOICES] == [text] * len(VOICES)
    assert max(heard(recogniser, text, voice).unknown for voice in VOICES) < 0.1


@pytest.mark.parametrize("text", OTHER)
def test_other_speech_is_unknown(recogniser: Recogniser, text: str) -> None:
    assert min(heard(recogniser, text, voice).unknown for voice in VOICES) > 0.3

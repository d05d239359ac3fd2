from __future__ import annotations

from collections.abc import Iterator

import pytest

from voice.pocketsphinx_engine import PocketsphinxRecogniser
from voice.recogniser import Vocabulary

COMMANDS = (
    "play the night train to lisbon",
    "find me a talk about black holes",
    "find me a podcast about sleep",
    "play the second one",
    "what is playing",
    "pause",
    "resume",
    "stop",
    "turn it up",
    "turn it down",
    "next episode",
    "help",
    "goodbye",
)


@pytest.fixture(scope="session")
def recogniser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PocketsphinxRecogniser]:
    made = PocketsphinxRecogniser(tmp_path_factory.mktemp("cache"), Vocabulary.of(*COMMANDS), pool_size=2)
    yield made
    made.close()

"""The recognisers that are measured side by side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from assistant.expected_phrasing import expected_phrasing
from assistant.expected_speech import expected_speech
from assistant.house import NLU_DATA
from benchmarks.fingerprints import of_files, of_vocabulary
from skills.media.catalogue import demo_items
from voice.models import SHIPPED, open_recogniser
from voice.phrasing import Phrasing
from voice.pocketsphinx_engine import POOL_SIZE, PocketsphinxRecogniser
from voice.recogniser import Recogniser, Vocabulary

PEER = "pocketsphinx"


@dataclass(frozen=True)
class Ear:
    """A recogniser that is to be measured: `content` is all that it depends on beside the code in voice/."""

    name: str
    content: str
    open: Callable[[], Recogniser]


def pocketsphinx_ear(vocabulary: Vocabulary, folder: Path, places: int = POOL_SIZE) -> Ear:
    """The peer, with a language model of the same vocabulary; files go into `folder`. `places` are streams at once."""
    return Ear(
        PEER,
        f"{PEER} {of_vocabulary(vocabulary)}",
        lambda: PocketsphinxRecogniser(folder, vocabulary, pool_size=places),
    )


def our_ear(vocabulary: Vocabulary, folder: Path, name: str = "ours, as shipped", model: Path = SHIPPED) -> Ear:
    """Vosk with a model of ours and a graph of the vocabulary."""
    return Ear(
        name,
        f"vosk {of_files(model)} {of_vocabulary(vocabulary)}",
        lambda: open_recogniser("vosk", model, folder, vocabulary),
    )


@cache
def product_vocabulary() -> Vocabulary:
    """What people are expected to say to the product with its demo catalogue."""
    return expected_speech(NLU_DATA, demo_items())


@cache
def product_phrasing() -> Phrasing:
    """How people are expected to put it."""
    return expected_phrasing(NLU_DATA, demo_items())

"""Synthetic training data, kept on disk in shards so that it is made once."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from voice.pronounce import dictionary_lines
from voice.recogniser import Vocabulary
from voice.training.shards import Progress, fingerprint, make_shards
from voice.training.speech import Speech, Surroundings
from voice.training.texts import utterances
from voice.training.voices import Voice

UTTERANCES_A_SHARD = 64
SECONDS_AN_UTTERANCE = 3.2
"""What one takes on average, with the silence around it."""
_VERSION = 1
"""Counts changes of how data is made, so that old data is not taken for new."""


@dataclass(frozen=True)
class Script:
    """What is said and by whom: `hours` of speech by `voices`, each clip also heard in `copies` surroundings.

    `random_share` of the utterances are words in random order, the vocabulary's and `words`, the others sentences.
    """

    vocabulary: Vocabulary
    words: tuple[str, ...]
    voices: tuple[Voice, ...]
    hours: float
    copies: int
    seed: int
    random_share: float = 0.5


@dataclass(frozen=True)
class Data:
    """Files of shards, and the texts that each shard of speech says. `name` is the fingerprint of it all."""

    name: str
    speech: tuple[Path, ...]
    features: tuple[Path, ...]
    texts: tuple[tuple[str, ...], ...]


def make_data(script: Script, work: Path, processes: int, progress: Progress) -> Data:
    """Speak, align and analyse, or find what was made before under `work`.

    Raises:
        TrainingError: `synthesis_failed`.
    """
    count = max(1, round(script.hours * 3_600 / SECONDS_AN_UTTERANCE))
    drawn = utterances(script.vocabulary, script.words, count, script.seed, script.random_share)
    said = [" ".join(words) for words in drawn]
    shards = [tuple(said[start : start + UTTERANCES_A_SHARD]) for start in range(0, count, UTTERANCES_A_SHARD)]
    dictionary = _write_dictionary(said, work)
    spoken = fingerprint(_VERSION, script.seed, shards, [(voice.name, voice.weight) for voice in script.voices])
    speech = make_shards(
        "speech",
        work / f"speech-{spoken}",
        [Speech(texts, script.voices, dictionary, (script.seed, 2, index)) for index, texts in enumerate(shards)],
        processes,
        progress,
    )
    name = fingerprint(spoken, script.copies)
    features = make_shards(
        "features",
        work / f"features-{name}",
        [Surroundings(file, script.copies, (script.seed, 3, index)) for index, file in enumerate(speech)],
        processes,
        progress,
    )
    return Data(name, tuple(speech), tuple(features), tuple(shards))


def _write_dictionary(said: Sequence[str], work: Path) -> Path:
    lines = "\n".join(dictionary_lines({word for text in said for word in text.split()})) + "\n"
    path = work / f"dictionary-{hashlib.sha256(lines.encode()).hexdigest()[:16]}.dict"
    work.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        partial = path.with_suffix(".partial")
        partial.write_text(lines, encoding="utf-8")
        partial.replace(path)
    return path

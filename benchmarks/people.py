"""Recordings of people: sentences read aloud, and other people's speech."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from assistant.hearing import hear
from benchmarks.ears import Ear, our_ear, pocketsphinx_ear, product_vocabulary
from benchmarks.report import Cell, Table
from voice.audio import Audio, decode
from voice.recogniser import Recogniser, Vocabulary
from voice.spoken_form import spoken_words
from voice.training.evaluation import edits

MAX_SECONDS = 60.0


def read_aloud(folder: Path) -> list[Audio]:
    """Every recording of `read`, whether it has a transcript or not."""
    return [
        decode(file, max_seconds=MAX_SECONDS) for file in sorted(folder.iterdir()) if file.suffix in (".wav", ".flac")
    ]


def hear_reading(speech: Path, cache: Path) -> Table:
    """Word error of sentences read aloud."""
    spoken = list(with_transcripts(speech / "read"))
    sentences = [words for _, words in spoken]
    vocabularies = {
        "these sentences alone": Vocabulary.of(*(" ".join(words) for words in sentences)),
        "the product's own": product_vocabulary(),
    }
    rows: list[tuple[Cell, ...]] = []
    for name, vocabulary in vocabularies.items():
        ears: tuple[Ear, ...] = (our_ear(vocabulary, cache), pocketsphinx_ear(vocabulary, cache))
        rows.append((name, len(spoken), sum(map(len, sentences)), *(_word_error(spoken, ear) for ear in ears)))
    return Table(
        ("read aloud, vocabulary", "sentences", "words", "word error rate of ours", "of pocketsphinx"), tuple(rows)
    )


def with_transcripts(folder: Path) -> Iterator[tuple[Audio, list[str]]]:
    """Recordings with their transcripts, which stand in lines of the form `<s> words </s> (name)`."""
    for file, prefix in (("transcription", ""), ("cards_cards.transcription", "cards_")):
        for words, name in re.findall(r"<s>(.*?)</s>\s*\(([^)]+)\)", (folder / file).read_text()):
            yield decode(folder / f"{prefix}{name}.wav", max_seconds=MAX_SECONDS), spoken_words(words)


def _word_error(spoken: Sequence[tuple[Audio, list[str]]], ear: Ear) -> float:
    with closing(ear.open()) as recogniser:
        wrong = sum(_errors(audio, words, recogniser) for audio, words in spoken)
    return wrong / sum(len(words) for _, words in spoken)


def _errors(audio: Audio, words: Sequence[str], recogniser: Recogniser) -> int:
    """Word errors; what the recogniser itself marks as unknown is no word of its."""
    return edits(words, spoken_words(hear(audio, recogniser).text))

"""Recordings of people: spoken orders with and without noise, and sentences read aloud."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray

from assistant.expected_speech import expected_speech
from assistant.hearing import hear
from assistant.house import NLU_DATA
from benchmarks.report import Cell, Table
from skills.media.catalogue import demo_items
from voice.audio import RATE, Audio, decode
from voice.pocketsphinx_engine import PocketsphinxRecogniser
from voice.recogniser import Recogniser, Vocabulary
from voice.spoken_form import spoken_words

NOISES_DB = (None, 20, 10, 5)
"""Clean, and signal to noise in decibels."""

MAX_SECONDS = 60.0

Slots = Mapping[str, str]


@dataclass(frozen=True)
class Order:
    """A spoken order and what was ordered."""

    audio: Audio
    slots: Slots


def hear_commands(speech: Path, cache: Path) -> Table:
    """Orders accepted, clean and in noise."""
    folder = speech / "commands"
    phrases = yaml.safe_load((folder / "grammar.yaml").read_text())["context"]["slots"]
    labels = json.loads((folder / "labels.json").read_text())
    orders = [
        Order(decode(folder / name, max_seconds=MAX_SECONDS), _stripped(label["slots"]))
        for name, label in labels.items()
    ]
    kitchen = decode(speech / "noise" / "kitchen.wav", max_seconds=600).samples
    vocabulary = Vocabulary.of(*(folder / "sentences.txt").read_text().splitlines())
    rows: list[tuple[Cell, ...]] = []
    with closing(PocketsphinxRecogniser(cache, vocabulary)) as recogniser:
        for snr_db in NOISES_DB:
            dice = np.random.default_rng(7)
            accepted = right = 0
            for order in orders:
                audio = order.audio if snr_db is None else _mixed(order.audio, kitchen, snr_db, dice)
                understood = read_slots(hear(audio, recogniser).text, phrases)
                accepted += understood == order.slots
                right += len(understood.items() & order.slots.items())
            rows.append(
                ("clean" if snr_db is None else f"kitchen, {snr_db} dB", len(orders), accepted, right / _slots(orders))
            )
    return Table(("spoken orders", "clips", "accepted", "slots right"), tuple(rows))


def hear_reading(speech: Path, cache: Path) -> Table:
    """Word error of sentences read aloud."""
    spoken = list(_read_aloud(speech / "read"))
    sentences = [words for _, words in spoken]
    vocabularies = {
        "these sentences alone": Vocabulary.of(*(" ".join(words) for words in sentences)),
        "the product's own": expected_speech(NLU_DATA, demo_items()),
    }
    rows: list[tuple[Cell, ...]] = []
    for name, vocabulary in vocabularies.items():
        with closing(PocketsphinxRecogniser(cache, vocabulary)) as recogniser:
            rows.append((name, len(spoken), sum(map(len, sentences)), _word_error(spoken, recogniser)))
    return Table(("read aloud, vocabulary", "sentences", "words", "word error rate"), tuple(rows))


def read_slots(text: str, phrases: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The slots named in a transcript: the longest phrases first, no word used twice, one value a slot."""
    left = f" {' '.join(spoken_words(text))} "
    found: dict[str, str] = {}
    known = [(phrase, slot) for slot, values in phrases.items() for phrase in values]
    for phrase, slot in sorted(known, key=lambda one: -len(one[0])):
        if slot not in found and f" {phrase} " in left:
            found[slot] = phrase
            left = left.replace(f" {phrase} ", " | ", 1)
    return found


def edits(wanted: Sequence[str], heard: Sequence[str]) -> int:
    """Words to insert, delete or replace (Levenshtein)."""
    costs = list(range(len(heard) + 1))
    for row, word in enumerate(wanted, start=1):
        diagonal, costs[0] = costs[0], row
        for column, other in enumerate(heard, start=1):
            diagonal, costs[column] = (
                costs[column],
                min(costs[column] + 1, costs[column - 1] + 1, diagonal + (word != other)),
            )
    return costs[-1]


def _stripped(slots: Slots) -> dict[str, str]:
    """Some labels begin with the blank of a quantity that was left out."""
    return {slot: value.strip() for slot, value in slots.items()}


def _slots(orders: Iterable[Order]) -> int:
    return sum(len(order.slots) for order in orders)


def _mixed(audio: Audio, noise: NDArray[np.int16], snr_db: int, dice: np.random.Generator) -> Audio:
    """Speech [n] with a stretch of the noise, whose energy is `snr_db` below that of the whole clip."""
    speech = audio.samples.astype(np.float64)
    start = int(dice.integers(0, len(noise) - len(speech)))
    stretch = noise[start : start + len(speech)].astype(np.float64)
    gain = np.sqrt((speech**2).mean() / (stretch**2).mean() / 10 ** (snr_db / 10))
    loud = np.clip(speech + gain * stretch, -32_768, 32_767).astype(np.int16)
    return Audio(loud, RATE)


def _read_aloud(folder: Path) -> Iterator[tuple[Audio, list[str]]]:
    """Recordings with their transcripts, which stand in lines of the form `<s> words </s> (name)`."""
    for file, prefix in (("transcription", ""), ("cards_cards.transcription", "cards_")):
        for words, name in re.findall(r"<s>(.*?)</s>\s*\(([^)]+)\)", (folder / file).read_text()):
            yield decode(folder / f"{prefix}{name}.wav", max_seconds=MAX_SECONDS), spoken_words(words)


def _word_error(spoken: Sequence[tuple[Audio, list[str]]], recogniser: Recogniser) -> float:
    wrong = sum(edits(words, spoken_words(hear(audio, recogniser).text)) for audio, words in spoken)
    return wrong / sum(len(words) for _, words in spoken)

"""The spoken coffee orders of the Picovoice speech-to-intent benchmark: people, what they ordered, what can be ordered.

The labels are for scoring only, and no recording of `commands` is trained on.
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from benchmarks.noise import mixed
from benchmarks.seeds import dice
from voice.audio import Audio, decode
from voice.recogniser import Vocabulary
from voice.spoken_form import spoken_words

SAMPLED = 6_000
"""Sentences drawn from the grammar beside the example sentences."""
MAX_SECONDS = 60.0
_CHOICE = re.compile(r"\[([^\]]*)\]")
_SLOT = re.compile(r"\$(\w+):\w+")

Slots = Mapping[str, str]


@dataclass(frozen=True)
class Order:
    """A spoken order and what was ordered."""

    name: str
    audio: Audio
    slots: Slots


@dataclass(frozen=True)
class Coffee:
    """Orders, what can be said for each slot, and sentences as people may say them."""

    orders: tuple[Order, ...]
    phrases: Mapping[str, Sequence[str]]
    sentences: tuple[str, ...]

    @property
    def vocabulary(self) -> Vocabulary:
        """The domain as a recogniser is told of it."""
        return Vocabulary.of(*self.sentences)

    def in_noise(self, noise: Audio, snr_db: float | None) -> list[Audio]:
        """Every order with the same stretches of the noise each time; None leaves them as they were recorded."""
        if snr_db is None:
            return [order.audio for order in self.orders]
        seeded = dice("orders", snr_db)
        return [mixed(order.audio, noise.samples, snr_db, seeded) for order in self.orders]


def load_coffee(speech: Path) -> Coffee:
    """The domain from `commands`: grammar.yaml, sentences.txt, labels.json and the clips."""
    folder = speech / "commands"
    grammar = yaml.safe_load((folder / "grammar.yaml").read_text())
    labels = json.loads((folder / "labels.json").read_text())
    orders = tuple(
        Order(name, decode(folder / name, max_seconds=MAX_SECONDS), _stripped(label["slots"]))
        for name, label in sorted(labels.items())
    )
    examples = (folder / "sentences.txt").read_text().splitlines()
    return Coffee(orders, grammar["context"]["slots"], (*examples, *sample_grammar(grammar, SAMPLED)))


def sample_grammar(grammar: Mapping[str, Any], count: int) -> list[str]:
    """Sentences of a Picovoice grammar, each expression, choice (`[a, b]`) and slot value drawn evenly."""
    chance = random.Random(7)
    context = grammar["context"]
    expressions = [one for group in context["expressions"].values() for one in group]

    def chosen(found: re.Match[str]) -> str:
        return str(chance.choice(found[1].split(","))).strip()

    def filled(found: re.Match[str]) -> str:
        return str(chance.choice(context["slots"][found[1]]))

    return [_SLOT.sub(filled, _CHOICE.sub(chosen, chance.choice(expressions))) for _ in range(count)]


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


@dataclass(frozen=True)
class Score:
    """How the transcripts of all orders compare with what was ordered."""

    accepted: tuple[bool, ...]
    """Of each order: every slot right, none missing and none too many."""
    slots: Mapping[str, tuple[int, int]]
    """Of each slot: how often it was wrong, missing or too many, and how often it was ordered."""
    confusions: Counter[tuple[str, str, str]]
    """Slot, ordered, heard; "-" where there was none."""


def score(orders: Sequence[Order], texts: Iterable[str], phrases: Mapping[str, Sequence[str]]) -> Score:
    """Compare what was heard with what was ordered."""
    accepted = []
    wrong: Counter[str] = Counter()
    ordered: Counter[str] = Counter()
    confusions: Counter[tuple[str, str, str]] = Counter()
    for order, text in zip(orders, texts, strict=True):
        heard = read_slots(text, phrases)
        accepted.append(heard == order.slots)
        ordered.update(order.slots.keys())
        for slot in sorted(heard.keys() | order.slots.keys()):
            wanted, got = order.slots.get(slot, "-"), heard.get(slot, "-")
            if wanted != got:
                wrong[slot] += 1
                confusions[slot, wanted, got] += 1
    return Score(tuple(accepted), {slot: (wrong[slot], ordered[slot]) for slot in phrases}, confusions)


def _stripped(slots: Slots) -> dict[str, str]:
    """Some labels begin with the blank of a quantity that was left out."""
    return {slot: value.strip() for slot, value in slots.items()}

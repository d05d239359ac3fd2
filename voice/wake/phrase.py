"""What to say to wake the assistant, how that sounds, and from which score on it was said."""

from __future__ import annotations

import itertools
import json
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from voice.errors import WakeError
from voice.pronounce import pronunciations
from voice.wake.calibration import threshold
from voice.wake.tracker import PAUSE

READY_MADE = Path(__file__).with_name("phrases.json")
MAX_CHARACTERS = 40
MAX_WORDS = 4
MIN_PHONES = 5
"""Shorter phrases are part of too much that people say."""
MAX_PHONES = 24
MAX_PRONUNCIATIONS = 8
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)*")


@dataclass(frozen=True)
class Phrase:
    """A wake word. `pronunciations` are chains of ARPAbet phones in which `SIL` is a pause that may be left out."""

    text: str
    pronunciations: tuple[tuple[str, ...], ...]
    threshold: float


@cache
def ready_made() -> tuple[Phrase, ...]:
    """The phrases that come with the product."""
    described = json.loads(READY_MADE.read_text(encoding="utf-8"))
    return tuple(
        Phrase(text, tuple(tuple(chain.split()) for chain in one["pronunciations"]), one["threshold"])
        for text, one in described.items()
    )


def find_phrase(text: str) -> Phrase:
    """The ready-made phrase of this text, or one that is pronounced by the dictionary and, failing that, by eSpeak.

    Raises WakeError: `wake_phrase_invalid`, `wake_phrase_short`, `wake_phrase_long`, `wake_phrase_unknown`.
    """
    words = _words(text)
    plain = " ".join(words)
    return next((phrase for phrase in ready_made() if phrase.text == plain), None) or _custom(plain)


def _words(text: str) -> list[str]:
    """English words of a phrase; hyphens, commas and capitals are forgiven."""
    if len(text) > MAX_CHARACTERS:
        raise WakeError("wake_phrase_long", f"A wake word has at most {MAX_CHARACTERS} characters.")
    words = re.sub(r"[\s,.!?-]+", " ", text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").lower()).split()
    if not words or not all(map(_WORD.fullmatch, words)):
        raise WakeError("wake_phrase_invalid", "A wake word is made of English letters only.")
    if len(words) > MAX_WORDS:
        raise WakeError("wake_phrase_long", f"A wake word has at most {MAX_WORDS} words.")
    return words


@lru_cache(maxsize=64)
def _custom(text: str) -> Phrase:
    words = text.split()
    known = pronunciations(words)
    for word in words:
        if word not in known:
            raise WakeError("wake_phrase_unknown", f"Nobody here knows how to say {word!r}.")
    ways = itertools.islice(itertools.product(*(known[word] for word in words)), MAX_PRONUNCIATIONS)
    chains = tuple(tuple(f" {PAUSE} ".join(map(" ".join, way)).split()) for way in ways)
    lengths = [len(chain) - chain.count(PAUSE) for chain in chains]
    if min(lengths) < MIN_PHONES:
        raise WakeError("wake_phrase_short", "That is too short: it would wake at other words. Try two words.")
    if max(lengths) > MAX_PHONES:
        raise WakeError("wake_phrase_long", "That is too long to be said again and again.")
    return Phrase(text, chains, threshold(chains))

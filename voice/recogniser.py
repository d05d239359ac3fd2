"""What every speech recogniser offers: streams of one utterance each, partial results, alternatives and word times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

RATE = 16_000
"""Samples per second of everything a recogniser is fed: 16-bit little-endian mono PCM."""
MAX_ALTERNATIVES = 5


@dataclass(frozen=True)
class Word:
    """One recognised word; times count from the start of the stream, `confidence` is between 0 and 1."""

    text: str
    start_ms: int
    end_ms: int
    confidence: float


@dataclass(frozen=True)
class Alternative:
    """One reading of what was said; the confidences of a transcript's alternatives add up to at most 1."""

    text: str
    confidence: float


@dataclass(frozen=True)
class Transcript:
    """What was heard in one utterance: `text` is the best alternative's, and empty where nothing was heard."""

    text: str = ""
    alternatives: tuple[Alternative, ...] = ()
    words: tuple[Word, ...] = ()
    unknown: float = 0.0
    """Share, 0 to 1, of the time somebody spoke in which no known word fits what was said."""

    def shifted(self, by_ms: int) -> Transcript:
        """The same with all word times later by `by_ms`."""
        words = (replace(word, start_ms=word.start_ms + by_ms, end_ms=word.end_ms + by_ms) for word in self.words)
        return replace(self, words=tuple(words))


@dataclass(frozen=True)
class Vocabulary:
    """What people are expected to say: sentences in any writing, each with a weight above 0 (1 is the usual)."""

    sentences: tuple[tuple[str, float], ...] = ()

    @classmethod
    def of(cls, *sentences: str) -> Vocabulary:
        """A vocabulary of equally likely sentences."""
        return cls(tuple((sentence, 1.0) for sentence in sentences))


class Stream(Protocol):
    """One utterance. Not thread-safe: one caller at a time, from any thread; every call is blocking CPU work."""

    def feed(self, pcm: bytes) -> None:
        """Take more sound, any length; an odd last byte waits for its other half."""

    def partial(self) -> str:
        """The words so far; they may still change."""

    def finish(self) -> Transcript:
        """End the utterance; RecognitionError(`stream_finished`) from then on, for `feed` and `finish` alike."""

    def close(self) -> None:
        """Give the stream up without a result; harmless after `finish` and when repeated."""


class Recogniser(Protocol):
    """A speech recogniser; thread-safe."""

    name: str
    rate: int

    def open(self, expected: Sequence[str] = ()) -> Stream:
        """Start an utterance; BusyError(`recogniser_busy`) where all places are taken.

        `expected` are phrases that are likelier than usual just now, such as the names on the shelf just shown;
        anything else can still be said.
        """

    def set_vocabulary(self, vocabulary: Vocabulary) -> None:
        """Expect other words from the next stream on; streams already open keep the old ones. Blocking."""

    def close(self) -> None:
        """Free the models; open streams may finish, new ones are refused with RecognitionError."""

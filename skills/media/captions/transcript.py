"""What was said in a recording, by whom and when: the one form that every caption format is read into."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,3}")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Word:
    """A word as it is written, with its punctuation; `confidence` is the recogniser's, 0 to 1."""

    text: str
    start_ms: int
    end_ms: int
    confidence: float = 1.0


@dataclass(frozen=True)
class Segment:
    """What one speaker said from `start_ms` to `end_ms`; `speaker` is empty where nobody knows.

    `text` is one line. `words` is empty where their times are not known; else joined by blanks they are the text.
    """

    start_ms: int
    end_ms: int
    speaker: str
    text: str
    words: tuple[Word, ...] = ()


@dataclass(frozen=True)
class Transcript:
    """Segments one after the other: each has text and lasts at least a millisecond, none overlaps the next.

    `language` is a BCP 47 tag or empty. `estimated` means that the source had no times, and the segments' are
    guessed from the length of the text.
    """

    segments: tuple[Segment, ...]
    language: str = ""
    estimated: bool = False

    def __post_init__(self) -> None:
        """Raise ValueError where a segment is empty or begins before the one before has ended, and for no language."""
        if self.language != language_tag(self.language):
            raise ValueError(f"{self.language[:40]!r} is no language")
        end_ms = 0
        for number, segment in enumerate(self.segments, start=1):
            if not segment.text or segment.text != clean(segment.text) or segment.speaker != clean(segment.speaker):
                raise ValueError(f"segment {number}: neither text nor speaker may be blank or of several lines")
            if not end_ms <= segment.start_ms < segment.end_ms:
                raise ValueError(f"segment {number}: it overlaps the one before, or does not last")
            end_ms = segment.end_ms


def language_tag(text: str) -> str:
    """A BCP 47 tag as it is, with hyphens, or nothing."""
    tag = text.strip().replace("_", "-")
    return tag if _LANGUAGE.fullmatch(tag) else ""


def clean(text: str) -> str:
    """A text on one line: without control characters and half surrogates, white space as single blanks."""
    return " ".join(_UNPRINTABLE.sub(" ", text).split())


def share_out(start_ms: int, end_ms: int, weights: Sequence[int]) -> list[tuple[int, int]]:
    """Parts of a time span, one after the other, as long as their weights (each above 0) are heavy."""
    total = sum(weights)
    bounds = [start_ms + (end_ms - start_ms) * part // total for part in accumulate(weights, initial=0)]
    return list(pairwise(bounds))

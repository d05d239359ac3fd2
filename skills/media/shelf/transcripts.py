"""A transcript as rows of JSON, as it is kept: `[start, end, speaker, text, [[word, start, end, confidence]]]`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from skills.media.captions import Segment, Transcript, Word
from skills.media.shelf.records import fingerprint


def as_rows(transcript: Transcript) -> list[list[Any]]:
    """The segments, with the times of words where they are known; milliseconds."""
    return [
        [
            segment.start_ms,
            segment.end_ms,
            segment.speaker,
            segment.text,
            [[word.text, word.start_ms, word.end_ms, round(word.confidence, 3)] for word in segment.words],
        ]
        for segment in transcript.segments
    ]


def tag(rows: Sequence[Sequence[Any]], language: str) -> str:
    """The same as long as nobody changes what is said, who says it, or when."""
    return fingerprint(language, [row[:4] for row in rows])


def from_rows(rows: Sequence[Sequence[Any]], language: str) -> Transcript:
    """What `as_rows` was made of; whether times were estimated is not kept."""
    segments = (
        Segment(start_ms, end_ms, speaker, text, tuple(Word(*word) for word in words))
        for start_ms, end_ms, speaker, text, words in rows
    )
    return Transcript(tuple(segments), language)

"""Talks with timed transcripts, and the headings that people wrote for sections of them."""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from search_index import Chunk, Document, Schema, TextField, windows
from search_index.relevance.judgments import Judgment, Topic, topic_id
from search_index.relevance.runs import Answer

PLAIN_WORDS = 100
"""Words of a window as plain BM25 is given them."""
LAST_SEGMENT_MS = 30_000
"""How long the last segment of a transcript is taken to be: only starts are known."""

SCHEMA = Schema("moments", {"title": TextField(weight=2.0)})


def moment_documents(data: Path) -> Iterator[Document]:
    """The transcripts in the windows that the media library has too."""
    for talk in talks(data):
        yield Document(talk["id"], {"title": talk["title"]}, windows(segments_of(talk)))


def moment_topics(data: Path) -> list[Topic]:
    """A topic for each heading: relevant is the section under it."""
    topics = []
    for line in (data / "moment_queries.jsonl").read_text().splitlines():
        row = json.loads(line)
        span = row["start"] * 1000, math.inf if row["end"] is None else row["end"] * 1000
        # A few headings stand over sections of several talks; each is a query of its own.
        identity = topic_id(f"{row['query']} {row['doc']} {row['start']}")
        topics.append(Topic(identity, row["query"], (Judgment(row["doc"], 1.0, span),)))
    return topics


def plain_windows(data: Path) -> Iterator[tuple[Answer, str]]:
    """Whole segments, one after the other, until there are enough words: where each window is, and its text."""
    for talk in talks(data):
        segments = segments_of(talk)
        taken: list[Chunk] = []
        for segment in segments:
            taken.append(segment)
            if sum(len(one.text.split()) for one in taken) >= PLAIN_WORDS or segment is segments[-1]:
                place = Answer(talk["id"], 0.0, taken[0].start_ms, max(one.end_ms for one in taken))
                yield place, " ".join(one.text for one in taken)
                taken = []


def segments_of(talk: dict[str, Any]) -> list[Chunk]:
    """Its segments; the end of each is the start of the next, as only starts are known."""
    starts = [round(segment["start"] * 1000) for segment in talk["segments"]]
    ends = [*starts[1:], starts[-1] + LAST_SEGMENT_MS]
    return [
        Chunk(segment["text"], start, max(start, end))
        for segment, start, end in zip(talk["segments"], starts, ends, strict=True)
    ]


def talks(data: Path) -> Iterator[dict[str, Any]]:
    """The transcripts as they were published."""
    with gzip.open(data / "transcripts.jsonl.gz", "rt") as file:
        for line in file:
            yield json.loads(line)

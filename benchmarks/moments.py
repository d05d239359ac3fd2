"""Finding the moment of a recorded talk that a heading, written by a person, describes."""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.report import Cell, Table
from search_index import Chunk, Document, Index, MiniLM, Query, Schema, TextField, Weights
from search_index.documents import MAX_CHUNK

WINDOW_WORDS = 100
LAST_SEGMENT_S = 30
"""How long the last segment of a transcript is taken to be: only starts are known."""
RRF_K = 60
"""Cormack, Clarke, Büttcher, "Reciprocal Rank Fusion outperforms Condorcet", SIGIR 2009."""
DEPTH = 200
AT = (1, 5, 10)

SCHEMA = Schema("moments", {"title": TextField(weight=2.0)})


@dataclass(frozen=True)
class Window:
    """A passage that was found: transcript and milliseconds."""

    document: str
    start_ms: int
    end_ms: int


@dataclass(frozen=True)
class Heading:
    """What is looked for, and where it is (seconds)."""

    text: str
    document: str
    start: float
    end: float

    def is_met_by(self, window: Window) -> bool:
        """Whether the window's middle lies in the section."""
        middle = (window.start_ms + window.end_ms) / 2000
        return window.document == self.document and self.start <= middle < self.end


Find = Callable[[str], list[Window]]


def find_moments(data: Path, kept: Path, say: Callable[[str], None]) -> Table:
    """Hits among the first 1, 5 and 10 windows, by way of matching; the index is kept, since encoding takes minutes."""
    headings = list(_headings(data / "moment_queries.jsonl"))
    with Index.open(kept, SCHEMA, MiniLM()) as index:

        def told(done: int, of: int | None) -> None:
            say(f"{done} of {of or 'the'} transcripts are in the index")

        index.upsert(list(_documents(data / "transcripts.jsonl.gz")), on_progress=told)
        words, meaning = _by(index, Weights(words=1, meaning=0)), _by(index, Weights(words=0, meaning=1))
        ways: dict[str, Find] = {
            "words alone": words,
            "meaning alone": meaning,
            "reciprocal rank fusion": lambda text: fuse(words(text), meaning(text)),
            "the index's fusion": _by(index, Weights()),
        }
        rows: list[tuple[Cell, ...]] = []
        for name, find in ways.items():
            say(name)
            ranks = [_rank(heading, find(heading.text)) for heading in headings]
            rows.append((name, len(headings), *(sum(rank <= at for rank in ranks) / len(ranks) for at in AT)))
    return Table(("moments of talks", "headings", *(f"hit@{at}" for at in AT)), tuple(rows))


def fuse(*lists: list[Window]) -> list[Window]:
    """Reciprocal rank fusion, best first."""
    scores: dict[Window, float] = {}
    for windows in lists:
        for rank, window in enumerate(windows, start=1):
            scores[window] = scores.get(window, 0.0) + 1 / (RRF_K + rank)
    return sorted(scores, key=lambda window: -scores[window])


def _by(index: Index, weights: Weights) -> Find:
    """All passages, not the best of each talk; the titles of talks are no moments."""

    def find(text: str) -> list[Window]:
        found = index.search(Query(text, limit=DEPTH, group=False, weights=weights, min_meaning=-1.0))
        return [Window(hit.id, hit.chunk.start_ms, hit.chunk.end_ms) for hit in found.hits if hit.chunk]

    return find


def _rank(heading: Heading, windows: list[Window]) -> float:
    return next((rank for rank, window in enumerate(windows, start=1) if heading.is_met_by(window)), math.inf)


def _headings(path: Path) -> Iterator[Heading]:
    for line in path.read_text().splitlines():
        row = json.loads(line)
        yield Heading(row["query"], row["doc"], row["start"], row["end"] or math.inf)


def _documents(path: Path) -> Iterator[Document]:
    with gzip.open(path, "rt") as file:
        for line in file:
            talk = json.loads(line)
            yield Document(talk["id"], {"title": talk["title"]}, tuple(_windows(talk["segments"])))


def _windows(segments: list[dict[str, Any]]) -> Iterator[Chunk]:
    """Whole segments, until there are enough words; the few segments that are longer than a chunk may be are cut."""
    ends = [*(segment["start"] for segment in segments[1:]), segments[-1]["start"] + LAST_SEGMENT_S]
    texts: list[str] = []
    start = 0.0
    for segment, end in zip(segments, ends, strict=True):
        if not texts:
            start = segment["start"]
        texts.append(segment["text"])
        if sum(len(text.split()) for text in texts) >= WINDOW_WORDS or segment is segments[-1]:
            yield Chunk(" ".join(texts)[:MAX_CHUNK], round(start * 1000), round(max(start, end) * 1000))
            texts = []

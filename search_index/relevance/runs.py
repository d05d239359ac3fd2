"""Runs: what an index answered to each query, kept in the form that TREC's tools read."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote

from search_index.errors import ErrorCode, SearchError, wrapped
from search_index.relevance.judgments import Topic
from search_index.results import Hit

DEPTH = 100
"""Hits kept for a query."""


@dataclass(frozen=True)
class Answer:
    """A hit of a run: a document or, where moments were judged, a part of it (ms)."""

    id: str
    score: float
    start_ms: int = 0
    end_ms: int = 0

    @classmethod
    def of(cls, hit: Hit) -> Answer:
        """The place and score of a hit."""
        chunk = hit.chunk
        return cls(hit.id, hit.score, chunk.start_ms, chunk.end_ms) if chunk else cls(hit.id, hit.score)


Run = Mapping[str, Sequence[Answer]]
"""The answers to each query, best first, by the topic's id."""


def make_run(topics: Iterable[Topic], ask: Callable[[Topic], Sequence[Hit]]) -> dict[str, tuple[Answer, ...]]:
    """The answers to every topic; where moments were judged, only chunks are any."""
    return {
        topic.id: tuple(Answer.of(hit) for hit in ask(topic)[:DEPTH] if hit.chunk or not topic.of_moments)
        for topic in topics
    }


def write_run(path: Path, run: Run, name: str) -> None:
    """Write a run: query, Q0, document, rank, score, name; whole or not at all.

    White space in an id is written as in a URL, and a moment as `id#start-end`. Raises `SearchError` (storage).
    """
    lines = [
        f"{_word(query)} Q0 {_document(answer)} {rank} {answer.score:.6f} {_word(name)}\n"
        for query, answers in run.items()
        for rank, answer in enumerate(answers, start=1)
    ]
    temporary = path.with_name(f"{path.name}.{os.getpid()}.new")
    with wrapped(ErrorCode.STORAGE, f"{path} cannot be written", OSError):
        try:
            temporary.write_text("".join(lines), encoding="utf-8")
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)


def read_run(path: Path) -> dict[str, tuple[Answer, ...]]:
    """Read a run that this or any other tool wrote; its ranks, not its scores, give the order.

    Raises `SearchError` (bad_judgments), naming file, line and field.
    """
    with wrapped(ErrorCode.BAD_JUDGMENTS, f"{path} cannot be read", OSError, UnicodeDecodeError):
        lines = path.read_text(encoding="utf-8").split("\n")
    found: dict[str, list[tuple[int, Answer]]] = {}
    for number, line in enumerate(lines, start=1):
        cells = line.split()
        if not cells:
            continue
        if len(cells) != 6:
            raise _bad(path, number, None, f"has {len(cells)} columns; a TREC run has six")
        query, _, document, rank, score, _ = cells
        if not (rank.isascii() and rank.isdigit()):
            raise _bad(path, number, "rank", f"must be a whole number, not {rank!r:.40}")
        try:
            value = float(score)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise _bad(path, number, "score", f"must be a number, not {score!r:.40}")
        found.setdefault(unquote(query), []).append((int(rank), _answer(document, value)))
    return {query: tuple(answer for _, answer in sorted(of, key=lambda one: one[0])) for query, of in found.items()}


def _document(answer: Answer) -> str:
    moment = f"#{answer.start_ms}-{answer.end_ms}" if answer.end_ms else ""
    return f"{_word(answer.id)}{moment}"


def _answer(document: str, score: float) -> Answer:
    identity, mark, moment = document.rpartition("#")
    start, dash, end = moment.partition("-")
    if mark and dash and start.isascii() and start.isdigit() and end.isascii() and end.isdigit():
        return Answer(unquote(identity), score, int(start), int(end))
    return Answer(unquote(document), score)


def _word(text: str) -> str:
    """Without what would end a column, or begin the time of a moment."""
    return "".join(quote(sign) if sign.isspace() or sign in "%#" else sign for sign in text)


def _bad(path: Path, line: int, field: str | None, problem: str) -> SearchError:
    where = f"{path}, line {line}" + (f", {field}" if field else "")
    return SearchError(ErrorCode.BAD_JUDGMENTS, f"{where}: {problem}", field=field)

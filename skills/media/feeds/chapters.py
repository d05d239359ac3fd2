"""Chapters as Podcasting 2.0 has them in JSON (podcast-namespace, docs/examples/chapters/jsonChapters.md)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from skills.media.errors import FeedError
from skills.media.feeds.types import Problem
from skills.media.feeds.values import MAX_DURATION_S, address, name

MAX_BYTES = 5_000_000
MAX_CHAPTERS = 10_000


@dataclass(frozen=True)
class Chapter:
    """A part of an episode; `end_ms` is None where the next one's beginning is its end."""

    start_ms: int
    title: str
    end_ms: int | None = None
    image_url: str = ""
    url: str = ""
    listed: bool = True
    """False for one that only changes the picture and belongs in no table of contents."""


def read_chapters(content: bytes, base_url: str = "") -> tuple[list[Chapter], list[Problem]]:
    """The chapters in order of time, one for each start, and what was wrong with the others.

    Raises FeedError(`chapters_invalid`).
    """
    if len(content) > MAX_BYTES:
        raise FeedError("chapters_invalid", f"The chapters have more than {MAX_BYTES // 1_000_000} MB")
    try:
        data = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise FeedError("chapters_invalid", f"This is no JSON: {error}") from error
    rows = data.get("chapters") if isinstance(data, dict) else None
    if not isinstance(rows, list) or len(rows) > MAX_CHAPTERS:
        raise FeedError("chapters_invalid", f"chapters: a list of at most {MAX_CHAPTERS:,} is expected")
    read = list(_read(rows, base_url))
    chapters = {one.start_ms: one for one in reversed(read) if isinstance(one, Chapter)}
    return [chapters[start] for start in sorted(chapters)], [one for one in read if isinstance(one, Problem)]


def _read(rows: list[Any], base_url: str) -> Iterator[Chapter | Problem]:
    for number, row in enumerate(rows, start=1):
        where = f"chapter {number}"
        start_ms = _milliseconds(row.get("startTime")) if isinstance(row, dict) else None
        if start_ms is None:
            yield Problem(where, "chapter_invalid", "startTime: a number of seconds is expected", fatal=True)
            continue
        end_ms = _milliseconds(row.get("endTime"))
        yield Chapter(
            start_ms,
            name(_text(row, "title")),
            end_ms if end_ms is not None and end_ms > start_ms else None,
            address(_text(row, "img"), base_url),
            address(_text(row, "url"), base_url),
            row.get("toc") is not False,
        )


def _milliseconds(seconds: Any) -> int | None:
    is_time = isinstance(seconds, int | float) and not isinstance(seconds, bool) and 0 <= seconds <= MAX_DURATION_S
    return round(seconds * 1000) if is_time else None


def _text(row: dict[str, Any], field: str) -> str:
    value = row.get(field)
    return value if isinstance(value, str) else ""

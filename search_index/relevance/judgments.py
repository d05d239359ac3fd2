"""Judgments: which documents, or moments of them, answer a query, and how well. Read from TSV, JSONL or TREC qrels."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from search_index.errors import ErrorCode, SearchError, wrapped
from search_index.query import MAX_QUERY

MAX_BYTES = 200_000_000
MAX_GRADE = 100
"""Grades are usually 0 and 1, or 0 to 3 or 4; a gain is 2 to the power of one."""
FIELDS = ("query", "id", "grade")
MOMENT_FIELDS = ("start_ms", "end_ms")

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Judgment:
    """How well a document answers a query: `grade` 0 not at all. With a `span`, only that part of it (ms) does."""

    id: str
    grade: float
    span: tuple[float, float] | None = None

    def covers(self, id: str, start_ms: float, end_ms: float) -> bool:
        """Whether a hit is what was judged: of a moment, the middle of the hit lies in the span."""
        if id != self.id:
            return False
        return self.span is None or self.span[0] <= (start_ms + end_ms) / 2 < self.span[1]


@dataclass(frozen=True)
class Topic:
    """A query and all that was judged for it."""

    id: str
    text: str
    judgments: tuple[Judgment, ...]

    @property
    def ideal(self) -> tuple[float, ...]:
        """The grades of all that was judged."""
        return tuple(one.grade for one in self.judgments)

    @property
    def of_moments(self) -> bool:
        """Whether parts of documents were judged."""
        return any(one.span for one in self.judgments)


def topic_id(text: str) -> str:
    """A name of a query that only depends on its text, for run files."""
    return f"q{hashlib.blake2b(text.encode(), digest_size=6).hexdigest()}"


def read_judgments(path: Path, queries: Path | None = None) -> tuple[Topic, ...]:
    """The topics of a file, in its order.

    `.jsonl`: an object a line, `.tsv`: a header and tabs; both with query, id, grade, for moments start_ms and end_ms
    too (an end of null, or left empty, is the document's). Anything else is read as TREC qrels (query number, 0, id,
    grade), and `queries` has to say what each number asks (number, tab, text).

    Raises `SearchError` (bad_judgments) naming file, line and field.
    """
    lines = _lines(path)
    if path.suffix == ".jsonl":
        rows = _json_rows(path, lines)
    elif path.suffix == ".tsv":
        rows = _tab_rows(path, lines)
    else:
        rows = _qrels_rows(path, lines, _texts(path, queries))
    return _topics(path, rows)


def _topics(path: Path, rows: Iterable[tuple[int, Row]]) -> tuple[Topic, ...]:
    found: dict[tuple[str, str], dict[tuple[str, object], Judgment]] = {}
    for line, row in rows:
        text, judgment = _checked(path, line, row)
        of_query = found.setdefault((str(row.get("number") or topic_id(text)), text), {})
        key = judgment.id, judgment.span
        if key in of_query and of_query[key].grade != judgment.grade:
            raise _bad(path, line, "grade", f"{judgment.id!r:.80} was judged before for this query, with another grade")
        of_query[key] = judgment
    if not found:
        raise SearchError(ErrorCode.BAD_JUDGMENTS, f"{path} holds no judgments")
    return tuple(Topic(number, text, tuple(of_query.values())) for (number, text), of_query in found.items())


def _checked(path: Path, line: int, row: Row) -> tuple[str, Judgment]:
    texts = {}
    for field in ("query", "id"):
        value = row.get(field)
        if not isinstance(value, str) or not value.strip():
            raise _bad(path, line, field, f"must be text that is not empty, not {value!r:.40}")
        texts[field] = value
    if len(texts["query"]) > MAX_QUERY:
        raise _bad(path, line, "query", f"is {len(texts['query']):,} characters long; at most {MAX_QUERY:,} are taken")
    grade = _number(path, line, "grade", row.get("grade"))
    if not 0 <= grade <= MAX_GRADE:
        raise _bad(path, line, "grade", f"must lie between 0 and {MAX_GRADE}, not {grade:g}")
    return texts["query"], Judgment(texts["id"], grade, _span(path, line, row))


def _span(path: Path, line: int, row: Row) -> tuple[float, float] | None:
    start, end = (row.get(field) for field in MOMENT_FIELDS)
    if start in (None, "") and end in (None, ""):
        return None
    first = _number(path, line, "start_ms", start)
    last = math.inf if end in (None, "") else _number(path, line, "end_ms", end)
    if not 0 <= first < last:
        raise _bad(path, line, "end_ms", "a moment must start at or after 0 and end after it starts")
    return first, last


def _number(path: Path, line: int, field: str, value: object) -> float:
    try:
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise ValueError("no number")  # noqa: TRY004 (the value of a cell is at fault)
        number = float(value)
        if not math.isfinite(number):
            raise ValueError("not finite")
    except (ValueError, OverflowError):
        raise _bad(path, line, field, f"must be a number, not {value!r:.40}") from None
    return number


def _json_rows(path: Path, lines: Iterator[tuple[int, str]]) -> Iterator[tuple[int, Row]]:
    for number, line in lines:
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            raise _bad(path, number, None, "is no JSON") from None
        if not isinstance(row, dict):
            raise _bad(path, number, None, "is no JSON object")
        yield number, {field: row.get(field) for field in (*FIELDS, *MOMENT_FIELDS)}


def _tab_rows(path: Path, lines: Iterator[tuple[int, str]]) -> Iterator[tuple[int, Row]]:
    number, header = next(lines, (1, ""))
    names = header.split("\t")
    for field in FIELDS:
        if field not in names:
            raise _bad(path, number, field, f"the header must name the columns {', '.join(FIELDS)}")
    for number, line in lines:
        cells = line.split("\t")
        if len(cells) != len(names):
            raise _bad(path, number, None, f"has {len(cells)} columns where the header has {len(names)}")
        row = dict(zip(names, cells, strict=True))
        yield number, {field: row.get(field) for field in (*FIELDS, *MOMENT_FIELDS)}


def _qrels_rows(path: Path, lines: Iterator[tuple[int, str]], texts: Mapping[str, str]) -> Iterator[tuple[int, Row]]:
    for number, line in lines:
        cells = line.split()
        if len(cells) != 4:
            raise _bad(path, number, None, f"has {len(cells)} columns; TREC qrels have four: query, 0, id, grade")
        query, _, identity, grade = cells
        if query not in texts:
            raise _bad(path, number, "query", f"nothing says what {query!r:.40} asks")
        yield number, {"number": query, "query": texts[query], "id": identity, "grade": grade}


def _texts(path: Path, queries: Path | None) -> dict[str, str]:
    if queries is None:
        message = f"{path} is read as TREC qrels, which only number the queries: name the file of their texts too"
        raise SearchError(ErrorCode.BAD_JUDGMENTS, message, field="queries")
    texts = {}
    for number, line in _lines(queries):
        query, tab, text = line.partition("\t")
        if not (query and tab and text.strip()):
            raise _bad(queries, number, None, "must be a query's number, a tab, and its text")
        texts[query.strip()] = text.strip()
    return texts


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines that are not empty, with their numbers from 1."""
    with wrapped(ErrorCode.BAD_JUDGMENTS, f"{path} cannot be read", OSError):
        if path.stat().st_size > MAX_BYTES:
            raise SearchError(ErrorCode.BAD_JUDGMENTS, f"{path} is larger than {MAX_BYTES // 1_000_000} MB")
        data = path.read_bytes()
    for number, line in enumerate(data.split(b"\n"), start=1):
        try:
            text = line.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r")
        except UnicodeDecodeError as error:
            raise _bad(path, number, None, "is no UTF-8 text") from error
        if text.strip():
            yield number, text


def _bad(path: Path, line: int, field: str | None, problem: str) -> SearchError:
    where = f"{path}, line {line}" + (f", {field}" if field else "")
    return SearchError(ErrorCode.BAD_JUDGMENTS, f"{where}: {problem}", field=field)

"""A catalogue in JSON Lines, JSON or CSV as a source: each row an item, with or without a recording."""

from __future__ import annotations

import csv
import functools
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from skills.media.captions.transcript import clean
from skills.media.catalogue import Details
from skills.media.errors import SourceError
from skills.media.feeds import Problem
from skills.media.shelf import Found, Link, Links, Shelf
from skills.media.sources.reading import Reading, local_link, path_id, shortened
from skills.turn import MediaKind

ENDINGS = (".jsonl", ".ndjson", ".json", ".csv")
MAX_ROW = 1_000_000
"""Characters of one row."""
MAX_JSON = 50_000_000
"""Bytes of a catalogue that is one JSON array, which has to be read as a whole."""
_LISTS = ("tags", "moods", "captions")
"""Columns that hold several values, in CSV with semicolons between them."""


class Row(Details):
    """A row as it is written: an item, and the addresses or paths of its files, relative to the catalogue's folder."""

    kind: MediaKind = MediaKind.PODCAST
    medium: Literal["audio", "video"] = "audio"
    recording: str = Field(default="", max_length=2_000)
    captions: tuple[str, ...] = Field(default=(), max_length=20)
    artwork: str = Field(default="", max_length=2_000)
    chapters: str = Field(default="", max_length=2_000)


def read_catalogue(path: Path, shelf: Shelf) -> Reading:
    """A catalogue file; SourceError(`source_unreadable`, `source_empty`)."""
    count = sum(1 for _ in _rows(path))
    if not count:
        raise SourceError("source_empty", f"{path} holds no rows")
    source = shelf.source(path_id(path), "catalogue", str(path))
    return Reading(
        replace(source, title=shortened(clean(path.stem)) or "Catalogue"), count, functools.partial(_entries, path)
    )


def _entries(path: Path) -> Iterator[Found | Problem]:
    given: set[str] = set()
    for place, values in _rows(path):
        if isinstance(values, str):
            yield Problem(place, "row_invalid", values, fatal=True)
            continue
        try:
            row = Row.model_validate(values)
            links = _links(row, path.parent.resolve())
        except ValidationError as error:
            problem = error.errors()[0]
            field = ".".join(str(part) for part in problem["loc"]) or "row"
            yield Problem(place, "row_invalid", f"{field}: {problem['msg']}", fatal=True)
        except _PathError as error:
            yield Problem(place, error.code, error.message, fatal=True)
        else:
            if row.id in given:
                yield Problem(place, "item_repeated", f"id: {row.id!r} stands there twice", fatal=True)
                continue
            given.add(row.id)
            yield Found(Details.model_validate(row.model_dump(include=set(Details.model_fields))), links, place)


class _PathError(Exception):
    """A file that a row names and that is not taken."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


def _links(row: Row, folder: Path) -> Links:
    return Links(
        recording=_link("recording", row.recording, folder),
        captions=tuple(link for one in row.captions if (link := _link("captions", one, folder))),
        artwork=_link("artwork", row.artwork, folder),
        chapters=_link("chapters", row.chapters, folder),
    )


def _link(field: str, address: str, folder: Path) -> Link | None:
    """A file beside the catalogue or an address; whoever wrote the catalogue may not reach other files."""
    if not address:
        return None
    if address.startswith(("http://", "https://")):
        return Link(address=address)
    try:
        path = (folder / address).resolve()
        if not path.is_relative_to(folder):
            raise _PathError("path_outside", f"{field}: {address!r} is outside the catalogue's folder")
        if not path.is_file():
            raise _PathError("file_missing", f"{field}: there is no file {address!r}")
        return local_link(path)
    except (OSError, ValueError) as error:
        raise _PathError("path_invalid", f"{field}: {address[:200]!r} is no path") from error


def _rows(path: Path) -> Iterator[tuple[str, dict[str, Any] | str]]:
    """Each row with its place, or what is wrong with it."""
    try:
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
            if path.suffix.lower() == ".csv":
                yield from _csv_rows(file)
            elif path.suffix.lower() == ".json":
                yield from _json_rows(path, file.read(MAX_JSON + 1))
            else:
                yield from _json_lines(iter(lambda: file.readline(MAX_ROW), ""))
    except OSError as error:
        raise SourceError("source_unreadable", f"{path} cannot be read: {error.strerror}") from error
    except csv.Error as error:
        raise SourceError("source_unreadable", f"{path} is no CSV: {error}") from error


def _json_lines(lines: Iterable[str]) -> Iterator[tuple[str, dict[str, Any] | str]]:
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield f"line {number}", _json_object(line)


def _json_object(line: str) -> dict[str, Any] | str:
    try:
        values = json.loads(line)
    except (ValueError, RecursionError) as error:
        return f"This is no JSON object: {error}"
    return values if isinstance(values, dict) else "This is no JSON object"


def _json_rows(path: Path, text: str) -> Iterator[tuple[str, dict[str, Any] | str]]:
    try:
        rows = json.loads(text) if len(text) <= MAX_JSON else None
    except (ValueError, RecursionError) as error:
        raise SourceError("source_unreadable", f"{path} is no JSON: {error}") from error
    if not isinstance(rows, list):
        raise SourceError("source_unreadable", f"{path}: an array of at most {MAX_JSON // 1_000_000} MB is expected")
    for number, row in enumerate(rows, start=1):
        yield f"row {number}", row if isinstance(row, dict) else "This is no object"


def _csv_rows(file: Iterable[str]) -> Iterator[tuple[str, dict[str, Any] | str]]:
    reader = csv.DictReader(file, strict=True)
    for values in reader:
        place = f"line {reader.line_num}"
        if None in values or None in values.values():
            yield place, f"There are not as many cells as there are columns ({len(reader.fieldnames or ())})"
            continue
        filled = {name.strip(): text.strip() for name, text in values.items() if text.strip()}
        yield (
            place,
            {
                name: [one.strip() for one in text.split(";") if one.strip()] if name in _LISTS else text
                for name, text in filled.items()
            },
        )

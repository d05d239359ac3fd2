"""A table out of a file, whatever encoding, separator and line ends it has: columns and rows of text."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from skills.errors import SkillError
from skills.shopping.errors import FeedError
from skills.shopping.feeds.decoding import encoding_of
from skills.shopping.feeds.delimited import Record, Table
from skills.storefront.exchange.columns import Mapped, guessed, knows

BYTES_MAX = 20_000_000
ROWS_MAX = 50_000
COLUMNS_MAX = 60
SAMPLE = 20
"""Rows by which it is guessed what the columns are."""
SHOWN = 5
"""Rows that are shown to somebody who is to say what the columns are."""

_ENCODINGS = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "cp1252": "Windows-1252", "cp949": "Korean (CP949)"}
_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_WHY = {
    "feed_empty": "There is nothing in this file.",
    "feed_encoding": "This is no text file. Please save the table as CSV, and choose that file.",
    "feed_columns": f"I cannot read the first line as names of columns: {COLUMNS_MAX} columns are the most, and an "
    "answer needs two of them, a question and what is answered.",
}


class ExchangeError(SkillError):
    """A file that cannot be read as a whole, with a sentence for whoever chose it.

    Codes: `file_too_large`, `file_empty`, `file_encoding`, `file_columns`, `file_rows`, `file_invalid`.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Sheet:
    """What a file was taken for, to be shown and corrected."""

    encoding: str
    separator: str
    """Both in words."""
    names: tuple[str, ...]
    has_names: bool
    """The first line names the columns."""
    mapped: Mapped
    sample: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Row:
    """A row by its number in the file, which counts from 1; either cells or what is wrong with it."""

    number: int
    cells: tuple[str, ...] = ()
    problem: str = ""


def read_table(content: bytes, mapped: Mapped | None = None, has_names: bool | None = None) -> tuple[Sheet, list[Row]]:
    """A file's table. What is not said, what the columns are and whether the first line names them, is found out.

    Raises:
        ExchangeError
    """
    check_size(content)
    try:
        return _read(content, mapped, has_names)
    except FeedError as error:
        code = error.code.replace("feed_", "file_")
        raise ExchangeError(code, _WHY.get(error.code, "This file cannot be read.")) from error


def check_size(content: bytes) -> None:
    """Raises ExchangeError(`file_too_large`)."""
    if len(content) > BYTES_MAX:
        most = BYTES_MAX // 1_000_000
        raise ExchangeError("file_too_large", f"This file has more than {most} MB. Please take it in parts.")


def _read(content: bytes, mapped: Mapped | None, has_names: bool | None) -> tuple[Sheet, list[Row]]:
    encoding = encoding_of(io.BytesIO(content))
    # Decoded once, so that a line can be put before it whatever the encoding was.
    text = content.decode(encoding, "replace").removeprefix("\ufeff")
    table = Table(io.BytesIO(text.encode()), "utf-8", inches=False)
    _check_width(table.columns)
    named = knows(table.columns) if has_names is None else has_names
    names, above = tuple(table.columns), 0
    if not named:
        names = tuple(f"Column {place}" for place in range(1, len(names) + 1))
        above = 1
        lines = f"{table.delimiter.join(names)}\n{_without_hint(text)}"
        table = Table(io.BytesIO(lines.encode()), "utf-8", table.delimiter, inches=False)
    rows = _rows(table, names, above)
    sample = [row.cells for row in rows if row.cells][:SAMPLE]
    if mapped is None or len(mapped) != len(names):
        mapped = guessed(names if named else [""] * len(names), sample)
    said = "UTF-16" if encoding.startswith("utf-16") else _ENCODINGS[encoding]
    sheet = Sheet(said, _SEPARATORS[table.delimiter], names, named, mapped, tuple(sample[:SHOWN]))
    return sheet, rows


def _rows(table: Table, names: Sequence[str], above: int) -> list[Row]:
    rows: list[Row] = []
    for found in table.records():
        if len(rows) == ROWS_MAX:
            raise ExchangeError("file_rows", f"This file has more than {ROWS_MAX:,} rows. Please take it in parts.")
        if isinstance(found, Record):
            rows.append(Row(found.row - above, tuple(found.values.get(name, "") for name in names)))
        else:
            rows.append(Row(found.row - above, problem=f"{found.message}."))
    return rows


def _check_width(columns: Sequence[str]) -> None:
    if len(columns) > COLUMNS_MAX:
        raise FeedError("feed_columns", f"{len(columns):,} columns")


def _without_hint(text: str) -> str:
    """Without the line by which spreadsheets are told the separator."""
    first, _, rest = text.partition("\n")
    return rest if first.startswith("sep=") else text

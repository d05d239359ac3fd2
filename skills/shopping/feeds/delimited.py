"""Tables as text (RFC 4180, tabs and semicolons too), a record at a time, whatever is wrong with some of them."""

from __future__ import annotations

import csv
import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from skills.shopping.errors import FeedError
from skills.shopping.feeds.decoding import Line, encoding_of, lines
from skills.shopping.feeds.entries import Problem

DELIMITERS = "\t,;|"
COLUMNS_MAX = 500
FIELD_MAX = 200_000
"""Characters of one field."""
RECORD_LINES, RECORD_MAX = 1_000, 500_000
"""A quoted field may go over so many lines and characters; beyond, its quote was none."""
SAMPLE = 20
"""Records by which the delimiter is told."""

_QUOTED = re.compile(r'"(?:[^"]|"")*"')

csv.field_size_limit(FIELD_MAX)


@dataclass(frozen=True)
class Record:
    """A row: its values by column name, without white space around them; empty ones are left out."""

    row: int
    values: dict[str, str]

    def get(self, *names: str) -> str:
        """The first value that there is of these columns; else empty."""
        return next((self.values[name] for name in names if name in self.values), "")


class Table:
    """A table with a line of column names; reads its file again for every iteration."""

    def __init__(self, file: BinaryIO, encoding: str = "", delimiter: str = "", *, inches: bool = True) -> None:
        """Look at the beginning; what is not given is found out. `inches` are quotation marks that enclose nothing,
        which tables with tabs have that programs have written.

        Raises:
            FeedError: `feed_empty`, `feed_encoding`, `feed_columns`.
        """
        self._file = file
        self._inches = inches
        self.encoding = encoding or encoding_of(file)
        head = self._header()
        self.delimiter = delimiter or self._detect(head)
        names = _cells(head.text, self.delimiter)
        self.header_row = head.number
        self.columns = _named(names)
        self._width = len(names)

    def records(self) -> Iterator[Record | Problem]:
        """Every row below the column names; those that cannot be used as problems."""
        for found in self._raw():
            if isinstance(found, Problem):
                yield found
                continue
            row, cells = found
            if len(cells) > self._width and any(cell.strip() for cell in cells[self._width :]):
                what = f"It has {len(cells)} values for {self._width} columns: a quote or a separator is wrong"
                yield Problem(row, "", "row_columns", what)
                continue
            pairs = zip(self.columns, cells, strict=False)
            values = {name: text for name, cell in pairs if name and (text := cell.strip())}
            if any("\ufffd" in text for text in values.values()):
                field = next(name for name, text in values.items() if "\ufffd" in text)
                yield Problem(row, field, "row_encoding", f"It has characters that are not {self.encoding}")
            elif values:
                yield Record(row, values)

    def _header(self) -> Line:
        for line in islice(lines(self._file, self.encoding), 100):
            if line.cut:
                raise FeedError("feed_columns", f"Line {line.number} is too long for column names")
            if line.text.strip() and not line.text.startswith("sep="):
                return line
        raise FeedError("feed_empty", "The feed has no column names")

    def _detect(self, head: Line) -> str:
        """The one that cuts the first records into the same number of cells, and into the most."""
        first = list(
            islice((line.text for line in lines(self._file, self.encoding) if line.number > head.number), SAMPLE)
        )

        def score(delimiter: str) -> tuple[float, int]:
            width = len(_cells(head.text, delimiter))
            same = sum(len(_cells(text, delimiter)) == width for text in first)
            return (same + 1) / (len(first) + 1) if width > 1 else 0.0, width

        best = max(DELIMITERS, key=score)
        return best if score(best)[0] else ","

    def _raw(self) -> Iterator[tuple[int, list[str]] | Problem]:
        source = (line for line in lines(self._file, self.encoding) if line.number > self.header_row)
        waiting: deque[Line] = deque()
        while line := waiting.popleft() if waiting else next(source, None):
            if line.cut:
                yield Problem(line.number, "", "row_too_long", "It is longer than a million characters")
            elif '"' not in line.text:
                if line.text.strip():
                    yield line.number, line.text.split(self.delimiter)
            elif cells := self._plain(line.text):
                yield line.number, cells
            elif not _ends_open(line.text, self.delimiter):
                yield self._parse(line.number, line.text)
            else:
                yield self._gather(line, source, waiting)

    def _plain(self, text: str) -> list[str]:
        """The cells of a tab-separated line in which quotes mean nothing unless they enclose a cell: many are written
        without quoting, and have inches in them.
        """
        cells = text.split(self.delimiter) if self._inches and self.delimiter == "\t" else []
        if len(cells) != self._width:
            return []
        return [cell[1:-1].replace('""', '"') if _QUOTED.fullmatch(cell) else cell for cell in cells]

    def _gather(self, line: Line, source: Iterator[Line], waiting: deque[Line]) -> tuple[int, list[str]] | Problem:
        """A record whose quoted field goes on over lines; where it never ends, only its first line is lost."""
        taken, size, is_open = [line], len(line.text), True
        while is_open and len(taken) < RECORD_LINES and size < RECORD_MAX:
            following = waiting.popleft() if waiting else next(source, None)
            if following is None:
                break
            taken.append(following)
            size += len(following.text)
            is_open = _ends_open(following.text, self.delimiter, is_open=True) and not following.cut
        if is_open or taken[-1].cut:
            waiting.extendleft(reversed(taken[1:]))
            return Problem(line.number, "", "row_quotes", "A quotation mark opens a value and nothing closes it")
        return self._parse(line.number, "\n".join(one.text for one in taken))

    def _parse(self, row: int, text: str) -> tuple[int, list[str]] | Problem:
        try:
            return row, next(csv.reader([text], delimiter=self.delimiter))
        except (csv.Error, StopIteration) as error:
            return Problem(row, "", "row_quotes", f"It cannot be read: {error}")


def _cells(text: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([text], delimiter=delimiter), [])
    except csv.Error:
        return []


def _named(cells: list[str]) -> list[str]:
    """Column names; FeedError(`feed_columns`) where there are too many, or one of them twice."""
    names = [" ".join(cell.split())[:100] for cell in cells]
    if len(names) > COLUMNS_MAX:
        raise FeedError("feed_columns", f"The feed has {len(names):,} columns; {COLUMNS_MAX} are the most")
    twice = [name for name, number in Counter(names).items() if name and number > 1]
    # Column names that are there several times (Google's additional pictures) count on; the first one stays as it is.
    seen: Counter[str] = Counter()
    for place, name in enumerate(names):
        if name in twice:
            seen[name] += 1
            names[place] = name if seen[name] == 1 else f"{name} {seen[name]}"
    return names


def _ends_open(text: str, delimiter: str, *, is_open: bool = False) -> bool:
    """Whether a quoted field goes on after this line. One pass, without going back."""
    place, start = 0, not is_open
    while True:
        if is_open:
            place = text.find('"', place)
            if place < 0:
                return True
            if text[place + 1 : place + 2] == '"':
                place += 2
                continue
            is_open, start = False, False
            place += 1
        elif start and text[place : place + 1] == '"':
            is_open = True
            place += 1
        else:
            place = text.find(delimiter, place)
            if place < 0:
                return False
            place += 1
            start = True

"""CSV as spreadsheets open it: UTF-8 with a mark in front, and no cell that they would take for a formula. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

Cell = str | int | float | Decimal | bool | date | datetime | None

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a text begins that spreadsheets compute (OWASP, CSV injection)."""
_MARK = "\ufeff"


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A table as a file. Texts are guarded; numbers are as they are, times in ISO 8601, None is empty."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([guarded(name) for name in header])
    writer.writerows([_cell(value) for value in row] for row in rows)
    return (_MARK + out.getvalue()).encode(errors="replace")


def guarded(text: str) -> str:
    """With an apostrophe in front of what a spreadsheet would compute; `unguarded` takes it off again."""
    return f"'{text}" if text.lstrip("'").startswith(_FORMULA) else text


def unguarded(text: str) -> str:
    """As it was before `guarded`, whatever it was."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(_FORMULA) else text


def _cell(value: Cell) -> str | int | float | Decimal:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    # NUL has no place in a text file, and half the programs stop there.
    return guarded(value.replace("\0", "")) if isinstance(value, str) else value

"""What was wrong in a feed, as a table for those who mend it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from skills.shopping.importing.records import Reported

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""By which a cell begins that a spreadsheet would run."""


def problems_csv(problems: Iterable[Reported]) -> str:
    """As CSV whose cells a spreadsheet shows and never runs."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["file", "row", "field", "code", "message", "left out"])
    for one in problems:
        left_out = "row" if one.left_out else "field"
        cells = [one.file, str(one.row), one.field, one.code, one.message, left_out]
        writer.writerow(f"'{cell}" if cell.startswith(FORMULA) else cell for cell in cells)
    return text.getvalue()

"""What a benchmark found, and its section of docs/benchmarks.md: pure text, without a clock or a file."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

Cell = str | int | float | None

_Z95 = 1.959964
"""The normal distribution's 97.5 % quantile."""


@dataclass(frozen=True)
class Table:
    """Rows of figures; None is a figure that there is not."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    caption: str = ""


@dataclass(frozen=True)
class Findings:
    """What one run of a benchmark found; `remarks` say what the figures mean, what falls short, what was left out."""

    tables: tuple[Table, ...]
    remarks: tuple[str, ...] = ()


def percentile(values: Sequence[float], percent: float) -> float:
    """The nearest rank: the least of the values that at least `percent` of them do not exceed."""
    if not values:
        raise ValueError("no values")
    return sorted(values)[max(1, math.ceil(percent / 100 * len(values))) - 1]


def spread(values: Sequence[float]) -> tuple[Cell, Cell, Cell]:
    """How many, p50 and p95; the columns that most tables have."""
    if not values:
        return 0, None, None
    return len(values), percentile(values, 50), percentile(values, 95)


def wilson(count: int, of: int) -> tuple[float, float]:
    """The 95 % confidence interval of a rate, both ends between 0 and 1 (Wilson's score interval, 1927).

    It stays inside 0 and 1 and keeps its width where everything or nothing was right, unlike the usual normal one.
    """
    if not 0 <= count <= of or not of:
        raise ValueError(f"{count} of {of} is no rate")
    share, shrink = count / of, _Z95**2 / of
    middle = (share + shrink / 2) / (1 + shrink)
    half = _Z95 / (1 + shrink) * math.sqrt(share * (1 - share) / of + shrink / (4 * of))
    # The share lies between them; rounding must not put it outside where it is 0 or 1.
    return max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half))


def rate(count: int, of: int) -> str:
    """A rate as a cell: per cent, and its 95 % confidence interval in brackets."""
    if not of:
        return "-"
    low, high = wilson(count, of)
    return f"{100 * count / of:.1f} ({100 * low:.1f}-{100 * high:.1f})"


def aim(what: str, measured: float, under: float, unit: str) -> str:
    """One sentence that says whether an aim was reached: less is better."""
    verdict = "reached" if measured < under else f"missed by {cell(measured - under)} {unit}"
    return f"Aim: {what} under {cell(under)} {unit}. Measured: {cell(measured)} {unit}; {verdict}."


def aim_at_least(what: str, count: int, of: int, percent: float) -> str:
    """The same for a rate that is to be high; the interval says how sure the figure is."""
    missed = percent - 100 * count / of
    verdict = "reached" if missed <= 0 else f"missed by {missed:.1f} points"
    return f"Aim: {what} at least {cell(percent)} %. Measured: {rate(count, of)} %; {verdict}."


def aim_at_most(what: str, count: int, of: int, percent: float) -> str:
    """The same for a rate that is to be low."""
    missed = 100 * count / of - percent
    verdict = "reached" if missed <= 0 else f"missed by {missed:.1f} points"
    return f"Aim: {what} at most {cell(percent)} %. Measured: {rate(count, of)} %; {verdict}."


def cell(value: Cell) -> str:
    """A figure with about three digits that count; whole numbers as they are."""
    if value is None:
        return "-"
    if isinstance(value, str):
        return " ".join(value.replace("|", "\\|").split())
    if isinstance(value, int) or value == int(value):
        return f"{value:,.0f}"
    digits = min(3, max(0, 2 - math.floor(math.log10(abs(value)))))
    return f"{value:,.{digits}f}"


def render_table(table: Table) -> str:
    """A Markdown table: the first column to the left, figures to the right."""
    aligned = [":---", *["---:"] * (len(table.columns) - 1)]
    rows = [[cell(value) for value in row] for row in (table.columns, *table.rows)]
    lines = ["| " + " | ".join(row) + " |" for row in [rows[0], aligned, *rows[1:]]]
    return "\n".join([f"{table.caption}\n", *lines] if table.caption else lines)


def render_section(title: str, about: str, findings: Findings, made_by: str) -> str:
    """A section's Markdown: what is measured, the figures, what they mean, and how they were made."""
    remarks = "\n".join(f"- {remark}" for remark in findings.remarks)
    parts = [f"## {title}", about, *map(render_table, findings.tables), remarks, f"<sub>{made_by}</sub>"]
    return "\n\n".join(part.strip() for part in parts if part.strip()) + "\n"


def replace_section(document: str, name: str, body: str) -> str:
    """The document with the section `name` replaced, or added at its end; all else stays byte for byte.

    A section lies between two comment lines that name it. Raises ValueError where `body` holds such a line, and where
    the document has one of the two but not the other.
    """
    if _MARK.search(body):
        raise ValueError(f"the section {name} holds a line that begins or ends a section")
    begin, end = _mark("begin", name), _mark("end", name)
    section = f"{begin}{body.rstrip()}\n{end}"
    start = _line(document, begin)
    if start < 0:
        gap = "\n" * (2 - min(2, len(document) - len(document.rstrip("\n")))) if document else ""
        return f"{document}{gap}{section}"
    stop = _line(document, end, start)
    if stop < 0:
        raise ValueError(f"the section {name} begins but does not end")
    return document[:start] + section + document[stop + len(end) :]


_MARK = re.compile(r"^<!-- (?:begin|end) \w+ -->$", re.MULTILINE)


def _mark(kind: str, name: str) -> str:
    return f"<!-- {kind} {name} -->\n"


def _line(document: str, line: str, start: int = 0) -> int:
    """Where a line begins; -1 where it is not, or only within another line."""
    found = re.compile(rf"^{re.escape(line)}", re.MULTILINE).search(document, start)
    return found.start() if found else -1

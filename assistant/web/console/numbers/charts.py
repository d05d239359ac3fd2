"""Charts as SVG: within a page, where the console's style colours them, or alone, as a file. Pure.

A chart within a page is one picture with a title and a sentence that says what it shows; its numbers stand in a table
beside it, which is what screen readers, keyboards and people who cannot tell the colours apart use.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, log10

from markupsafe import Markup

WIDTH = 720
_LEFT, _RIGHT, _TOP, _FOOT = 40, 8, 12, 26
_STACK_HEIGHT, _ROW_HEIGHT, _HOUR_HEIGHT = 240, 44, 26
_LABELS = 8
"""Labels below a row of bars, at most."""
_NAME_WIDTH, _NAME_MAX = 170, 24
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_ALONE = """
svg { background: #ffffff; }
text { font: 12px sans-serif; fill: #48584f; }
.gridline { stroke: #cdd7cf; } .axis { stroke: #74847b; }
.series-1 { fill: #1d6753; } .series-2 { fill: #b2411a; } .series-3 { fill: #3a5fa8; }
.title { font: 600 15px sans-serif; fill: #15211c; }
"""
"""The colours of the light theme: a file goes on paper."""


@dataclass(frozen=True)
class Picture:
    """What is drawn (in user units from the top left), how high that is, and what it is called and says."""

    name: str
    title: str
    told: str
    height: int
    shapes: tuple[str, ...]
    legend: tuple[str, ...] = ()

    def inline(self) -> Markup:
        """For a page."""
        ids = f"{self.name}-title {self.name}-told"
        return Markup(  # noqa: S704 - every text in it is escaped
            f'<svg viewBox="0 0 {WIDTH} {self.height}" role="img" aria-labelledby="{ids}">'
            f'<title id="{self.name}-title">{_text(self.title)}</title>'
            f'<desc id="{self.name}-told">{_text(self.told)}</desc>{"".join(self.shapes)}</svg>'
        )

    def alone(self) -> str:
        """As a file, with its title and legend drawn."""
        head = 34 + (20 if self.legend else 0)
        names = (
            f'<rect class="series-{place}" x="{_LEFT + 150 * (place - 1)}" y="34" width="11" height="11" rx="2"/>'
            f'<text x="{_LEFT + 150 * (place - 1) + 17}" y="44">{_text(name)}</text>'
            for place, name in enumerate(self.legend, 1)
        )
        height = self.height + head
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
            f'role="img"><title>{_text(self.title)}</title><desc>{_text(self.told)}</desc><style>{_ALONE}</style>'
            f'<text class="title" x="{_LEFT}" y="22">{_text(self.title)}</text>{"".join(names)}'
            f'<g transform="translate(0 {head})">{"".join(self.shapes)}</g></svg>'
        )


def stacked(name: str, title: str, told: str, labels: Sequence[str], series: Mapping[str, Sequence[int]]) -> Picture:
    """Bars over time, each of the series' parts upon the other; `series` are their names and counts."""
    totals = [sum(counts) for counts in zip(*series.values(), strict=True)]
    top, step = _scale(max(totals, default=0))
    height = _STACK_HEIGHT - _TOP - _FOOT
    across = (WIDTH - _LEFT - _RIGHT) / max(1, len(labels))
    shapes = [_grid(value, _TOP + height * (1 - value / top)) for value in range(0, top + 1, step)]
    wide = min(across * 0.72, 48.0)
    for place, label in enumerate(labels):
        left, floor = _LEFT + across * place + (across - wide) / 2, float(_TOP + height)
        for number, (part, counts) in enumerate(series.items(), 1):
            if counts[place]:
                high = height * counts[place] / top
                floor -= high
                told_of_bar = _text(f"{label}: {part} {counts[place]}")
                shapes.append(
                    f'<rect class="bar series-{number}" x="{left:.1f}" y="{floor:.1f}" width="{wide:.1f}" '
                    f'height="{max(high, 1.0):.1f}"><title>{told_of_bar}</title></rect>'
                )
    shapes += _below(labels, across, _STACK_HEIGHT - 8)
    return Picture(name, title, told, _STACK_HEIGHT, tuple(shapes), tuple(series))


def rows(name: str, title: str, told: str, labels: Sequence[str], counts: Mapping[str, Sequence[int]]) -> Picture:
    """A row of small bars for each name, all on one scale; `labels` are the bars'."""
    across = (WIDTH - _NAME_WIDTH - _RIGHT) / max(1, len(labels))
    most = max((max(those, default=0) for those in counts.values()), default=0) or 1
    shapes = []
    for number, (row, those) in enumerate(counts.items()):
        floor = _TOP + _ROW_HEIGHT * (number + 1) - 8
        shapes.append(f'<text x="0" y="{floor - 4}">{_text(_short(row))}</text>')
        shapes.append(f'<line class="gridline" x1="{_NAME_WIDTH}" x2="{WIDTH - _RIGHT}" y1="{floor}" y2="{floor}"/>')
        for place, count in enumerate(those):
            if count:
                high = (_ROW_HEIGHT - 14) * count / most
                shapes.append(
                    f'<rect class="bar series-1" x="{_NAME_WIDTH + across * (place + 0.14):.1f}" '
                    f'y="{floor - high:.1f}" width="{across * 0.72:.1f}" height="{high:.1f}">'
                    f"<title>{_text(f'{row}, {labels[place]}: {count}')}</title></rect>"
                )
    height = _TOP + _ROW_HEIGHT * len(counts) + _FOOT
    shapes += _below(labels, across, height - 8, _NAME_WIDTH)
    return Picture(name, title, told, height, tuple(shapes))


def week(name: str, title: str, told: str, days: Sequence[str], counts: Mapping[tuple[int, int], int]) -> Picture:
    """A field for each hour of the week, the fuller the more; `counts` by day and hour."""
    across = (WIDTH - _LEFT - _RIGHT) / 24
    most = max(counts.values(), default=0) or 1
    shapes = []
    for day, label in enumerate(days):
        top = _TOP + _HOUR_HEIGHT * day
        shapes.append(f'<text x="0" y="{top + 17}">{_text(label[:3])}</text>')
        for hour in range(24):
            count = counts.get((day, hour), 0)
            # The least that was is still seen beside nothing at all.
            share = 0.06 if not count else 0.2 + 0.8 * count / most
            told_of_hour = _text(f"{label} {hour}:00: {count}")
            shapes.append(
                f'<rect class="bar series-1" x="{_LEFT + across * hour:.1f}" y="{top}" width="{across - 2:.1f}" '
                f'height="{_HOUR_HEIGHT - 2}" rx="3" fill-opacity="{share:.2f}"><title>{told_of_hour}</title></rect>'
            )
    height = _TOP + _HOUR_HEIGHT * len(days) + _FOOT
    shapes += [f'<text x="{_LEFT + across * hour:.1f}" y="{height - 8}">{hour}:00</text>' for hour in range(0, 24, 3)]
    return Picture(name, title, told, height, tuple(shapes))


def _scale(most: int) -> tuple[int, int]:
    """The end of an axis and its step: at most five steps of 1, 2 or 5 times a power of ten."""
    if most <= 1:
        return 1, 1
    power = 10 ** int(log10(most))
    step = next(
        int(size) for size in (power / 10, power / 5, power / 2, power, 2 * power) if size >= 1 and most / size <= 5
    )
    return ceil(most / step) * step, step


def _grid(value: int, y: float) -> str:
    kind = "gridline" if value else "axis"
    return (
        f'<line class="{kind}" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{value:,}</text>'
    )


def _below(labels: Sequence[str], across: float, y: int, left: int = _LEFT) -> list[str]:
    """As many labels as there is room for."""
    every = max(1, ceil(len(labels) / _LABELS))
    return [
        f'<text x="{left + across * (place + 0.5):.1f}" y="{y}" text-anchor="middle">{_text(label)}</text>'
        for place, label in enumerate(labels)
        if place % every == 0
    ]


def _short(name: str) -> str:
    return name if len(name) <= _NAME_MAX else f"{name[: _NAME_MAX - 1]}…"


def _text(text: str) -> str:
    """As XML: escaped, and without what no XML may have."""
    return str(Markup.escape(_NOT_IN_XML.sub("", text)))

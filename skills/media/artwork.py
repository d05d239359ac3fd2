"""Cover pictures drawn from an item's own words, so that every item has one and none needs a licence."""

from __future__ import annotations

import hashlib
from html import escape
from math import cos, pi, sin

from skills.media.catalogue import Item
from skills.turn import MediaKind

SIZE = 400
"""Edge length of the square, in SVG units."""


def cover(item: Item) -> str:
    """An SVG picture: colours follow the series (or the item alone), the figure follows the kind."""
    family = hashlib.sha256((item.series or item.id).encode()).digest()
    own = hashlib.sha256(item.id.encode()).digest()
    hue = (family[0] * 360 // 256 + own[31] % 24) % 360
    second = (hue + 30 + family[1] % 90 + own[30] % 60) % 360
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}" role="img" '
        f'aria-label="{escape(item.title)}">'
        f'<defs><linearGradient id="g" x1="0" y1="0" x2="1" y2="1"><stop stop-color="hsl({hue} 52% 34%)"/>'
        f'<stop offset="1" stop-color="hsl({second} 58% 22%)"/></linearGradient></defs>'
        f'<rect width="{SIZE}" height="{SIZE}" fill="url(#g)"/>'
        f'<g fill="none" stroke="hsl({second} 70% 82%)" stroke-width="3" opacity=".8">'
        f"{_FIGURES[item.kind](own)}</g></svg>"
    )


def _rings(seed: bytes) -> str:
    x, y = 120 + seed[0] % 160, 120 + seed[1] % 160
    return "".join(f'<circle cx="{x}" cy="{y}" r="{18 + 26 * ring + seed[ring] % 9}"/>' for ring in range(8))


def _bars(seed: bytes) -> str:
    return "".join(
        f'<path d="M{40 + 20 * bar} {200 - 20 - seed[bar] // 2}V{200 + 20 + seed[bar] // 2}" stroke-linecap="round"/>'
        for bar in range(17)
    )


def _pages(seed: bytes) -> str:
    leaves = []
    for page in range(9):
        y, bend = 110 + 22 * page, seed[page] % 30
        left = f"M200 {y}C{150 - bend} {y - 20} 100 {y - 15} 60 {y}"
        right = f"M200 {y}C{250 + bend} {y - 20} 300 {y - 15} 340 {y}"
        leaves.append(f'<path d="{left}{right}"/>')
    return "".join(leaves)


def _rays(seed: bytes) -> str:
    lines = []
    for ray in range(24):
        angle, length = 2 * pi * ray / 24, 70 + seed[ray] // 2
        lines.append(
            f'<path d="M{200 + 40 * cos(angle):.0f} {200 + 40 * sin(angle):.0f}'
            f'L{200 + length * cos(angle):.0f} {200 + length * sin(angle):.0f}" stroke-linecap="round"/>'
        )
    return "".join(lines)


def _steps(seed: bytes) -> str:
    heights = [30 * step + 20 + seed[step] % 24 for step in range(8)]
    return "".join(
        f'<rect x="{50 + 38 * step}" y="{350 - height}" width="26" height="{height}" rx="4"/>'
        for step, height in enumerate(heights)
    )


def _waves(seed: bytes) -> str:
    return "".join(
        f'<path d="M0 {60 + 40 * wave}q50 {-20 - seed[wave] % 40} 100 0t100 0 100 0 100 0"/>' for wave in range(8)
    )


_FIGURES = {
    MediaKind.PODCAST: _rings,
    MediaKind.LIVE_SHOW: _bars,
    MediaKind.AUDIOBOOK: _pages,
    MediaKind.CONCERT: _waves,
    MediaKind.LESSON: _steps,
    MediaKind.TALK: _rays,
}

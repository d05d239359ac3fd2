"""Book covers: title and author set over a figure of the book's own."""

from __future__ import annotations

from collections.abc import Callable
from math import cos, pi, sin
from xml.sax.saxutils import escape

from skills.shopping.pictures.colours import Palette
from skills.shopping.product import Product

LINE = 15
"""Characters that fit into a line of the title."""
LINES = 4


def cover(product: Product, colours: Palette, seed: bytes) -> str:
    """The book standing, with its spine to the left."""
    author = product.attribute("author")
    written = escape(author.value[:26]) if author else ""
    figure = _FIGURES[seed[8] % len(_FIGURES)](colours, seed)
    return (
        f'<path d="M96 58H316V342H96Z" fill="{colours.dark}"/><path d="M308 64V338L318 334V60Z" fill="#f7f5f0"/>'
        f'<rect x="92" y="52" width="218" height="290" rx="5" fill="{colours.base}"/>'
        f'<path d="M92 57a5 5 0 0 1 5-5h9V342h-9a5 5 0 0 1-5-5Z" fill="{colours.dark}"/>{figure}'
        f'<g fill="#fbf8f1" text-anchor="middle" font-family="Georgia,serif">{_title(product.title)}'
        f'<text x="207" y="322" font-size="13" letter-spacing="1">{written}</text></g>'
    )


def _title(title: str) -> str:
    return "".join(
        f'<text x="207" y="{92 + 27 * number}" font-size="24" font-weight="bold">{escape(line)}</text>'
        for number, line in enumerate(wrapped(title))
    )


def wrapped(title: str) -> list[str]:
    """The title in lines of about `LINE` characters, at most `LINES` of them."""
    lines: list[str] = []
    for word in title.split():
        if lines and len(lines[-1]) + 1 + len(word) <= LINE:
            lines[-1] += f" {word}"
        else:
            lines.append(word[: LINE + 3])
    return lines if len(lines) <= LINES else [*lines[: LINES - 1], f"{lines[LINES - 1]}…"]


def _waves(colours: Palette, seed: bytes) -> str:
    return "".join(
        f'<path d="M106 {218 + 20 * row}q26 {-12 - seed[9 + row] % 14} 51 0t51 0 51 0 51 0" fill="none" '
        f'stroke="{colours.light}" stroke-width="5"/>'
        for row in range(4)
    )


def _sun(colours: Palette, seed: bytes) -> str:
    x, y = 160 + seed[9] % 90, 232
    rays = "".join(
        f'<path d="M{x + 40 * cos(turn * pi / 8):.0f} {y + 40 * sin(turn * pi / 8):.0f}'
        f'L{x + 52 * cos(turn * pi / 8):.0f} {y + 52 * sin(turn * pi / 8):.0f}"/>'
        for turn in range(16)
    )
    return (
        f'<circle cx="{x}" cy="{y}" r="32" fill="{colours.accent}"/>'
        f'<g stroke="{colours.accent}" stroke-width="5" stroke-linecap="round">{rays}</g>'
    )


def _hills(colours: Palette, seed: bytes) -> str:
    one, two = 200 + seed[9] % 40, 190 + seed[10] % 50
    return (
        f'<circle cx="{250 - seed[11] % 80}" cy="212" r="20" fill="{colours.accent}"/>'
        f'<path d="M106 300Q160 {one} 214 286T310 {two + 30}V300Z" fill="{colours.light}"/>'
        f'<path d="M106 300Q190 {two + 30} 310 300Z" fill="{colours.dark}"/>'
    )


def _leaf(colours: Palette, seed: bytes) -> str:
    leaves = "".join(
        f'<path transform="rotate({-60 + 30 * number + seed[9 + number] % 12} 208 300)" '
        f'd="M208 300Q190 250 208 210Q226 250 208 300Z" fill="{colours.light if number % 2 else colours.accent}"/>'
        for number in range(5)
    )
    return leaves


def _window(colours: Palette, seed: bytes) -> str:
    lit = {seed[9] % 9, seed[10] % 9, seed[11] % 9}
    return "".join(
        f'<rect x="{164 + 32 * (number % 3)}" y="{206 + 30 * (number // 3)}" width="24" height="24" rx="3" '
        f'fill="{colours.accent if number in lit else colours.dark}"/>'
        for number in range(9)
    )


_FIGURES: tuple[Callable[[Palette, bytes], str], ...] = (_waves, _sun, _hills, _leaf, _window)

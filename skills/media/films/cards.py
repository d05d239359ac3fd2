"""A card of a video: words on the left, on the right a figure that has something to do with them."""

from __future__ import annotations

import colorsys
import hashlib
import textwrap
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skills.media.films.figures import Colours, figure_for

WIDTH, HEIGHT = 640, 360
LINE, LINES = 26, 6
"""Characters of a line, and how many lines there are room for."""


@dataclass(frozen=True)
class Card:
    """`heading` stands above, `words` large, `foot` below; the figure illustrates `about`, empty being the title's."""

    heading: str
    words: str
    foot: str
    about: str


def draw(card: Card, family: str) -> NDArray[np.uint8]:
    """The card as rows of RGB pixels, HEIGHT by WIDTH by 3; cards of a `family` have colours in common."""
    # Matplotlib takes a second to import, and only set-up needs it; this way it never asks for a display.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    colours = _colours(family, card.words)
    figure = Figure(figsize=(WIDTH / 100, HEIGHT / 100), dpi=100, facecolor=colours.ground)
    canvas: Any = FigureCanvasAgg(figure)
    axes: Any = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, 16)
    axes.set_ylim(0, 9)
    axes.axis("off")
    figure_for(card.about)(axes, colours, np.random.default_rng(_seed(card.words)))
    lines = textwrap.wrap(card.words, LINE, max_lines=LINES, placeholder=" …")
    for text, y, size, colour in (
        (card.heading if card.about else "", 8.2, 8, colours.soft),
        ("\n".join(lines), 4.6, 14, "white"),
        (card.foot, 0.7, 8, colours.soft),
    ):
        axes.text(0.7, y, text.replace("$", r"\$"), color=colour, fontsize=size, va="center", linespacing=1.35)
    canvas.draw()
    return np.ascontiguousarray(np.asarray(canvas.buffer_rgba())[..., :3])


def _colours(family: str, words: str) -> Colours:
    hue = _seed(family) % 360 / 360
    shade = _seed(words) % 40 / 400
    ground, soft, bright = (
        colorsys.hls_to_rgb((hue + turn) % 1, light, strength)
        for turn, light, strength in ((shade, 0.17 + shade, 0.5), (0.05, 0.75, 0.4), (0.45 + shade, 0.62, 0.7))
    )
    return Colours(ground, soft, bright)


def _seed(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")

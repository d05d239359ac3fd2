"""Small figures for cards, on the right half of a plane of 16 by 9: what a text is about decides which."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

Colour = tuple[float, float, float]
Chance = np.random.Generator


@dataclass(frozen=True)
class Colours:
    """Red, green and blue, 0 to 1: of the card, of its lines, and of what catches the eye."""

    ground: Colour
    soft: Colour
    bright: Colour


Figure = Callable[[Any, Colours, Chance], None]
"""Draws on axes."""


def figure_for(text: str) -> Figure:
    """The figure that fits most of a text's words; rings where none does."""
    words = re.findall(r"[a-z]+", text.casefold())
    counts = {figure: sum(bool(pattern.match(word)) for word in words) for pattern, figure in _FIGURES}
    best = max(counts, key=lambda figure: counts[figure])
    return best if counts[best] else _rings


def _map(axes: Any, colours: Colours, chance: Chance) -> None:
    """A coast with a route along it."""
    angle = np.linspace(0, 2 * np.pi, 60)
    ragged = 2.4 + sum(chance.uniform(0.1, 0.5) * np.sin(k * angle + chance.uniform(0, 6)) for k in (2, 3, 5, 7))
    x, y = 12 + 1.1 * ragged * np.cos(angle), 4.5 + ragged * np.sin(angle)
    for swell in (1.25, 1.12):
        axes.plot(12 + swell * (x - 12), 4.5 + swell * (y - 4.5), color=colours.soft, lw=0.8, alpha=0.5)
    axes.fill(x, y, color=colours.soft)
    route = np.linspace(0, 1, 30)
    way = 4.5 + 0.9 * np.sin(chance.uniform(4, 8) * route + chance.uniform(0, 3))
    axes.plot(10.4 + 3.2 * route, way, color=colours.ground, lw=2.5, ls="--")
    axes.plot([13.6], [way[-1]], marker="v", ms=16, color=colours.bright, mec=colours.ground)


def _sky(axes: Any, colours: Colours, chance: Chance) -> None:
    """A body with others around it, and stars."""
    axes.scatter(chance.uniform(8.6, 15.6, 60), chance.uniform(0.6, 8.4, 60), chance.uniform(1, 9, 60), color="white")
    axes.plot([12], [4.5], marker="o", ms=52, color=colours.bright)
    turn = np.linspace(0, 2 * np.pi, 80)
    for radius in (1.6, 2.4, 3.2):
        axes.plot(12 + radius * np.cos(turn), 4.5 + 0.7 * radius * np.sin(turn), color=colours.soft, lw=1)
        at = chance.uniform(0, 6.3)
        place = [12 + radius * np.cos(at)], [4.5 + 0.7 * radius * np.sin(at)]
        axes.plot(*place, marker="o", ms=chance.uniform(8, 16), color=colours.soft)


def _chart(axes: Any, colours: Colours, chance: Chance) -> None:
    """Bars, and a line over them."""
    x = np.linspace(9.4, 14.8, 6)
    heights = chance.uniform(1.2, 5.2, 6)
    axes.bar(x, heights, width=0.7, bottom=1.6, color=colours.soft)
    axes.plot(x, 1.8 + np.sort(heights), color=colours.bright, lw=3, marker="o", ms=8)
    axes.plot([8.9, 15.3], [1.6, 1.6], color="white", lw=1.5)


def _waves(axes: Any, colours: Colours, chance: Chance) -> None:
    """Swinging strings."""
    x = np.linspace(8.8, 15.2, 200)
    for row in range(6):
        swing = chance.uniform(0.15, 0.55) * np.sin(chance.uniform(2, 7) * x) * np.sin(np.pi * (x - 8.8) / 6.4)
        axes.plot(x, 1.9 + row + swing, color=colours.bright if row % 3 == 1 else colours.soft, lw=2.5)


def _layers(axes: Any, colours: Colours, chance: Chance) -> None:
    """What lies on what."""
    x = np.linspace(9, 15, 80)
    top = np.full_like(x, 1.2)
    for row in range(6):
        below, top = top, top + 1 + 0.25 * np.sin(chance.uniform(1, 3) * x + chance.uniform(0, 6))
        axes.fill_between(x, below, top, color=colours.bright if row == 4 else colours.soft, alpha=0.35 + 0.1 * row)
        grain = np.arange(5, 75, 9)
        axes.scatter(x[grain], (below + chance.uniform(0.3, 0.7, x.size) * (top - below))[grain], 8, color="white")


def _net(axes: Any, colours: Colours, chance: Chance) -> None:
    """Who is connected with whom."""
    x, y = chance.uniform(9.2, 14.9, 16), chance.uniform(1.4, 7.7, 16)
    for one in range(16):
        for other in np.argsort(np.hypot(x - x[one], y - y[one]))[1:4]:
            axes.plot([x[one], x[other]], [y[one], y[other]], color=colours.soft, lw=1.2)
    axes.scatter(x, y, chance.uniform(60, 340, 16), color=colours.bright, edgecolors=colours.ground, zorder=3)


def _rings(axes: Any, colours: Colours, chance: Chance) -> None:
    """Nothing in particular."""
    turn = np.linspace(0, 2 * np.pi, 90)
    x, y = chance.uniform(11.3, 12.7), chance.uniform(4, 5)
    for ring in range(7):
        radius = 0.5 + 0.45 * ring + chance.uniform(0, 0.2)
        colour = colours.bright if ring == chance.integers(1, 6) else colours.soft
        axes.plot(x + radius * np.cos(turn), y + radius * np.sin(turn), color=colour, lw=2.5)


_FIGURES = tuple(
    (re.compile(rf"(?:{words})"), figure)
    for words, figure in (
        ("map|coast|cit(y|ies)|street|river|sea|tide|lake|seoul|harbour|island|continent|road|town|place$", _map),
        ("star|sun$|moon|orbit|earth|planet|sky|night|hole|light|astronaut|horizon|fall|sleep", _sky),
        ("dollar|cost|column|cell|row|number|degrees|percent|hundred|thousand|minute|second|year|price|grams", _chart),
        ("string|chord|sound|sing|song|voice|music|danc|swing|step|walk|wave|say|word|caption|breath|silence", _waves),
        ("soil|rock|lava|batter|dough|flour|layer|starter|jar|pancake|paint|water|wash|bridge|shelf|wool", _layers),
        ("brain|cell$|fung|worm|people|crew|neighbour|tree|root|ion|friend|stitch|knit|moth|everybody", _net),
    )
)

"""Videos made for tests and benchmarks: shots with a moment in focus each, parted by cuts, dissolves or black."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

import av
import numpy as np
from numpy.typing import NDArray

RATE = 10
Pixels = NDArray[np.float64]
Joint = Literal["cut", "dissolve", "black"]
FADE_S = 1.0
"""How long a dissolve takes, and a fade through black each way."""


@dataclass(frozen=True)
class Shot:
    """A picture for some seconds, in focus from `focus_s[0]` to `focus_s[1]` of them; `joint` is how it begins."""

    seconds: float
    focus_s: tuple[float, float]
    joint: Joint = "cut"
    pan: int = 0
    """Pixels that the camera turns from frame to frame."""
    flash_s: float | None = None
    """When somebody else's camera flashes into it, if one does."""


def write_shots(
    path: Path, shots: Sequence[Shot], size: tuple[int, int] = (320, 180), seed: int = 0, rate: int = RATE
) -> list[int]:
    """Write them with a quiet tone; returns where each begins, in milliseconds, in the middle of its joint."""
    options = {"crf": "20", "preset": "ultrafast"}
    with av.open(str(path), "w") as container:
        pictures: Any = container.add_stream("libx264", rate=rate, options=options)
        pictures.width, pictures.height, pictures.pix_fmt = *size, "yuv420p"
        sound: Any = container.add_stream("aac", rate=16_000, layout="mono")
        count = 0
        for count, image in enumerate(_images(shots, size, seed, rate), start=1):
            frame = av.VideoFrame.from_ndarray(np.clip(image, 0, 255).astype(np.uint8), format="gray")
            frame.pts, frame.time_base = count - 1, Fraction(1, rate)
            container.mux(pictures.encode(frame))
        container.mux(pictures.encode(None))
        for start in range(0, count * 16_000 // rate, 1600):
            tone = (0.1 * np.sin(np.arange(start, start + 1600) / 6)).astype(np.float32).reshape(1, -1)
            heard = av.AudioFrame.from_ndarray(tone, format="fltp", layout="mono")
            heard.sample_rate, heard.pts = 16_000, start
            container.mux(sound.encode(heard))
        container.mux(sound.encode(None))
    return [round(1000 * sum(shot.seconds for shot in shots[:number])) for number in range(len(shots))]


def _images(shots: Sequence[Shot], size: tuple[int, int], seed: int, rate: int) -> Iterator[Pixels]:
    """A page of large and small shapes for each shot, which trembles as if it were held by hand."""
    chance = np.random.default_rng(seed)
    pages = [_page(chance, size) for _ in shots]
    soft = [_blurred(page) for page in pages]
    starts = [0.0, *np.cumsum([shot.seconds for shot in shots])]
    for number in range(round(starts[-1] * rate)):
        at_s = number / rate
        shown = np.zeros_like(pages[0])
        for place, (shot, (start, end)) in enumerate(zip(shots, pairwise(starts), strict=True)):
            after = shots[place + 1].joint if place + 1 < len(shots) else "cut"
            weight = _seen(at_s - start, shot.joint) * _seen(end - at_s - 1 / rate, after)
            if weight:
                in_focus = shot.focus_s[0] <= at_s - start < shot.focus_s[1]
                image = pages[place] if in_focus else soft[place]
                tremble = chance.integers(-1, 2, 2) + np.array([0, shot.pan * number])
                shown += weight * np.roll(image, tremble, (0, 1))
                if shot.flash_s is not None and 0 <= at_s - start - shot.flash_s < 1 / rate:
                    shown += 150
        yield shown


def _seen(inside_s: float, joint: Joint) -> float:
    """How much of a shot is seen so long after its beginning, or before its end."""
    if joint == "cut":
        return float(inside_s >= -1e-6)
    begin = 0.0 if joint == "black" else -FADE_S / 2
    return float(np.clip((inside_s - begin) / FADE_S, 0, 1))


def _page(chance: np.random.Generator, size: tuple[int, int]) -> Pixels:
    """Grey shapes, from an eighth of the picture down to few pixels."""
    width, height = size
    page = np.full((height, width), chance.uniform(60, 200))
    for scale in (8, 8, 8, 16, 16, 16, 40, 40, 40, 40, 40, 40) * 6:
        side_x, side_y = width // scale + 1, height // scale + 1
        x, y = chance.integers(0, width), chance.integers(0, height)
        page[y : y + side_y, x : x + side_x] = chance.uniform(0, 255)
    return page


def _blurred(page: Pixels, radius: int = 3) -> Pixels:
    for axis in (0, 1):
        page = np.mean([np.roll(page, shift, axis) for shift in range(-radius, radius + 1)], axis=0)
    return page

"""Scenes of generated videos, whose cuts and moments in focus are known: how many are found, and how fast."""

from __future__ import annotations

import random
import tempfile
import time
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
from scipy.ndimage import laplace

from benchmarks.benchmark import Benchmark, Workplace
from benchmarks.report import Findings, Table, aim, aim_at_least, aim_at_most, rate
from skills.media.captions import Segment
from skills.media.content import ContentStore
from skills.media.probing import opened
from skills.media.slides.looking import frames, picture_stream
from skills.media.slides.making import make_scenes
from tests.media.videos import FADE_S, Shot, write_shots

VIDEOS, SHOTS = 10, 10
FIRST_SEED = 100
"""Thresholds were chosen on seeds below it, so the figures are of videos that nobody has looked at before."""
NEAR_MS = 1_000
"""A boundary this near a joint has found it."""
PERIOD_MS = 10_000
"""Of slides at fixed intervals."""
AS_SHARP = 0.95
"""Of the sharpest frame within a second: encoding, and a hand that trembles, change sharpness by less."""
TIMED = ((640, 360, 30), (1920, 1080, 30))


@dataclass(frozen=True)
class Video:
    """What was generated: `starts` of the shots in milliseconds."""

    path: Path
    shots: Sequence[Shot]
    starts: Sequence[int]
    spoken: Sequence[Segment]

    @property
    def duration_ms(self) -> int:
        """All of it."""
        return round(1000 * sum(shot.seconds for shot in self.shots))


Pages = Sequence[tuple[int, int]]
"""Where each scene begins, and the frame that shows it; milliseconds."""


@dataclass
class Score:
    """How one way of making slides did on all videos."""

    joints: int = 0
    found: int = 0
    boundaries: int = 0
    false: int = 0
    pages: int = 0
    own: int = 0
    in_focus: int = 0
    sharpest: int = 0

    def count(self, video: Video, pages: Pages, sharpness: Mapping[int, float]) -> None:
        """Hold the pages of a video against the truth."""
        joints, begins = video.starts[1:], [start for start, _ in pages[1:]]
        self.joints += len(joints)
        self.found += sum(any(abs(begin - joint) <= NEAR_MS for begin in begins) for joint in joints)
        self.boundaries += len(begins)
        self.false += sum(all(abs(begin - joint) > NEAR_MS for joint in joints) for begin in begins)
        self.pages += len(pages)
        ends = [*begins, video.duration_ms]
        for (start, frame), end in zip(pages, ends, strict=True):
            place = bisect_right(video.starts, frame) - 1
            shot, since_s = video.shots[place], (frame - video.starts[place]) / 1000
            left_s = shot.seconds - since_s
            fades = [shot.joint, *(one.joint for one in video.shots[place + 1 : place + 2])]
            before, after = (FADE_S * (joint != "cut") for joint in [*fades, "cut"][:2])
            self.own += start <= frame < end and since_s >= before and left_s >= after
            self.in_focus += shot.focus_s[0] <= since_s < shot.focus_s[1]
            near = [one for at, one in sharpness.items() if abs(at - frame) <= 1_000 and start <= at < end]
            self.sharpest += sharpness[frame] >= AS_SHARP * max(near)

    def row(self, name: str) -> tuple[str, ...]:
        """As a row of the table."""
        pages = (rate(one, self.pages) for one in (self.own, self.in_focus, self.sharpest))
        return name, rate(self.found, self.joints), rate(self.false, self.boundaries), *pages


def run(workplace: Workplace) -> Findings:
    """On generated videos, in a folder that goes away."""
    ours, silent, detected, regular = Score(), Score(), Score(), Score()
    with tempfile.TemporaryDirectory(prefix="sori-slides-") as scratch:
        folder = Path(scratch)
        store = ContentStore(folder / "store")
        for number in range(VIDEOS):
            workplace.say(f"video {number + 1} of {VIDEOS}")
            video = _video(folder / f"{number}.mp4", FIRST_SEED + number)
            sharpness = _sharpness(video.path)
            ours.count(video, _scenes(video, video.spoken, store), sharpness)
            silent.count(video, _scenes(video, (), store), sharpness)
            detected.count(video, _middles([0, *_scdet(video.path)], video, sharpness), sharpness)
            regular.count(video, _middles(range(0, video.duration_ms, PERIOD_MS), video, sharpness), sharpness)
        timed = [_timed(folder, store, workplace, *form) for form in TIMED]
    rows = (
        ours.row("Sori, with captions"),
        silent.row("Sori, without captions"),
        detected.row("FFmpeg's scdet, the frame in the middle"),
        regular.row(f"every {PERIOD_MS // 1000} s, the frame in the middle"),
    )
    return Findings(
        (
            Table(
                (
                    "slides",
                    "shots found, %",
                    "false boundaries, %",
                    "picture in its scene, not in a fade, %",
                    "in focus, %",
                    "as sharp as the sharpest within 1 s, %",
                ),
                rows,
                f"{VIDEOS} videos of {SHOTS} shots of 5 to 14 s. In brackets the 95 % confidence intervals.",
            ),
            Table(("video, one core", "share of its length, %", "times real time"), tuple(timed)),
        ),
        (
            aim_at_least("key frames within their scene", ours.own, ours.pages, 100),
            aim_at_least("key frames as sharp as the sharpest within 1 s", ours.sharpest, ours.pages, 100),
            aim_at_least("shots found", ours.found, ours.joints, 95),
            aim_at_most("false boundaries", ours.false, ours.boundaries, 5),
            aim("time for 640 x 360, share of the length", float(timed[0][1]), 10, "%"),
        ),
    )


def _video(path: Path, seed: int) -> Video:
    """Cuts, dissolves and fades through black; some shots pan, into some a camera flashes; sentences end at joints."""
    chance = random.Random(seed)
    shots = []
    for _ in range(SHOTS):
        seconds, focus = chance.randrange(50, 140) / 10, chance.uniform(1.2, 2.6)
        moving = chance.random()
        shots.append(
            Shot(
                seconds,
                (focus, focus + 0.7),
                chance.choice(["cut", "cut", "dissolve", "black"]),
                pan=chance.choice([-4, 3, 6]) if moving < 0.25 else 0,
                flash_s=seconds - 2.3 if moving > 0.8 else None,
            )
        )
    shots[0] = Shot(shots[0].seconds, shots[0].focus_s)
    starts = write_shots(path, shots, seed=seed)
    return Video(path, shots, starts, list(_sentences([*starts, round(1000 * sum(one.seconds for one in shots))])))


def _sentences(marks: Sequence[int]) -> Iterator[Segment]:
    """One after the other between these times, of about four seconds."""
    for start, end in pairwise(marks):
        count = max(1, (end - start) // 4_000)
        for number in range(count):
            begin, until = (start + (end - start) * part // count for part in (number, number + 1))
            yield Segment(begin, until - 250, "", "And this is what is seen.")


def _scenes(video: Video, spoken: Sequence[Segment], store: ContentStore) -> Pages:
    scenes = make_scenes(video.path, video.duration_ms, spoken, store)
    return [(scene.start_ms, scene.frame_ms) for scene in scenes]


def _middles(begins: Sequence[int], video: Video, sharpness: Mapping[int, float]) -> Pages:
    """Scenes that begin there, each shown by the frame in its middle."""
    times = sorted(sharpness)
    ends = [*begins[1:], video.duration_ms]
    return [
        (begin, times[bisect_right(times, (begin + end) // 2) - 1]) for begin, end in zip(begins, ends, strict=True)
    ]


def _scdet(path: Path) -> list[int]:
    """Where FFmpeg's scdet, as it is, says that another scene begins."""
    with opened(path) as container:
        stream = picture_stream(container)
        graph = av.filter.Graph()
        source, detector, sink = graph.add_buffer(template=stream), graph.add("scdet"), graph.add("buffersink")
        graph.link_nodes(source, detector, sink).configure()
        found = []
        for at_ms, frame in frames(container, stream):
            graph.push(frame)
            out: Any = graph.pull()
            if "lavfi.scd.time" in out.metadata:
                found.append(at_ms)
        return found


def _sharpness(path: Path) -> dict[int, float]:
    """The variance of the Laplacian of every frame, by another implementation than the product's."""
    with opened(path) as container:
        return {
            at_ms: float(laplace(frame.to_ndarray(format="gray").astype(np.float64)).var())
            for at_ms, frame in frames(container, picture_stream(container))
        }


def _timed(
    folder: Path, store: ContentStore, workplace: Workplace, width: int, height: int, fps: int
) -> tuple[str, float, float]:
    """Processor time of this thread for a minute, or half of one."""
    workplace.say(f"{width} x {height}")
    shots = [Shot(6, (2, 3), pan=2 * (place % 2)) for place in range(5)]
    path = folder / "timed.mp4"
    write_shots(path, shots, (width, height), rate=fps)
    seconds = sum(shot.seconds for shot in shots)
    started = time.process_time()
    make_scenes(path, round(1000 * seconds), (), store)
    spent = time.process_time() - started
    return f"{width} x {height}, {fps} frames a second, H.264", 100 * spent / seconds, seconds / spent


BENCHMARK = Benchmark(
    "slides",
    "Slides of videos",
    """Videos with known shots: cuts, dissolves and fades through black between pages of shapes that tremble as if held
by hand, some panned over, some with a flash into them. Each shot is out of focus but for 0.7 seconds. With captions,
sentences end at the joints and elsewhere too. Sharpness is that of every frame, measured with scipy. Beside Sori's
scenes those of FFmpeg's scene detector with its default threshold, and slides at fixed intervals.""",
    run,
)

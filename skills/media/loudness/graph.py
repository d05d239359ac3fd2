"""Sound through a chain of FFmpeg's filters, with the loudness of what comes out of it."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
from av.filter import Graph

from skills.media.errors import RecordingError
from skills.media.probing import opened

SILENCE_LUFS = -70.0
"""The absolute gate of ITU-R BS.1770-4: what is quieter has no loudness."""
OnSeconds = Callable[[float], None]

METER = ("ebur128", "peak=true:metadata=1:framelog=quiet")
_LEVEL = "lavfi.r128."


@dataclass(frozen=True)
class Loudness:
    """Integrated loudness (LUFS, ITU-R BS.1770-4), loudness range (LU, EBU Tech 3342), true peak (dBTP).

    Silence has the integrated loudness -70 and the peak -120.
    """

    integrated: float
    range: float
    true_peak: float

    @property
    def is_silent(self) -> bool:
        """Whether there is nothing whose loudness could be changed."""
        return self.integrated <= SILENCE_LUFS


class Chain:
    """Filters one after the other, the last of which is a meter; takes frames of one format."""

    def __init__(self, first: Any, filters: tuple[tuple[str, str], ...] = ()) -> None:
        """`first` is a frame like those that will come."""
        graph = Graph()
        layout, rate = first.layout.name, first.sample_rate
        options = f"sample_rate={rate}:sample_fmt={first.format.name}:channel_layout={layout}:time_base=1/{rate}"
        last = self._source = graph.add("abuffer", options)
        for name, arguments in (*filters, METER):
            following = graph.add(name, arguments)
            last.link_to(following)
            last = following
        self._sink = graph.add("abuffersink")
        last.link_to(self._sink)
        graph.configure()
        self._graph = graph
        self._said: dict[str, str] = {}

    def push(self, frame: Any) -> Iterator[Any]:
        """What comes out for a frame; None ends the sound."""
        self._source.push(frame)
        while True:
            try:
                out = self._sink.pull()
            except (av.BlockingIOError, av.EOFError):
                return
            self._said = out.metadata or self._said
            yield out

    @property
    def loudness(self) -> Loudness:
        """Of all that has come out."""
        peak = float(self._said.get(f"{_LEVEL}true_peak", 0.0))
        integrated = float(self._said.get(f"{_LEVEL}I", SILENCE_LUFS))
        return Loudness(
            round(max(SILENCE_LUFS, integrated), 2) if math.isfinite(integrated) else SILENCE_LUFS,
            round(float(self._said.get(f"{_LEVEL}LRA", 0.0)), 2),
            round(20 * math.log10(peak), 2) if peak > 1e-6 else -120.0,
        )


def sound(path: Path, on_seconds: OnSeconds = lambda _seconds: None) -> Iterator[Any]:
    """The frames of a file's first sound track, numbered by their samples, all of the first one's format.

    Damaged packets are passed over; a file that breaks off gives what is there. RecordingError(`recording_unreadable`,
    `recording_silent`).
    """
    with opened(path) as container:
        if not container.streams.audio:
            raise RecordingError("recording_silent", "There is nothing to hear")
        stream = container.streams.audio[0]
        alike = _Alike()
        for packet in container.demux(stream):
            with contextlib.suppress(av.InvalidDataError):
                for frame in packet.decode():
                    yield from alike(frame)
            on_seconds(alike.seconds)


class _Alike:
    """Gives every frame the format of the first, since a chain takes one format only, and a running number."""

    def __init__(self) -> None:
        self._resampler: Any = None
        self._position = 0
        self._rate = 0

    def __call__(self, frame: Any) -> Iterator[Any]:
        if self._resampler is None:
            self._rate = frame.sample_rate
            self._resampler = av.AudioResampler(format=frame.format.name, layout=frame.layout.name, rate=self._rate)
        frame.pts = None
        for one in self._resampler.resample(frame):
            one.pts = self._position
            self._position += one.samples
            yield one

    @property
    def seconds(self) -> float:
        """How far it has come."""
        return self._position / self._rate if self._rate else 0.0

"""Looks at a video at equal intervals, in bounded memory: how sharp it is then, and where the picture changes."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.video.reformatter import VideoReformatter

from skills.media.errors import RecordingError
from skills.media.probing import is_picture, opened
from skills.media.slides.changes import Change, ChangeFinder, Picture

INTERVAL_MS = 200
"""Between two looks."""
SMALL = (64, 36)
"""Width and height of the pictures that are compared: words on a page can be told from other words, grain is gone."""
WIDE = 640
"""Width at most of the picture whose sharpness is measured."""


@dataclass(frozen=True, slots=True)
class Look:
    """What is seen at `at_ms`: a frame that is shown since `frame_ms`.

    `sharpness` is the variance of its Laplacian (Pech-Pacheco and others, Diatom autofocusing in brightfield
    microscopy, 2000), `contrast` the standard deviation of its grey values: of an empty or black picture about 0.
    """

    at_ms: int
    frame_ms: int
    sharpness: float
    contrast: float


def look_through(
    path: Path, duration_ms: int, on_seconds: Callable[[float], None] = lambda _seconds: None
) -> tuple[list[Look], tuple[Change, ...]]:
    """The looks at a video of that length, and the changes of its picture.

    Raises RecordingError: `recording_unreadable`, and `recording_pictures` where not a single frame can be decoded.
    """
    looker = _Looker()
    with opened(path) as container:
        for frame_ms, frame in frames(container, picture_stream(container)):
            looker.show(min(frame_ms, duration_ms), frame)
            on_seconds(frame_ms / 1000)
        looker.finish(duration_ms)
    if not looker.looks:
        raise RecordingError("recording_pictures", "No picture of the video can be decoded")
    return looker.looks, looker.finder.changes()


def picture_stream(container: Any) -> Any:
    """The video's first track of moving pictures; RecordingError(`recording_pictures`)."""
    stream = next((one for one in container.streams.video if not is_picture(one)), None)
    if stream is None:
        raise RecordingError("recording_pictures", "There is nothing to see in this recording")
    stream.codec_context.thread_count = 1  # an import leaves the other cores to the turns
    return stream


def frames(container: Any, stream: Any) -> Iterator[tuple[int, Any]]:
    """The frames from here on and when each is shown, in order; damaged ones are passed over.

    Times are milliseconds from where players begin to count.
    """
    begin_s = (container.start_time or 0) / av.time_base
    last_ms = -1
    packets = container.demux(stream)
    with contextlib.suppress(av.FFmpegError):  # it breaks off: what was there counts
        for packet in packets:
            with contextlib.suppress(av.InvalidDataError):
                for frame in packet.decode():
                    at_ms = -1 if frame.time is None else round(1000 * (frame.time - begin_s))
                    if at_ms > last_ms:
                        last_ms = at_ms
                        yield at_ms, frame


class _Looker:
    """Sees each frame for as long as it is shown."""

    def __init__(self) -> None:
        self.looks: list[Look] = []
        self.finder = ChangeFinder(INTERVAL_MS)
        self._reformat = VideoReformatter()
        self._shown: tuple[int, Any] | None = None
        self._measured: tuple[float, float, Picture] | None = None

    def show(self, frame_ms: int, frame: Any) -> None:
        """A frame comes, which the one before is shown until."""
        self.finish(frame_ms)
        self._shown, self._measured = (frame_ms, frame), None

    def finish(self, until_ms: int) -> None:
        """Look at what is shown, up to then."""
        while self._shown and (now_ms := len(self.looks) * INTERVAL_MS) < until_ms:
            frame_ms, frame = self._shown
            self._measured = self._measured or self._measure(frame)
            sharpness, contrast, small = self._measured
            self.looks.append(Look(now_ms, frame_ms, sharpness, contrast))
            self.finder.look(small)

    def _measure(self, frame: Any) -> tuple[float, float, Picture]:
        width = min(WIDE, frame.width)
        grey = self._scaled(frame, width, max(3, round(frame.height * width / frame.width)), "gray")
        return sharpness(grey), float(grey.std()), self._scaled(frame, *SMALL, "rgb24")

    def _scaled(self, frame: Any, width: int, height: int, form: str) -> Picture:
        scaled: Any = self._reformat.reformat(frame, width, height, form, interpolation="AREA").to_ndarray()
        return np.asarray(scaled, np.uint8)


def sharpness(grey: Picture) -> float:
    """The variance of the Laplacian of a picture of at least 3 by 3 pixels."""
    rows = grey.astype(np.int16)
    edges = rows[:-2, 1:-1] + rows[2:, 1:-1] + rows[1:-1, :-2] + rows[1:-1, 2:] - 4 * rows[1:-1, 1:-1]
    return float(edges.var())

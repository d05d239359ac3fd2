"""The sharpest of the frames of a video around given times, each as a JPEG."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np

from skills.media.errors import RecordingError
from skills.media.images import as_jpeg
from skills.media.probing import opened
from skills.media.slides.looking import frames, picture_stream, sharpness

WIDTH = 1_280
"""Pixels of a picture at most."""
FAR_MS = 10_000
"""What is farther ahead is sought rather than decoded up to; groups of pictures are rarely longer."""


def pictures(path: Path, spans_ms: Iterable[tuple[int, int]]) -> Iterator[tuple[int, bytes]]:
    """Of each span, in ascending order, the sharpest frame: when it is shown, and a JPEG of it.

    A span has at least one frame. Only what lies between it and the last whole picture before it is decoded. Raises
    RecordingError: `recording_unreadable`, and `recording_pictures` where there is no such frame any more.
    """
    with opened(path) as container:
        reel = _Reel(container)
        for start_ms, end_ms in spans_ms:
            at_ms, frame = reel.sharpest(start_ms, end_ms)
            try:
                yield at_ms, _jpeg(frame, reel.pixel_aspect)
            except ValueError as error:
                message = f"The picture at {at_ms / 1000:.1f} s cannot be kept: {error}"
                raise RecordingError("recording_pictures", message) from error


class _Reel:
    """A video that is wound from one place to another."""

    def __init__(self, container: Any) -> None:
        self._container, self._stream = container, picture_stream(container)
        self.pixel_aspect = float(self._stream.sample_aspect_ratio or 1)
        self._begin_ms = (container.start_time or 0) * 1000 // av.time_base
        self._wind(0)

    def sharpest(self, start_ms: int, end_ms: int) -> tuple[int, Any]:
        if not self._now_ms < start_ms <= self._now_ms + FAR_MS:
            self._wind(start_ms)
        found = self._find(start_ms, end_ms)
        if found is None:  # an index that leads too far: from well before it then
            self._wind(max(0, start_ms - FAR_MS))
            found = self._find(start_ms, end_ms)
        if found is None:
            raise RecordingError("recording_pictures", f"There is no picture at {start_ms / 1000:.1f} s any more")
        return found

    def _wind(self, time_ms: int) -> None:
        self._container.seek((self._begin_ms + time_ms) * (av.time_base // 1000), backward=True)
        self._frames = frames(self._container, self._stream)
        self._now_ms = -1

    def _find(self, start_ms: int, end_ms: int) -> tuple[int, Any] | None:
        best: tuple[float, int, Any] | None = None
        for at_ms, frame in self._frames:
            self._now_ms = at_ms
            if at_ms > end_ms:
                break
            if at_ms >= start_ms:
                sharp = sharpness(frame.to_ndarray(format="gray"))
                if best is None or sharp > best[0]:
                    best = sharp, at_ms, frame
        return best and best[1:]


def _jpeg(frame: Any, pixel_aspect: float) -> bytes:
    """Upright, with square pixels."""
    if turns := round(frame.rotation / 90) % 4:
        upright = np.rot90(frame.to_ndarray(format="rgb24"), turns)
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(upright), format="rgb24")
        pixel_aspect = 1 / pixel_aspect if turns % 2 else pixel_aspect
    wide = frame.width * pixel_aspect
    scale = min(1.0, WIDTH / wide)
    return as_jpeg(frame, _even(wide * scale), _even(frame.height * scale))


def _even(length: float) -> int:
    return max(2, round(length / 2) * 2)

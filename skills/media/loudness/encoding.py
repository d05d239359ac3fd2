"""Writes sound, and the video that belongs to it as it is, to a file that browsers play."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import av

from skills.media.errors import RecordingError
from skills.media.probing import is_picture, opened

BIT_RATE = 128_000
"""Of stereo sound; speech is transparent well below it."""
_CONTAINERS = {"h264": "mp4", "hevc": "mp4", "av1": "mp4", "vp8": "webm", "vp9": "webm"}
"""By what the video is encoded as: what browsers play, at least most of them."""
_SOUND = {"mp4": "aac", "webm": "libopus"}
MEDIA_TYPES = {"mp4": "video/mp4", "webm": "video/webm"}


def container_for(video_codec: str) -> str:
    """FFmpeg's name of the container; RecordingError(`recording_codec`). Sound alone goes into MP4."""
    if not video_codec:
        return "mp4"
    if video_codec not in _CONTAINERS:
        raise RecordingError("recording_codec", f"Browsers do not play video in {video_codec}")
    return _CONTAINERS[video_codec]


class Encoder:
    """Takes stereo float frames of one rate, and writes them beside the video of `source`, in order of time."""

    def __init__(self, source: Path, target: Path, rate: int) -> None:
        self._stack = contextlib.ExitStack()
        self._rate = rate
        self._target = target
        self._source: Any = self._stack.enter_context(opened(source))
        video = next((one for one in self._source.streams.video if not is_picture(one)), None)
        kind = container_for(video.codec_context.codec.canonical_name if video is not None else "")
        options = {"movflags": "+faststart"} if kind == "mp4" else {}
        try:
            out: Any = self._stack.enter_context(av.open(str(target), "w", format=kind, options=options))
        except OSError as error:
            raise self._failed(error) from error
        self._out = out
        self._sound = out.add_stream(_SOUND[kind], rate=rate, layout="stereo")
        self._sound.bit_rate = BIT_RATE
        self._video = out.add_stream_from_template(video) if video is not None else None
        self._pictures: Iterator[Any] = self._source.demux(video) if video is not None else iter(())
        self._next: Any = None
        self._shift = Fraction(0)
        if video is not None:
            audio = self._source.streams.audio[0]
            # Sound is numbered from 0 on: what it began later than the video, the video begins earlier.
            self._shift = Fraction(audio.start_time or 0) * audio.time_base
            self._advance()
        self._samples = 0

    def add(self, frame: Any) -> None:
        """Write a frame, and the video up to it."""
        frame.pts, frame.time_base = self._samples, Fraction(1, self._rate)
        self._samples += frame.samples
        try:
            self._out.mux(self._sound.encode(frame))
            self._write_video(Fraction(self._samples, self._rate))
        except av.FFmpegError as error:
            raise self._failed(error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._out.mux(self._sound.encode(None))
                self._write_video(None)
            self._stack.close()
        except av.FFmpegError as failure:
            raise self._failed(failure) from failure

    def _write_video(self, until: Fraction | None) -> None:
        """Copy the video's packets, those up to a time in seconds, or all."""
        while self._next is not None and (until is None or self._time(self._next) <= until):
            packet = self._next
            shift = int(self._shift / packet.time_base)
            packet.pts = None if packet.pts is None else packet.pts - shift
            packet.dts -= shift
            packet.stream = self._video
            self._out.mux(packet)
            self._advance()

    def _advance(self) -> None:
        self._next = next((packet for packet in self._pictures if packet.dts is not None), None)

    def _time(self, packet: Any) -> Fraction:
        return Fraction(packet.dts) * Fraction(packet.time_base) - self._shift

    def _failed(self, error: Exception) -> RecordingError:
        message = f"{self._target.name} cannot be written: {error}"
        return RecordingError("recording_not_written", message, retryable=True)

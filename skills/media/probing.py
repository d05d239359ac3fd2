"""What a file of unknown origin holds: whether it is a recording at all, how long it is, and what it says of itself."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import av

from skills.media.captions.transcript import clean
from skills.media.errors import RecordingError
from voice.audio import FORMATS

MAX_SECONDS = 86_400
"""No item may be longer."""
MAX_SIDE = 8_192
"""Pixels of a picture's side, and of a video's."""
MAX_TAG = 5_000
"""Characters of one tag."""
_TRIED = 64
"""Packets that are decoded until a track shows that it can be."""


@dataclass(frozen=True)
class Probe:
    """A sound recording. `video_codec` is empty for audio, also for audio with a picture in it, which is `artwork`.

    `tags` have names in small letters; `container` is FFmpeg's name of the format.
    """

    duration_ms: int
    container: str
    audio_codec: str
    sample_rate: int
    channels: int
    video_codec: str
    tags: Mapping[str, str]
    artwork: bytes

    @property
    def medium(self) -> Literal["audio", "video"]:
        """Whether there is something to watch."""
        return "video" if self.video_codec else "audio"


def probe(path: Path) -> Probe:
    """Look into a file, and decode a little of its sound to see that it is there.

    Raises RecordingError: `recording_unreadable`, `recording_empty`, `recording_silent` (no sound track),
    `recording_too_long`.
    """
    with opened(path) as container:
        audio = _first_audio(container)
        video = next((one for one in container.streams.video if not is_picture(one)), None)
        if video is not None and max(video.codec_context.width, video.codec_context.height) > MAX_SIDE:
            raise RecordingError("recording_unreadable", f"The video has sides of more than {MAX_SIDE:,} pixels")
        tags, artwork = _tags(container, audio), _artwork(container)
        _try_out(container, audio)
        length_ms = _duration_ms(container, audio)
        found = Probe(
            length_ms,
            container.format.name,
            audio.codec_context.codec.canonical_name,
            audio.codec_context.sample_rate,
            audio.codec_context.channels,
            video.codec_context.codec.canonical_name if video is not None else "",
            tags,
            artwork,
        )
    if not found.duration_ms:
        found = _measured(path, found)
    if found.duration_ms > 1000 * MAX_SECONDS:
        raise RecordingError("recording_too_long", f"The recording is longer than {MAX_SECONDS // 3600} hours")
    return found


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Any]:
    """The open container; whatever FFmpeg says of it is a RecordingError(`recording_unreadable`)."""
    try:
        if path.stat().st_size == 0:
            raise RecordingError("recording_empty", "The file is empty")
        with av.open(str(path), "r", metadata_errors="replace", options={"format_whitelist": FORMATS}) as container:
            yield container
    except (av.FFmpegError, OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise RecordingError("recording_unreadable", f"This is no recording, or a badly damaged one: {why}") from error


def _first_audio(container: Any) -> Any:
    if not container.streams.audio:
        what = "a video without sound" if container.streams.video else "no recording"
        raise RecordingError("recording_silent", f"There is nothing to hear: this is {what}")
    return container.streams.audio[0]


def is_picture(stream: Any) -> bool:
    """Whether it is a cover rather than a video."""
    return bool(stream.disposition & av.stream.Disposition.attached_pic)


def _artwork(container: Any) -> bytes:
    """The first cover that there is; it stands in the file as a packet of its own."""
    for stream in container.streams.video:
        if is_picture(stream):
            with contextlib.suppress(av.FFmpegError, StopIteration):
                return bytes(next(container.demux(stream)))
    return b""


def _tags(container: Any, audio: Any) -> dict[str, str]:
    """Those of the file, and of its sound track where the file has none: Ogg has them there."""
    written = {**audio.metadata, **container.metadata}
    return {name.lower(): clean(text[:MAX_TAG]) for name, text in written.items() if clean(text[:MAX_TAG])}


def _try_out(container: Any, audio: Any) -> None:
    """See that something of the sound can be decoded."""
    container.seek(0)
    for number, packet in enumerate(container.demux(audio)):
        with contextlib.suppress(av.FFmpegError):
            if any(frame.samples for frame in packet.decode()):
                return
        if number >= _TRIED:
            break
    raise RecordingError("recording_empty", "Its sound track holds no sound")


def _duration_ms(container: Any, audio: Any) -> int:
    """As the file says; 0 where it does not, as in a recording that was streamed."""
    if audio.duration is not None and audio.time_base is not None:
        return max(0, round(float(audio.duration * audio.time_base) * 1000))
    return max(0, (container.duration or 0) // (av.time_base // 1000))


def _measured(path: Path, found: Probe) -> Probe:
    """With the length that its packets have."""
    end = 0.0
    with opened(path) as container:
        audio = _first_audio(container)
        for packet in container.demux(audio):
            if packet.pts is not None and packet.time_base is not None:
                end = max(end, float((packet.pts + (packet.duration or 0)) * packet.time_base))
    if end <= 0:
        raise RecordingError("recording_empty", "Its sound track has no length")
    return Probe(
        round(end * 1000), found.container, found.audio_codec, found.sample_rate, found.channels, found.video_codec,
        found.tags, found.artwork,
    )  # fmt: skip

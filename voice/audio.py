"""Sound from anywhere as 16 kHz mono samples, and sound to files, through PyAV."""

from __future__ import annotations

import contextlib
import io
import os
import tempfile
import wave
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Literal

import av
import numpy as np
from numpy.typing import NDArray

from voice.errors import AudioError

RATE = 16_000
MIN_SECONDS = 0.02
"""Less than one analysis window of any recogniser."""
MAX_PIPE_BYTES = 256 * 1024 * 1024
"""A source that cannot seek is read into memory, up to here."""
FORMATS = "wav,w64,aiff,au,caf,flac,mp3,aac,ac3,amr,ogg,matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,avi,flv,asf,mpegts,mpeg"
"""Containers that are opened. Playlists (HLS, concat) are not: they name other files and addresses to be read."""
Source = Path | bytes | BinaryIO
Codec = Literal["mp3", "m4a"]
_ENCODERS: dict[str, tuple[str, str, int]] = {"mp3": ("libmp3lame", "mp3", 64_000), "m4a": ("aac", "mp4", 64_000)}
"""Encoder, container and bits per second; `mp4` is what the file type m4a is."""


@dataclass(frozen=True)
class Audio:
    """Decoded sound: one-dimensional int16 samples, `rate` of them a second."""

    samples: NDArray[np.int16]
    rate: int = RATE

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return len(self.samples) / self.rate

    @property
    def pcm(self) -> bytes:
        """The samples as 16-bit little-endian PCM."""
        return self.samples.astype("<i2", copy=False).tobytes()


def decode(source: Source, *, max_seconds: float) -> Audio:
    """Decode the first sound track of an audio or video file of any rate, channel count and format.

    A file that breaks off gives what is there. Nothing is decoded beyond `max_seconds`, and a file that names a
    longer duration is refused before decoding. Raises AudioError: `audio_missing`, `audio_empty`,
    `audio_unreadable`, `audio_no_stream`, `audio_truncated`, `audio_too_long`.
    """
    with _opened(source) as container:
        if not container.streams.audio:
            raise AudioError("audio_no_stream", "This file holds no sound")
        stream = container.streams.audio[0]
        if container.duration is not None and container.duration / av.time_base > max_seconds + 0.5:
            raise _too_long(max_seconds)
        parts: list[NDArray[np.int16]] = []
        count = 0
        for part in _samples(container, stream):
            parts.append(part)
            count += len(part)
            if count > max_seconds * RATE:
                raise _too_long(max_seconds)
    if count < MIN_SECONDS * RATE:
        raise AudioError("audio_truncated", "This file breaks off before any sound that could be used")
    return Audio(np.concatenate(parts))


def decode_pieces(path: Path) -> Iterator[NDArray[np.int16]]:
    """The same of a file of any length, piece by piece, so that only one of them is in memory.

    Raises AudioError: `audio_missing`, `audio_empty`, `audio_unreadable`, `audio_no_stream`.
    """
    with _opened(path) as container:
        if not container.streams.audio:
            raise AudioError("audio_no_stream", "This file holds no sound")
        yield from _samples(container, container.streams.audio[0])


def write_wav(target: Path | BinaryIO, pcm: bytes, rate: int) -> None:
    """Write 16-bit mono PCM as a WAV file: a path is written whole or not at all."""
    if isinstance(target, Path):
        with _replacing(target) as scratch, scratch.open("wb") as file:
            write_wav(file, pcm, rate)
        return
    with wave.open(target, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(rate)
        writer.writeframes(pcm)


def encode(path: Path, pcm: Iterable[bytes], rate: int, *, codec: Codec) -> None:
    """Write 16-bit mono PCM, given in chunks of any length, as a file browsers play; whole or not at all.

    Raises AudioError(`audio_not_written`) where the disk refuses or the encoder does not take the rate.
    """
    encoder, container_format, bit_rate = _ENCODERS[codec]
    with _replacing(path) as scratch:
        try:
            with av.open(str(scratch), "w", format=container_format) as container:
                stream: Any = container.add_stream(encoder, rate=rate, layout="mono")
                stream.bit_rate = bit_rate
                resampler = av.AudioResampler(format=stream.format.name, layout="mono", rate=rate)
                for frame in _frames(pcm, rate):
                    for converted in resampler.resample(frame):
                        container.mux(stream.encode(converted))
                for converted in resampler.resample(None):
                    container.mux(stream.encode(converted))
                container.mux(stream.encode(None))
        except (av.FFmpegError, ValueError) as error:
            raise AudioError("audio_not_written", f"{path} cannot be written as {codec}: {error}") from error


@contextlib.contextmanager
def _opened(source: Source) -> Iterator[Any]:
    """The open container, with what FFmpeg says of a bad file put in our own words."""
    try:
        if isinstance(source, Path):
            if source.stat().st_size == 0:
                raise AudioError("audio_empty", f"{source.name} is empty")
            file: Any = str(source)
        else:
            file = _seekable(source)
        container = av.open(file, "r", metadata_errors="replace", options={"format_whitelist": FORMATS})
    except OSError as error:
        if isinstance(error, av.FFmpegError):
            raise AudioError("audio_unreadable", "This is no sound file, or one that is badly damaged") from error
        raise AudioError("audio_missing", f"The sound file cannot be read: {error.strerror}") from error
    except (av.FFmpegError, ValueError) as error:
        raise AudioError("audio_unreadable", "This is no sound file, or one that is badly damaged") from error
    with container:
        yield container


def _seekable(source: bytes | BinaryIO) -> BinaryIO:
    """A file-like object FFmpeg can seek in; a pipe is read to its end first."""
    file = io.BytesIO(source) if isinstance(source, bytes) else source
    if not file.seekable():
        content = file.read(MAX_PIPE_BYTES + 1)
        if len(content) > MAX_PIPE_BYTES:
            raise AudioError("audio_too_long", "The recording is too large")
        file = io.BytesIO(content)
    if not file.read(1):
        raise AudioError("audio_empty", "There is no sound: nothing was received")
    file.seek(0)
    return file


def _samples(container: Any, stream: Any) -> Iterator[NDArray[np.int16]]:
    """16 kHz mono samples, until the end or until the file breaks off."""
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    with contextlib.suppress(av.FFmpegError):
        for packet in container.demux(stream):
            with contextlib.suppress(av.InvalidDataError):  # one damaged packet is not the end
                for frame in packet.decode():
                    for converted in resampler.resample(frame):
                        yield _mono(converted)
    with contextlib.suppress(av.FFmpegError, ValueError):
        for converted in resampler.resample(None):
            yield _mono(converted)


def _mono(frame: Any) -> NDArray[np.int16]:
    samples: NDArray[np.int16] = frame.to_ndarray().reshape(-1)
    return samples


def _frames(pcm: Iterable[bytes], rate: int) -> Iterator[Any]:
    position = 0
    odd = b""
    for chunk in pcm:
        sound = odd + chunk
        odd = sound[len(sound) & ~1 :]
        samples = np.frombuffer(sound, np.dtype("<i2"), len(sound) // 2)
        if len(samples):
            frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
            frame.sample_rate = rate
            frame.pts = position
            position += len(samples)
            yield frame


@contextlib.contextmanager
def _replacing(path: Path) -> Iterator[Path]:
    """A scratch file beside `path` that takes its place in the end, and goes away if anything fails."""
    scratch: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        os.close(descriptor)
        scratch = Path(name)
        yield scratch
        scratch.chmod(0o644)
        scratch.replace(path)
    except OSError as error:
        raise AudioError("audio_not_written", f"{path} cannot be written: {error.strerror}") from error
    finally:
        if scratch is not None:
            scratch.unlink(missing_ok=True)


def _too_long(max_seconds: float) -> AudioError:
    return AudioError("audio_too_long", f"The recording is longer than {max_seconds:g} seconds")

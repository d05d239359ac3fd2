"""Recordings made for tests: tones, silence, videos, broken files."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

Sound = NDArray[np.float64]


def a_tone(seconds: float, rate: int = 16_000, amplitude: float = 0.1) -> Sound:
    return amplitude * np.sin(2 * np.pi * 440 * np.arange(round(seconds * rate)) / rate)


def write_sound(
    path: Path, sound: Sound, rate: int = 16_000, *, channels: int = 1, tags: dict[str, str] | None = None
) -> None:
    """A file of the kind that its name says, the same in every channel."""
    codec = {".wav": "pcm_s16le", ".mp3": "libmp3lame", ".flac": "flac"}[path.suffix]
    with av.open(str(path), "w") as container:
        container.metadata.update(tags or {})
        stream: Any = container.add_stream(codec, rate=rate, layout="stereo" if channels == 2 else "mono")
        _write(container, stream, sound, rate)


def write_video(path: Path, sound: Sound | None, rate: int = 48_000, seconds: float = 4.0) -> None:
    """A moving picture in H.264, with the sound if there is any."""
    with av.open(str(path), "w") as container:
        pictures: Any = container.add_stream("libx264", rate=10)
        pictures.width, pictures.height, pictures.pix_fmt = 64, 48, "yuv420p"
        stream: Any = container.add_stream("aac", rate=rate, layout="mono") if sound is not None else None
        for number in range(round(10 * seconds)):
            image = np.full((48, 64, 3), number % 255, np.uint8)
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, 10)
            container.mux(pictures.encode(frame))
        container.mux(pictures.encode(None))
        if stream is not None:
            _write(container, stream, sound, rate)


def samples_of(path: Path, rate: int) -> Sound:
    """What a player hears: rows of channels, full scale is 1."""
    with av.open(str(path)) as container:
        resampler = av.AudioResampler(format="fltp", rate=rate)
        frames = [out.to_ndarray() for frame in container.decode(audio=0) for out in resampler.resample(frame)]
        frames += [out.to_ndarray() for out in resampler.resample(None)]
    return np.concatenate(frames, axis=1).astype(np.float64)


def _write(container: Any, stream: Any, sound: Any, rate: int) -> None:
    resampler = av.AudioResampler(format=stream.format.name, layout=stream.layout.name, rate=rate)
    pcm = (np.clip(sound, -1, 1) * 32767).astype("<i2")
    for start in range(0, len(pcm), 4096):
        part = np.repeat(pcm[start : start + 4096], stream.layout.nb_channels).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(part, format="s16", layout=stream.layout.name)
        frame.sample_rate, frame.pts = rate, start
        for one in resampler.resample(frame):
            container.mux(stream.encode(one))
    for one in resampler.resample(None):
        container.mux(stream.encode(one))
    container.mux(stream.encode(None))

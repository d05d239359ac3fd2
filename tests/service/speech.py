"""Questions spoken by flite, a voice engine that the product does not use, and sound in the forms people send it."""

from __future__ import annotations

import io
import subprocess
import tempfile
import wave
from functools import cache
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

QUESTION = "find me a talk about black holes"
FOUND = "Falling Into a Black Hole"
RATE = 16_000


@cache
def say(text: str = QUESTION, voice: str = "awb") -> bytes:
    """A WAV file of `text`, 16 kHz mono."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "said.wav"
        subprocess.run(["flite", "-voice", voice, "-t", text, "-o", path], check=True, timeout=30)
        return path.read_bytes()


def samples(sound: bytes, rate: int = RATE) -> NDArray[np.int16]:
    """Any sound file as mono samples."""
    resampler = av.AudioResampler(format="s16", layout="mono", rate=rate)
    parts: list[NDArray[np.int16]] = []
    with av.open(io.BytesIO(sound), "r") as container:
        for frame in [*container.decode(audio=0), None]:
            parts += [part.to_ndarray().reshape(-1).astype(np.int16) for part in resampler.resample(frame)]
    return np.concatenate(parts)


def noise(seconds: float, rate: int = RATE) -> NDArray[np.int16]:
    """A quiet room: about -66 dB."""
    return np.random.default_rng(0).normal(0, 16, int(seconds * rate)).astype(np.int16)


def in_a_room(sound: bytes, *, before: float, after: float, rate: int = RATE) -> NDArray[np.int16]:
    """A recording with a quiet room around it, in seconds."""
    return np.concatenate([noise(before, rate), samples(sound, rate), noise(after, rate)])


def full_scale(pcm: NDArray[np.int16]) -> NDArray[np.int16]:
    """As loud as a well set microphone records, which matters where a sample has 8 bits."""
    louder: NDArray[np.int16] = (pcm * (30_000 / np.abs(pcm).max())).astype(np.int16)
    return louder


def wav(pcm: NDArray[np.int16], rate: int = RATE) -> bytes:
    """Samples as a WAV file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(pcm.tobytes())
    return file.getvalue()


def encoded(pcm: NDArray[np.int16], container: str, codec: str, rate: int) -> bytes:
    """Samples at `rate` as a file of another kind."""
    file = io.BytesIO()
    with av.open(file, "w", format=container) as out:
        stream: Any = out.add_stream(codec, rate=rate, layout="mono")
        frame = av.AudioFrame.from_ndarray(pcm.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = rate
        resampler = av.AudioResampler(format=stream.format.name, layout="mono", rate=rate, frame_size=stream.frame_size)
        for source in (frame, None):
            for part in resampler.resample(source):
                out.mux(stream.encode(part))
        out.mux(stream.encode(None))
    return file.getvalue()


def loudness(pcm: NDArray[np.int16]) -> float:
    """Root mean square; speech is in the hundreds or thousands, silence near 0."""
    return float(np.sqrt(np.mean(pcm.astype(np.float64) ** 2)))

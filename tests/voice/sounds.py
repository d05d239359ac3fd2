"""Sound the tests are made of."""

from __future__ import annotations

import functools
import subprocess
import tempfile
from pathlib import Path

import numpy as np

from voice.audio import decode

RATE = 16_000


def silence(milliseconds: int) -> bytes:
    return bytes(2 * RATE * milliseconds // 1000)


def tone(milliseconds: int, *, rate: int = RATE, amplitude: int = 8_000) -> bytes:
    times = np.arange(rate * milliseconds // 1000) / rate
    return (amplitude * np.sin(2 * np.pi * 440 * times)).astype("<i2").tobytes()


@functools.cache
def flite(text: str, voice: str = "slt") -> bytes:
    """16 kHz PCM by a voice engine that is not the product's."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "speech.wav"
        subprocess.run(["flite", "-voice", voice, "-t", text, "-o", str(path)], check=True, timeout=30)
        return decode(path, max_seconds=60).pcm

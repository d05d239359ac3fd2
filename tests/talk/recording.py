"""A recording to be played: a tone of 880 Hz."""

from __future__ import annotations

import io
import wave

from tests.talk.soundcard import tone

RATE = 8_000


def recording(seconds: float) -> bytes:
    """A WAV file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(tone(880, seconds, RATE, 20_000).tobytes())
    return file.getvalue()

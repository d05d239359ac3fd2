"""The loudness of a file, by FFmpeg's ebur128: EBU R 128, ITU-R BS.1770-4, EBU Tech 3342."""

from __future__ import annotations

from pathlib import Path

from skills.media.errors import RecordingError
from skills.media.loudness.graph import Chain, Loudness, OnSeconds, sound

__all__ = ["Loudness", "measure"]


def measure(path: Path, on_seconds: OnSeconds = lambda _seconds: None) -> Loudness:
    """Measure the first sound track, in the channels that it has; some 150 times as fast as it plays.

    Raises RecordingError: `recording_unreadable`, `recording_silent`, `recording_empty`.
    """
    chain = None
    for frame in sound(path, on_seconds):
        chain = chain or Chain(frame)
        for _ in chain.push(frame):
            pass
    if chain is None:
        raise RecordingError("recording_empty", "Its sound track holds no sound")
    for _ in chain.push(None):
        pass
    return chain.loudness

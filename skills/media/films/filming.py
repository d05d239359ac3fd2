"""Pictures and sound as a WebM file that every browser plays: VP8 and Opus."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from skills.media.errors import RecordingError

RATE = 2
"""Frames a second; nothing moves."""
SOUND_RATE = 48_000
"""Opus knows no other of its kind."""
_QUICK = {"deadline": "realtime", "cpu-used": "8", "crf": "20", "g": "9999", "threads": "1"}


@dataclass(frozen=True)
class Shot:
    """A picture, rows of RGB pixels, that is seen from `start_ms` on until the next."""

    start_ms: int
    image: NDArray[np.uint8]


def film(path: Path, pcm: bytes, rate: int, shots: Sequence[Shot]) -> None:
    """Write shots, of which the first starts at 0, with 16-bit mono PCM; whole or not at all.

    Each begins with a whole picture, so that players get to it quickly. Raises RecordingError(`recording_not_written`).
    """
    scratch = path.with_name(f".{path.name}.new")
    try:
        with av.open(str(scratch), "w", format="webm") as container:
            _write(container, pcm, rate, shots)
        scratch.replace(path)
    except (av.FFmpegError, OSError, ValueError) as error:
        raise RecordingError("recording_not_written", f"{path} cannot be written: {error}") from error
    finally:
        scratch.unlink(missing_ok=True)


def _write(container: Any, pcm: bytes, rate: int, shots: Sequence[Shot]) -> None:
    pictures = container.add_stream("libvpx", rate=RATE, options=_QUICK)
    pictures.height, pictures.width = shots[0].image.shape[:2]
    pictures.pix_fmt, pictures.bit_rate = "yuv420p", 400_000
    sound = container.add_stream("libopus", rate=SOUND_RATE, layout="mono")
    sound.bit_rate = 64_000
    resampler = av.AudioResampler(format=sound.format.name, layout="mono", rate=SOUND_RATE)
    samples = np.frombuffer(pcm, np.dtype("<i2"))
    for number, (image, is_new) in enumerate(_frames(shots, len(samples) / rate)):
        frame = av.VideoFrame.from_ndarray(image, format="rgb24")
        frame.pts, frame.time_base = number, Fraction(1, RATE)
        if is_new:
            frame.pict_type = av.video.frame.PictureType.I
        container.mux(pictures.encode(frame))
        start = number * rate // RATE
        if len(part := samples[start : (number + 1) * rate // RATE]):
            heard = av.AudioFrame.from_ndarray(part.reshape(1, -1), format="s16", layout="mono")
            heard.sample_rate, heard.pts = rate, start
            for one in resampler.resample(heard):
                container.mux(sound.encode(one))
    for last in [*resampler.resample(None), None]:
        container.mux(sound.encode(last))
    container.mux(pictures.encode(None))


def _frames(shots: Sequence[Shot], seconds: float) -> list[tuple[NDArray[np.uint8], bool]]:
    """The picture of each frame, and whether it is another than before."""
    ends = [*(round(shot.start_ms * RATE / 1000) for shot in shots), int(seconds * RATE) + 1]
    counts = [end - start for start, end in pairwise(ends)]
    return [(shot.image, not place) for shot, count in zip(shots, counts, strict=True) for place in range(count)]

"""A recording as loud as all others, in a form that browsers play; the original stays as it is.

Two passes: what the meter says of the original gives the gain, and then gain, limiter and encoder make the new file.
It is measured in turn, since a limiter takes loudness away, and an encoder takes some and may raise peaks. Where that
is more than is allowed, the second pass is made again with gain and limit corrected by what was missing.

The limiter looks ahead at four times the sample rate, where the peaks between the samples show (ITU-R BS.1770-4,
annex 2).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from skills.media.errors import RecordingError
from skills.media.loudness.encoding import Encoder
from skills.media.loudness.graph import Chain, Loudness, OnSeconds, sound
from skills.media.loudness.meter import measure

RATE = 48_000
TOLERANCE_LU = 0.3
"""Distance from the target that is good enough: all of it, with what the encoder changes, stays within 0.5 LU."""
ROUNDS = 6
"""How often the second pass is made at most; one is usual, a quiet recording with loud clicks takes most."""
STEP_DB = 0.1
"""By so much more than it was too high the limit is lowered."""
HEADROOM_DB = 0.3
"""The limit of the first round lies this much below what is allowed, for the encoder."""
MAX_GAIN_DB = 40.0
"""Whatever is quieter yet is noise, and stays quieter."""


@dataclass(frozen=True)
class Aim:
    """How loud everything is to be: integrated loudness in LUFS, and the true peak below which it stays, in dBTP."""

    integrated: float = -16.0
    true_peak: float = -1.0

    def is_met(self, found: Loudness) -> bool:
        """Whether a recording may stay as it is."""
        return abs(found.integrated - self.integrated) <= TOLERANCE_LU and found.true_peak <= self.true_peak


@dataclass(frozen=True)
class Normalised:
    """Loudness before and after; `gain_db` is what all of it was raised by before the limiter."""

    before: Loudness
    after: Loudness
    gain_db: float


def normalise(
    source: Path, target: Path, aim: Aim, before: Loudness, on_seconds: OnSeconds = lambda _seconds: None
) -> Normalised:
    """Write `source`, which is as loud as `before`, to `target` as loud as the aim says: MP4, or WebM for VP8 and VP9.

    Silence stays silent. Raises RecordingError: `recording_unreadable`, `recording_codec` for a video that browsers do
    not play, `recording_not_written`.
    """
    gain = 0.0 if before.is_silent else min(MAX_GAIN_DB, aim.integrated - before.integrated)
    limit = aim.true_peak - HEADROOM_DB
    for _ in range(ROUNDS):
        _encode(source, target, _filters(gain, limit), on_seconds)
        after = measure(target, on_seconds)
        missing = 0.0 if after.is_silent else aim.integrated - after.integrated
        too_high = after.true_peak - aim.true_peak
        if too_high <= 0 and (abs(missing) <= TOLERANCE_LU or gain + missing > MAX_GAIN_DB):
            return Normalised(before, after, round(gain, 2))
        gain = min(MAX_GAIN_DB, gain + missing)
        limit -= too_high + STEP_DB if too_high > 0 else 0.0
    if too_high <= 0:
        return Normalised(before, after, round(gain, 2))
    raise RecordingError("recording_not_written", f"Its peaks stay above {aim.true_peak:g} dBTP however it is encoded")


def _encode(source: Path, target: Path, filters: tuple[tuple[str, str], ...], on_seconds: OnSeconds) -> None:
    with Encoder(source, target, RATE) as encoder:
        chain = None
        for frame in sound(source, on_seconds):
            chain = chain or Chain(frame, filters)
            for out in chain.push(frame):
                encoder.add(out)
        if chain is not None:
            for out in chain.push(None):
                encoder.add(out)


def _filters(gain: float, limit: float) -> tuple[tuple[str, str], ...]:
    """Stereo at 48 kHz, so that every meter and every player sees the same, raised, and limited at 192 kHz."""
    return (
        ("aformat", f"sample_fmts=fltp:sample_rates={RATE}:channel_layouts=stereo"),
        ("volume", f"volume={gain:.3f}dB:precision=float"),
        ("aresample", str(4 * RATE)),
        ("alimiter", f"limit={10 ** (limit / 20):.6f}:attack=5:release=80:level=disabled"),
        ("aresample", str(RATE)),
        ("aformat", f"sample_fmts=fltp:sample_rates={RATE}:channel_layouts=stereo"),
    )

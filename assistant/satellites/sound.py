"""Whatever PCM a satellite sends, in whatever order, as what recognisers take."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from assistant.errors import ServiceError
from voice.audio import RATE
from voice.resampler import Resampler

RATES = range(8_000, 48_001)
WIDTHS = range(1, 5)
CHANNELS = range(1, 3)

Format = tuple[int, int, int]
"""Samples per second, bytes per sample, channels."""


class PcmConverter:
    """Interleaved little-endian PCM of one format in, 16 kHz mono 16-bit PCM out. 8-bit samples are unsigned (WAV).

    Two channels become their mean.
    """

    def __init__(self, rate: int, width: int, channels: int) -> None:
        """Take samples per second, bytes per sample and channels.

        Raises:
            ServiceError: `audio_format`, not a format that speech comes in.
        """
        if rate not in RATES or width not in WIDTHS or channels not in CHANNELS:
            raise ServiceError(
                "audio_format",
                f"Sound has {RATES[0]} to {RATES[-1]} samples a second of 1 to 4 bytes, in 1 or 2 channels; "
                f"this has {rate} of {width} in {channels}.",
            )
        self.format: Format = rate, width, channels
        self._resampler = Resampler(rate, RATE)

    def convert(self, pcm: bytes) -> bytes:
        """Convert whole samples of all channels.

        Raises:
            ServiceError: `audio_invalid`, a sample is cut in two.
        """
        _, width, channels = self.format
        if len(pcm) % (width * channels):
            raise ServiceError("audio_invalid", f"A piece of sound ends within a sample of {width} bytes.")
        samples = _as_16_bit(pcm, width).reshape(-1, channels)
        mono = samples[:, 0] if channels == 1 else (samples.sum(axis=1, dtype=np.int32) // channels).astype("<i2")
        return self._resampler.resample(mono.tobytes())


class IncomingSound:
    """`audio-start`, `audio-chunk` and `audio-stop`: a stream of sound, or one error and silence until the next."""

    def __init__(self) -> None:
        self._converter: PcmConverter | None = None
        self._passing_over = False

    def start(self, sound: Format) -> None:
        """Begin a stream, and give up one that never ended.

        Raises:
            ServiceError: `audio_format`.
        """
        self.pass_over()
        self._converter, self._passing_over = PcmConverter(*sound), False

    def chunk(self, sound: Format, pcm: bytes) -> bytes:
        """16 kHz mono 16-bit PCM; nothing where the stream is passed over.

        Raises:
            ServiceError: `audio_not_started`, `audio_format_changed` or `audio_invalid`; the rest is passed over.
        """
        if self._passing_over:
            return b""
        try:
            if self._converter is None:
                raise _not_started()
            if sound != self._converter.format:
                raise ServiceError("audio_format_changed", "Sound keeps the format of its audio-start.")
            return self._converter.convert(pcm)
        except ServiceError:
            self.pass_over()
            raise

    def stop(self) -> bool:
        """Whether a stream ends here; False where it was passed over.

        Raises:
            ServiceError: `audio_not_started`.
        """
        whole, known = self._converter is not None, self._passing_over
        self._converter, self._passing_over = None, False
        if not whole and not known:
            raise _not_started()
        return whole

    def pass_over(self) -> None:
        """Take nothing more until the next stream."""
        self._converter, self._passing_over = None, True


def _as_16_bit(pcm: bytes, width: int) -> NDArray[np.int16]:
    """The two most significant bytes of each sample."""
    octets = np.frombuffer(pcm, np.uint8).reshape(-1, width)
    if width == 1:
        return ((octets[:, 0].astype(np.int16) - 128) * 256).astype("<i2")
    return np.ascontiguousarray(octets[:, -2:]).view("<i2").reshape(-1)


def _not_started() -> ServiceError:
    return ServiceError("audio_not_started", "Sound begins with audio-start.")

"""Sound of every format becomes the same sound, and no order of events breaks a stream."""

from typing import Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import ServiceError
from assistant.satellites.sound import Format, IncomingSound, PcmConverter

SECONDS = 0.5
HERTZ = 440
LOUDNESS = 0.5


def tone(rate: int, width: int, channels: int) -> bytes:
    """A sine in any format, as a WAV file has it."""
    wave = LOUDNESS * np.sin(2 * np.pi * HERTZ * np.arange(int(SECONDS * rate)) / rate)
    order: Literal["little"] = "little"
    if width == 1:
        samples = [int(128 + 127 * sample).to_bytes(1, order) for sample in wave]
    else:
        samples = [int(sample * (2 ** (8 * width - 1) - 1)).to_bytes(width, order, signed=True) for sample in wave]
    return b"".join(sample * channels for sample in samples)


@pytest.mark.parametrize("rate", [8_000, 11_025, 16_000, 22_050, 44_100, 48_000])
@pytest.mark.parametrize("width", [1, 2, 3, 4])
@pytest.mark.parametrize("channels", [1, 2])
def test_every_format_sounds_the_same(rate: int, width: int, channels: int) -> None:
    converter, pcm = PcmConverter(rate, width, channels), tone(rate, width, channels)
    step = width * channels * (rate // 50)
    sound = b"".join(converter.convert(pcm[at : at + step]) for at in range(0, len(pcm), step))
    samples = np.frombuffer(sound, "<i2").astype(float)
    assert len(samples) == pytest.approx(SECONDS * 16_000, abs=100)  # the resampler keeps a few for the next piece
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    assert np.argmax(spectrum) * 16_000 / len(samples) == pytest.approx(HERTZ, abs=3)
    assert np.sqrt(np.mean(samples**2)) == pytest.approx(LOUDNESS * 32_767 / np.sqrt(2), rel=0.02)


def test_two_channels_become_their_mean() -> None:
    loud = np.array([[30_000, 30_000], [30_000, -30_000], [-32_768, -32_768]], "<i2").tobytes()
    assert np.frombuffer(PcmConverter(16_000, 2, 2).convert(loud), "<i2").tolist() == [30_000, 0, -32_768]


@pytest.mark.parametrize(
    "sound",
    [
        (7_999, 2, 1),
        (48_001, 2, 1),
        (0, 2, 1),
        (-1, 2, 1),
        (16_000, 0, 1),
        (16_000, 5, 1),
        (16_000, 2, 0),
        (16_000, 2, 9),
    ],
)
def test_formats_that_no_speech_comes_in(sound: Format) -> None:
    with pytest.raises(ServiceError, match="Sound has 8000 to 48000") as raised:
        PcmConverter(*sound)
    assert raised.value.code == "audio_format"


def test_a_sample_cut_in_two() -> None:
    with pytest.raises(ServiceError) as raised:
        PcmConverter(16_000, 2, 2).convert(bytes(6))
    assert raised.value.code == "audio_invalid"


FORMATS = st.sampled_from([(16_000, 2, 1), (48_000, 2, 2), (5, 2, 1)])
STEPS = st.lists(st.tuples(st.just("start"), FORMATS) | st.tuples(st.just("chunk"), FORMATS) | st.just(("stop", None)))


@given(STEPS)
def test_a_stream_errs_once_at_most(steps: list[tuple[str, Format]]) -> None:
    """Whatever comes in whatever order: one error at most until a stream starts or stops, and then silence."""
    sound, erred = IncomingSound(), False
    for kind, form in steps:
        if kind == "start":
            erred = False
        try:
            if kind == "start":
                sound.start(form)
            elif kind == "chunk":
                taken = sound.chunk(form, bytes(12))
                assert not (erred and taken)
            elif sound.stop():
                assert not erred
        except ServiceError:
            erred_before, erred = erred, kind != "stop"
            assert not erred_before
        else:
            erred = erred and kind != "stop"

from __future__ import annotations

import contextlib
import io
import os
import time
import wave
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.voice.sounds import RATE, tone
from voice.audio import Codec, decode, encode, write_wav
from voice.errors import AudioError


def wav(pcm: bytes, *, rate: int = RATE, channels: int = 1, width: int = 2) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(channels)
        writer.setsampwidth(width)
        writer.setframerate(rate)
        writer.writeframes(pcm)
    return file.getvalue()


def loudest_hertz(samples: np.ndarray) -> float:
    return float(np.argmax(np.abs(np.fft.rfft(samples.astype(float)))) * RATE / len(samples))


def test_what_is_16_khz_mono_already_comes_back_sample_for_sample() -> None:
    pcm = tone(500)
    audio = decode(wav(pcm), max_seconds=1)
    assert audio.pcm == pcm
    assert (audio.rate, audio.seconds, audio.samples.dtype) == (16_000, 0.5, np.int16)


@pytest.mark.parametrize("codec", ["mp3", "m4a"])
def test_an_encoded_file_plays_the_same_tone_for_the_same_time(tmp_path: Path, codec: Codec) -> None:
    pcm = tone(2_000, rate=22_050)
    path = tmp_path / f"speech.{codec}"
    encode(path, [pcm[:1_001], pcm[1_001:50_000], pcm[50_000:]], 22_050, codec=codec)
    audio = decode(path, max_seconds=10)
    assert audio.seconds == pytest.approx(2.0, abs=0.06)
    assert loudest_hertz(audio.samples) == pytest.approx(440, abs=2)
    assert list(tmp_path.iterdir()) == [path]


def test_telephone_sound_of_8_bits_at_8_khz_in_stereo_is_understood() -> None:
    left = (128 + 100 * np.sin(2 * np.pi * 440 * np.arange(8_000) / 8_000)).astype(np.uint8)
    audio = decode(wav(np.repeat(left, 2).tobytes(), rate=8_000, channels=2, width=1), max_seconds=5)
    assert audio.seconds == pytest.approx(1.0, abs=0.01)
    assert loudest_hertz(audio.samples) == pytest.approx(440, abs=2)


def browser_recording(path: Path, seconds: int) -> None:
    """WebM as a browser's MediaRecorder makes it: written to a stream, so it cannot say how long it is."""
    with path.open("wb") as file, av.open(Unseekable(file), "w", format="webm") as container:
        stream = container.add_stream("libopus", rate=48_000, layout="mono")
        for index in range(50 * seconds):
            frame = av.AudioFrame.from_ndarray(np.full((1, 960), 1_000, np.int16), format="s16", layout="mono")
            frame.sample_rate, frame.pts = 48_000, 960 * index
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


class Unseekable:
    def __init__(self, file: io.BufferedWriter) -> None:
        self.write = file.write


def test_a_browser_recording_without_a_duration_is_decoded_and_limited(tmp_path: Path) -> None:
    path = tmp_path / "recording.webm"
    browser_recording(path, 3)
    with av.open(str(path)) as container:
        assert container.duration is None
    assert decode(path, max_seconds=10).seconds == pytest.approx(3, abs=0.05)
    with pytest.raises(AudioError) as caught:
        decode(path, max_seconds=2)
    assert caught.value.code == "audio_too_long"


def test_a_pipe_is_read_like_a_file() -> None:
    reading, writing = os.pipe()
    with os.fdopen(writing, "wb") as sender:
        sender.write(wav(tone(200)))
    with os.fdopen(reading, "rb") as receiver:
        assert decode(receiver, max_seconds=1).seconds == 0.2


def test_a_file_that_breaks_off_gives_what_is_there() -> None:
    assert decode(wav(tone(1_000))[:16_044], max_seconds=5).seconds == 0.5


def test_an_hour_is_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "hour.wav"
    path.write_bytes(wav(bytes(2 * RATE * 3_600)))
    begin = time.perf_counter()
    with pytest.raises(AudioError) as caught:
        decode(path, max_seconds=60)
    assert caught.value.code == "audio_too_long"
    assert str(caught.value) == "The recording is longer than 60 seconds"
    assert time.perf_counter() - begin < 1.0


def video_without_sound() -> bytes:
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width = stream.height = 64
        stream.pix_fmt = "yuv420p"
        container.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")))
        container.mux(stream.encode(None))
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "audio_empty"),
        (b"RIFF", "audio_unreadable"),
        (b"this is a letter, not a sound " * 100, "audio_unreadable"),
        (wav(tone(1_000))[:60], "audio_truncated"),
        (video_without_sound(), "audio_no_stream"),
        (b"#EXTM3U\n#EXTINF:1,\nfile:///etc/hostname\n#EXT-X-ENDLIST\n", "audio_unreadable"),
        (b"ffconcat version 1.0\nfile /etc/hostname\n", "audio_unreadable"),
    ],
    ids=["empty", "header only", "text", "truncated", "video", "playlist", "concat"],
)
def test_what_is_no_sound_is_named_for_what_it_is(content: bytes, code: str) -> None:
    with pytest.raises(AudioError) as caught:
        decode(content, max_seconds=60)
    assert caught.value.code == code


def test_missing_and_empty_files_and_folders_are_named(tmp_path: Path) -> None:
    (tmp_path / "empty.wav").touch()
    for path, code in (("none.wav", "audio_missing"), ("empty.wav", "audio_empty"), (".", "audio_unreadable")):
        with pytest.raises(AudioError) as caught:
            decode(tmp_path / path, max_seconds=60)
        assert caught.value.code == code


@given(st.binary(min_size=1, max_size=2_000), st.integers(0, 1_500))
@settings(max_examples=100, deadline=None)
def test_damage_anywhere_gives_sound_or_an_audio_error(noise: bytes, at: int) -> None:
    good = wav(tone(60))
    with contextlib.suppress(AudioError):
        audio = decode(good[:at] + noise + good[at + len(noise) :], max_seconds=5)
        assert 0 < audio.seconds <= 5


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "speech.mp3"
    path.write_bytes(b"old")

    def breaking() -> object:
        yield tone(100)
        raise RuntimeError("the voice is gone")

    with pytest.raises(RuntimeError, match="the voice is gone"):
        encode(path, breaking(), 22_050, codec="mp3")  # type: ignore[arg-type]
    with pytest.raises(AudioError) as caught:
        encode(path, [tone(100)], 12_345, codec="mp3")
    assert caught.value.code == "audio_not_written"
    with pytest.raises(AudioError):
        write_wav(path / "below a file.wav", b"", RATE)
    assert list(tmp_path.iterdir()) == [path]
    assert path.read_bytes() == b"old"

"""Every output is as loud as the aim says and its peaks stay below it, as another meter than ours finds."""

from pathlib import Path

import pytest

from skills.media.errors import RecordingError
from skills.media.loudness import Aim, measure, normalise
from skills.media.probing import probe
from tests.media.loud import RATE, SECONDS, SOUNDS, TIME, bs1770, tone, true_peak
from tests.media.recordings import samples_of, write_sound, write_video


@pytest.mark.parametrize("name", SOUNDS)
@pytest.mark.parametrize("channels", [1, 2])
def test_every_output_is_as_loud_as_the_next(name: str, channels: int, tmp_path: Path) -> None:
    source, target = tmp_path / "in.wav", tmp_path / "out.m4a"
    write_sound(source, SOUNDS[name](), RATE, channels=channels)
    done = normalise(source, target, Aim(), measure(source))
    heard = samples_of(target, RATE)
    assert abs(bs1770(heard) - -16) < 0.5
    assert true_peak(heard) < -1.0
    assert abs(done.after.integrated - bs1770(heard)) < 0.1
    assert abs(probe(target).duration_ms - 1000 * SECONDS) < 50


def test_the_meter_agrees_with_the_standard(tmp_path: Path) -> None:
    """EBU Tech 3341: a stereo sine of 1 kHz at -23 dBFS in each channel has -23 LUFS."""
    path = tmp_path / "ebu.wav"
    write_sound(path, tone(10 ** (-23 / 20), 1000.0), RATE, channels=2)
    found = measure(path)
    assert found.integrated == pytest.approx(-23.0, abs=0.1)
    assert found.range == pytest.approx(0.0, abs=0.1)
    assert found.true_peak == pytest.approx(-23.0, abs=0.2)


def test_silence_stays_silent(tmp_path: Path) -> None:
    source, target = tmp_path / "in.wav", tmp_path / "out.m4a"
    write_sound(source, 0 * TIME, RATE)
    done = normalise(source, target, Aim(), measure(source))
    assert done.before.is_silent
    assert done.after.is_silent


def test_a_video_keeps_its_pictures_beside_the_sound(tmp_path: Path) -> None:
    source, target = tmp_path / "in.mp4", tmp_path / "out.mp4"
    write_video(source, tone(0.05)[: 4 * RATE], RATE)
    normalise(source, target, Aim(), measure(source))
    found = probe(target)
    assert (found.medium, found.video_codec) == ("video", probe(source).video_codec)
    assert found.duration_ms == pytest.approx(4000, abs=60)
    assert abs(bs1770(samples_of(target, RATE)) - -16) < 0.5


def test_what_is_no_recording_is_said_to_be_none(tmp_path: Path) -> None:
    path = tmp_path / "in.wav"
    path.write_bytes(b"RIFF\x00\x00\x00\x00WAVEnonsense")
    with pytest.raises(RecordingError) as caught:
        measure(path)
    assert caught.value.code in ("recording_unreadable", "recording_silent")

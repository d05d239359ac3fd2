"""Every output is as loud as the aim says and its peaks stay below it, as another meter than ours finds."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.signal import lfilter, resample_poly

from skills.media.errors import RecordingError
from skills.media.loudness import Aim, measure, normalise
from skills.media.probing import probe
from tests.media.recordings import samples_of, write_sound, write_video

RATE = 48_000
SECONDS = 12
Sound = NDArray[np.float64]
TIME = np.arange(RATE * SECONDS) / RATE


def tone(amplitude: float, frequency: float = 997.0) -> Sound:
    return amplitude * np.sin(2 * np.pi * frequency * TIME)


def speech_like() -> Sound:
    """Syllables of coloured noise with pauses between the sentences."""
    noise = lfilter([1.0], [1.0, -0.9], np.random.default_rng(1).normal(size=len(TIME)))
    syllables = np.clip(np.sin(2 * np.pi * 4 * TIME), 0, 1) * (np.sin(2 * np.pi * 0.25 * TIME) > -0.6)
    return 0.02 * syllables * noise


def music_like() -> Sound:
    """A chord, and drums whose peaks are far above it."""
    chord = sum(0.05 * np.sin(2 * np.pi * pitch * TIME) for pitch in (110, 220, 330, 441, 660))
    drums = 0.8 * np.exp(-30 * (2 * TIME % 1)) * np.random.default_rng(2).normal(size=len(TIME))
    return np.clip(chord + drums, -1, 1)


def intersample_peaks() -> Sound:
    """A quarter of the sample rate, out of phase: its true peak is 3 dB above every sample."""
    return 0.9 * np.sin(2 * np.pi * RATE / 4 * TIME + np.pi / 4)


SOUNDS: dict[str, Callable[[], Sound]] = {
    "a quiet tone": lambda: tone(0.01),
    "a loud tone": lambda: tone(0.99),
    "speech": speech_like,
    "music": music_like,
    "peaks between samples": intersample_peaks,
}


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


def bs1770(samples: Sound) -> float:
    """Integrated loudness by ITU-R BS.1770-4, written down from the standard, of rows of channels at 48 kHz."""
    shelf = lfilter(
        [1.53512485958697, -2.69169618940638, 1.19839281085285], [1.0, -1.69065929318241, 0.73248077421585], samples
    )
    weighted = lfilter([1.0, -2.0, 1.0], [1.0, -1.99004745483398, 0.99007225036621], shelf)
    block, step = RATE * 4 // 10, RATE // 10
    energies = np.array(
        [
            (weighted[:, start : start + block] ** 2).mean(axis=1).sum()
            for start in range(0, weighted.shape[1] - block, step)
        ]
    )
    loud = energies[_lufs(energies) > -70]
    return float(_lufs(loud[_lufs(loud) > _lufs(loud.mean()) - 10].mean()))


def _lufs(energy: NDArray[np.float64]) -> NDArray[np.float64]:
    return -0.691 + 10 * np.log10(np.maximum(energy, 1e-12))


def true_peak(samples: Sound) -> float:
    """At eight times the sample rate, dB."""
    return float(20 * np.log10(np.abs(resample_poly(samples, 8, 1, axis=1)).max()))

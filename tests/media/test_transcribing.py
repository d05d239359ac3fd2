"""What is said in long recordings is found where it is said, whatever lies between."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skills.media.peaks import COUNT, outline, waveform
from skills.media.transcripts import readable
from skills.media.transcripts.transcribing import MAX_MS, stretches, transcribe
from tests.media.recordings import a_tone, write_sound
from voice.audio import RATE, decode_pieces
from voice.errors import AudioError
from voice.pocketsphinx_engine import PocketsphinxDictation
from voice.synthesizer import EspeakSynthesizer

SENTENCES = (
    "The river carries sand to the sea.",
    "Nobody knows how deep the lake is.",
    "We will see you again on Monday.",
)
PAUSE_S = 2.0


@pytest.fixture(scope="module")
def spoken() -> tuple[np.ndarray, list[int], list[int]]:
    """Three sentences with pauses, as 16-bit samples, and the milliseconds at which each begins and ends."""
    synthesizer = EspeakSynthesizer()
    synthesizer.start()
    parts, starts, ends, now = [], [], [], 0.0
    try:
        for sentence in SENTENCES:
            speech = np.frombuffer(synthesizer.speak_all(sentence), "<i2")
            loud = np.flatnonzero(np.abs(speech) > 600)
            parts += [np.zeros(round(PAUSE_S * synthesizer.rate), "<i2"), speech]
            starts.append(round(1000 * (now + PAUSE_S + loud[0] / synthesizer.rate)))
            ends.append(round(1000 * (now + PAUSE_S + loud[-1] / synthesizer.rate)))
            now += PAUSE_S + len(speech) / synthesizer.rate
        return np.concatenate(parts), starts, ends
    finally:
        synthesizer.close()


def test_segments_begin_when_somebody_begins_to_speak(
    spoken: tuple[np.ndarray, list[int], list[int]], tmp_path: Path
) -> None:
    samples, starts, _ = spoken
    path = tmp_path / "talk.wav"
    write_sound(path, samples / 32768, 22_050)
    told: list[int] = []
    transcript = readable(transcribe(decode_pieces(path), PocketsphinxDictation(), told.append))
    begun = [segment.start_ms for segment in transcript.segments]
    assert all(min(abs(one - start) for one in begun) <= 300 for start in starts)
    assert told == sorted(told)


def test_every_sentence_is_within_a_stretch_and_pauses_are_not(
    spoken: tuple[np.ndarray, list[int], list[int]], tmp_path: Path
) -> None:
    samples, starts, ends = spoken
    path = tmp_path / "talk.wav"
    write_sound(path, samples / 32768, 22_050)
    found = [(one.start_ms, one.start_ms + len(one.pcm) * 1000 // (2 * RATE)) for one in stretches(decode_pieces(path))]
    assert all(first[1] <= second[0] for first, second in pairwise(found))
    assert all(begin - end <= MAX_MS for end, begin in found)
    for start, end in zip(starts, ends, strict=True):
        assert any(begin <= start and end <= until + 100 for begin, until in found)
    assert sum(until - begin for begin, until in found) < sum(
        end - start + 900 for start, end in zip(starts, ends, strict=True)
    )


def test_a_tone_says_nothing(tmp_path: Path) -> None:
    path = tmp_path / "tone.wav"
    write_sound(path, a_tone(5))
    assert transcribe(decode_pieces(path), PocketsphinxDictation()) == []


@given(st.lists(st.integers(0, 5_000), max_size=12))
def test_an_outline_is_the_same_however_the_sound_is_cut(lengths: list[int]) -> None:
    samples = np.random.default_rng(len(lengths)).integers(-32768, 32767, sum(lengths), np.int16)
    pieces = np.split(samples, np.cumsum(lengths)) if lengths else []
    peaks = outline(pieces)
    assert peaks == outline([samples])
    assert len(peaks) <= COUNT
    assert all(0 <= peak <= 255 for peak in peaks)
    loudest = int(np.abs(samples.astype(np.int32)).max()) if len(samples) else 0
    assert max(peaks, default=0) == min(255, loudest // 128)


def test_an_outline_shows_where_it_is_loud(tmp_path: Path) -> None:
    path = tmp_path / "half.wav"
    write_sound(path, np.concatenate([a_tone(60, amplitude=0.01), a_tone(60, amplitude=0.5)]))
    peaks = waveform(path)
    assert len(peaks) == COUNT
    assert max(peaks[:490]) < 10 < 100 < min(peaks[510:])


def test_what_has_no_sound_has_no_outline(tmp_path: Path) -> None:
    path = tmp_path / "text.wav"
    path.write_text("no sound")
    with pytest.raises(AudioError):
        waveform(path)

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from assistant.talk.mixer import DUCKED, FADE_S, Mixer

RATE = 8_000
FULL = np.full(RATE, 32_767, dtype=np.int16)
NOTHING = np.zeros(0, dtype=np.int16)

sounds = st.lists(st.integers(-32_768, 32_767), max_size=200).map(lambda values: np.array(values, dtype=np.int16))


@given(voice=sounds, sound=sounds, more=st.integers(0, 100), volume=st.integers(0, 100), ducked=st.booleans())
def test_the_mix_has_the_asked_length_and_is_never_further_from_silence_than_its_parts(
    voice: NDArray[np.int16], sound: NDArray[np.int16], more: int, volume: int, ducked: bool
) -> None:
    frames = max(len(voice), len(sound)) + more
    mixer = Mixer(RATE)
    mixer.volume, mixer.ducked = volume, ducked
    mixed = mixer.mix(voice, sound, frames)
    assert mixed.dtype == np.int16
    assert len(mixed) == frames
    most = np.zeros(frames)
    most[: len(voice)] += np.abs(voice.astype(float))
    most[: len(sound)] += np.abs(sound.astype(float))
    assert np.all(np.abs(mixed.astype(float)) <= np.minimum(most, 32_768))


@given(voice=sounds, volume=st.integers(0, 100), ducked=st.booleans())
def test_the_voice_is_untouched_by_the_players_volume(voice: NDArray[np.int16], volume: int, ducked: bool) -> None:
    mixer = Mixer(RATE)
    mixer.volume, mixer.ducked = volume, ducked
    assert np.array_equal(mixer.mix(voice, NOTHING, len(voice)), voice)


@given(changes=st.lists(st.tuples(st.integers(0, 100), st.booleans(), st.integers(1, 500)), max_size=10))
def test_the_volume_never_jumps_whatever_is_asked(changes: list[tuple[int, bool, int]]) -> None:
    """Between neighbouring frames the gain moves by no more than the fade allows, also across blocks."""
    mixer = Mixer(RATE)
    blocks = [mixer.mix(NOTHING, FULL[:1], 1)]
    for volume, ducked, frames in changes:
        mixer.volume, mixer.ducked = volume, ducked
        blocks.append(mixer.mix(NOTHING, FULL[:frames], frames))
    steps = np.abs(np.diff(np.concatenate(blocks).astype(float)))
    assert np.all(steps <= 32_767 / (FADE_S * RATE) + 1)


@given(volume=st.integers(0, 100), ducked=st.booleans())
def test_after_the_fade_the_volume_is_what_was_asked(volume: int, ducked: bool) -> None:
    mixer = Mixer(RATE)
    mixer.volume, mixer.ducked = volume, ducked
    mixed = mixer.mix(NOTHING, FULL, RATE)
    assert abs(mixed[-1] - 32_767 * volume / 100 * (DUCKED if ducked else 1)) <= 1


def test_loud_voice_over_loud_sound_is_clipped_and_does_not_wrap() -> None:
    mixer = Mixer(RATE, volume=100)
    assert mixer.mix(FULL, FULL, RATE).min() == 32_767

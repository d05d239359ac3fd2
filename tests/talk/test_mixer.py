from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from assistant.talk.mixer import DUCKED, FADE_S, VOICE_FADE_S, Mixer

RATE = 8_000
FULL = np.full(RATE, 32_767, dtype=np.int16)
NOTHING = np.zeros(0, dtype=np.int16)

sounds = st.lists(st.integers(-32_768, 32_767), max_size=200).map(lambda values: np.array(values, dtype=np.int16))


@given(
    voice=sounds, sound=sounds, tones=sounds, more=st.integers(0, 100), volume=st.integers(0, 100), ducked=st.booleans()
)
def test_the_mix_has_the_asked_length_and_is_never_further_from_silence_than_its_parts(
    voice: NDArray[np.int16],
    sound: NDArray[np.int16],
    tones: NDArray[np.int16],
    more: int,
    volume: int,
    ducked: bool,
) -> None:
    frames = max(len(voice), len(sound), len(tones)) + more
    mixer = Mixer(RATE)
    mixer.volume, mixer.sound_ducked, mixer.voice_ducked = volume, ducked, ducked
    mixed = mixer.mix(voice, sound, tones, frames)
    assert mixed.dtype == np.int16
    assert len(mixed) == frames
    most = np.zeros(frames)
    for part in (voice, sound, tones):
        most[: len(part)] += np.abs(part.astype(float))
    assert np.all(np.abs(mixed.astype(float)) <= np.minimum(most + 0.5, 32_768))


@given(voice=sounds, volume=st.integers(0, 100), ducked=st.booleans())
def test_the_voice_is_untouched_by_the_players_volume(voice: NDArray[np.int16], volume: int, ducked: bool) -> None:
    mixer = Mixer(RATE)
    mixer.volume, mixer.sound_ducked = volume, ducked
    assert np.array_equal(mixer.mix(voice, NOTHING, NOTHING, len(voice)), voice)


@given(changes=st.lists(st.tuples(st.integers(0, 100), st.booleans(), st.integers(1, 500)), max_size=10))
def test_the_volume_never_jumps_whatever_is_asked(changes: list[tuple[int, bool, int]]) -> None:
    """Between neighbouring frames the gain moves by no more than the fade allows, also across blocks."""
    for is_voice, fade_s in ((False, FADE_S), (True, VOICE_FADE_S)):
        mixer = Mixer(RATE)
        blocks = []
        for volume, ducked, frames in [(60, False, 1), *changes]:
            mixer.volume, mixer.sound_ducked, mixer.voice_ducked = volume, ducked, ducked
            voice, sound = (FULL[:frames], NOTHING) if is_voice else (NOTHING, FULL[:frames])
            blocks.append(mixer.mix(voice, sound, NOTHING, frames))
        steps = np.abs(np.diff(np.concatenate(blocks).astype(float)))
        assert np.all(steps <= 32_767 / (fade_s * RATE) + 1)


@given(volume=st.integers(0, 100), ducked=st.booleans())
def test_after_the_fade_the_volume_is_what_was_asked(volume: int, ducked: bool) -> None:
    mixer = Mixer(RATE)
    mixer.volume, mixer.sound_ducked = volume, ducked
    mixed = mixer.mix(NOTHING, FULL, NOTHING, RATE)
    assert abs(mixed[-1] - 32_767 * volume / 100 * (DUCKED if ducked else 1)) <= 1


def test_the_voice_is_turned_down_within_50_ms_of_somebody_speaking_into_it() -> None:
    mixer = Mixer(RATE)
    mixer.voice_ducked = True
    mixed = mixer.mix(FULL, NOTHING, NOTHING, RATE)
    assert abs(mixed[RATE // 20] - 32_767 * DUCKED) <= 1
    mixer.voice_ducked = False
    assert mixer.mix(FULL, NOTHING, NOTHING, RATE)[RATE // 20] == 32_767


def test_loud_voice_over_loud_sound_is_clipped_and_does_not_wrap() -> None:
    mixer = Mixer(RATE, volume=100)
    assert mixer.mix(FULL, FULL, FULL, RATE).min() == 32_767

"""What the benchmarks of listening do before they measure: domains, pauses, curves. Takes seconds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.coffee import Order, read_slots, sample_grammar, score
from benchmarks.end_of_turn import Outcome, delay_at, fixed_silence, scaled
from benchmarks.keeping import kept
from benchmarks.noise import mixed
from benchmarks.other_speech import OTHER_SPEECH
from benchmarks.pauses import LONGEST_MS, SHORTEST_MS, room_tone, splice
from benchmarks.replay import FRAME_BYTES, Track, replay
from benchmarks.utterances import ALL
from voice.activity import FRAME_MS, FRAME_SAMPLES, Activity
from voice.audio import RATE, Audio
from voice.end_of_turn import EndOfTurnOptions
from voice.recogniser import Word

GRAMMAR = {
    "context": {
        "expressions": {"order": ["[get me, I want] [a, an] $size:size $drink:drink with $milk:milk", "$drink:drink"]},
        "slots": {
            "size": ["small", "large"],
            "drink": ["latte", "iced coffee", "coffee"],
            "milk": ["milk", "soy milk"],
        },
    }
}
PHRASES = GRAMMAR["context"]["slots"]
SILENT = Audio(np.zeros(RATE, np.int16))


def test_sentences_of_a_grammar_can_be_read_back() -> None:
    """Nothing of the notation is left in them, every value comes up, and the same are drawn each time."""
    sentences = sample_grammar(GRAMMAR, 300)
    assert sentences == sample_grammar(GRAMMAR, 300)
    assert not any(sign in sentence for sentence in sentences for sign in "[],$:")
    slots = [read_slots(sentence, PHRASES) for sentence in sentences]
    assert all(found.keys() in ({"drink"}, {"size", "drink", "milk"}) for found in slots)
    for slot, values in PHRASES.items():
        assert {found[slot] for found in slots if slot in found} == set(values)


def test_an_order_is_right_only_as_a_whole() -> None:
    """A wrong, a missing and a superfluous slot each cost the order, and are named."""
    wanted = {"size": "small", "drink": "latte"}
    orders = [Order(str(number), SILENT, wanted) for number in range(4)]
    heard = ["a small latte", "a large latte", "a latte", "a small latte with milk"]
    found = score(orders, heard, PHRASES)
    assert found.accepted == (True, False, False, False)
    assert found.slots == {"size": (2, 4), "drink": (0, 4), "milk": (1, 0)}
    assert found.confusions == {("size", "small", "large"): 1, ("size", "small", "-"): 1, ("milk", "-", "milk"): 1}


@given(st.floats(-5, 30))
def test_noise_is_as_loud_as_was_asked_for(snr_db: float) -> None:
    dice = np.random.default_rng(1)
    speech = Audio((1_000 * np.sin(np.arange(RATE) / 20)).astype(np.int16))
    noise = dice.normal(0, 300, 3 * RATE).astype(np.int16)
    added = mixed(speech, noise, snr_db, dice).samples.astype(float) - speech.samples
    ratio = (speech.samples.astype(float) ** 2).mean() / max((added**2).mean(), 1e-9)
    assert 10 * np.log10(ratio) == pytest.approx(snr_db, abs=0.2)


@given(st.integers(0, 2**32 - 1), st.integers(2, 8))
def test_pauses_take_nothing_of_the_words_away(seed: int, count: int) -> None:
    """All that was said is there in its order, each pause has a documented length, and the end is where it is said."""
    dice = np.random.default_rng(seed)
    said = np.zeros(RATE * (count + 1), np.int16)
    words = []
    for number in range(count):
        start = RATE * (number + 1) // 2
        said[start : start + RATE // 4] = 1_000 + number
        words.append(Word(str(number), start * 1000 // RATE, (start + RATE // 4) * 1000 // RATE, 1.0))
    paused = splice(said, words, dice)
    loud = paused.pcm[paused.pcm > 0]
    assert loud.tolist() == said[said > 0].tolist()
    assert all(SHORTEST_MS <= pause <= LONGEST_MS for pause in paused.pauses_ms)
    last = np.flatnonzero(paused.pcm)[-1] * 1000 / RATE
    assert paused.speech_end_ms == pytest.approx(last, abs=1.5)


def test_one_word_has_no_place_for_a_pause() -> None:
    with pytest.raises(ValueError, match="one word"):
        splice(np.zeros(RATE, np.int16), [Word("stop", 0, 400, 1.0)], np.random.default_rng(0))


def test_the_room_is_where_it_is_quietest() -> None:
    said = np.full(RATE, 500, np.int16)
    said[4_000:8_000] = 3
    assert set(room_tone(said).tolist()) == {3}


def test_a_replay_ends_a_turn_after_the_silence_it_is_given() -> None:
    """With one fixed silence the real listener ends the recorded turn just that long after the speech."""
    frames = 120
    spoken = range(10, 40)
    activity = [Activity(float(number in spoken), FRAME_MS, number * FRAME_SAMPLES) for number in range(frames)]
    track = Track(bytes(2 * FRAME_SAMPLES * frames), activity, [0, 20_000], ["", "play"])
    for silence in (320, 640, 960):
        final = replay(track, fixed_silence(silence), None)
        assert final is not None
        assert final.speech_end_ms == spoken.stop * FRAME_MS
        assert silence <= final.heard_ms - final.speech_end_ms < silence + FRAME_MS + FRAME_BYTES // 32
        assert final.transcript.text == "play"
    whole, open_ended = (replay(track, scaled(1.0), lambda _, sure=sure: sure) for sure in (1.0, 0.0))  # type: ignore[misc]
    assert whole is not None
    assert open_ended is not None
    assert whole.heard_ms < open_ended.heard_ms


def test_scaling_scales_every_silence() -> None:
    """Whatever the words are, the silence that is waited for is so many times the usual one."""
    usual, twice = EndOfTurnOptions(), scaled(2.0)
    for sure in (0.0, 0.02, 0.3, 0.5, 0.9, 1.0):
        assert twice.silence_ms(sure) == pytest.approx(2 * usual.silence_ms(sure))


def test_the_delay_is_read_between_the_points_of_the_curve() -> None:
    curve = [Outcome(100, 10, (300,)), Outcome(100, 0, (900,)), Outcome(100, 4, (600,))]
    assert delay_at(0.05, curve) == pytest.approx(550)
    assert delay_at(0.04, curve) == pytest.approx(600)
    assert delay_at(0.5, curve) is None
    beaten = [Outcome(100, 4, (800,)), Outcome(100, 6, (700,))]
    assert delay_at(0.05, curve + beaten) == pytest.approx(550)


def test_other_speech_is_no_request() -> None:
    """None of it is also among what the product is asked for."""
    assert len(set(OTHER_SPEECH)) == len(OTHER_SPEECH) == 150
    assert not set(OTHER_SPEECH) & set(ALL)


def test_what_was_made_is_not_made_again(tmp_path: Path) -> None:
    made: list[int] = []

    def make() -> list[int]:
        made.append(1)
        return made

    file = tmp_path / "deep" / "kept.json"
    assert kept(file, make) == kept(file, make) == [1]
    assert list(file.parent.iterdir()) == [file]

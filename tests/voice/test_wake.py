"""Wake words: what is found, where it ended, what passes the gate, and that phrases from outside cannot do harm."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.voice.sounds import RATE, flite, silence
from voice.errors import ModelError, WakeError
from voice.features import log_mels, running_cmn
from voice.wake.calibration import threshold
from voice.wake.detector import WakeDetector
from voice.wake.features import Features
from voice.wake.gate import Gate
from voice.wake.micro import MicroDetector, trained_phrases
from voice.wake.network import SPOTTER, NetworkStream, load, unpack
from voice.wake.opening import open_detector
from voice.wake.phrase import find_phrase, ready_made
from voice.wake.spotter import Spotter
from voice.wake.tracker import REFRACTORY_FRAMES, SETTLE_FRAMES, Found, Tracker

OTHER_SPEECH = "what do you have on sourdough, and turn it up a little"


def noise(milliseconds: int) -> bytes:
    """A quiet room."""
    return np.random.default_rng(0).normal(0, 10, RATE * milliseconds // 1000).astype("<i2").tobytes()


def woken(detector: WakeDetector, sound: bytes, piece: int = 1280) -> list[tuple[int, int]]:
    """Where wake words were found."""
    found = [detector.process(sound[at : at + piece]) for at in range(0, len(sound), piece)]
    return [(wake.start, wake.end) for wake in found if wake]


DETECTORS = [
    pytest.param(lambda: Spotter(find_phrase("hey computer")), "hey computer", id="spotter"),
    pytest.param(lambda: MicroDetector("alexa"), "alexa", id="micro"),
]


@pytest.mark.parametrize(("make", "phrase"), DETECTORS)
def test_the_phrase_wakes_and_other_speech_does_not(make, phrase: str) -> None:
    """The end lies within a third of a second of the word's own; the start is less sure, for an h is like noise."""
    before, word, after = noise(3_000) + flite(OTHER_SPEECH, "rms") + noise(1_000), flite(phrase, "slt"), noise(1_500)
    detector = make()
    found = woken(detector, before + word + after)
    assert len(found) == 1
    start, end = found[0]
    assert len(before) / 2 - 0.5 * RATE < start < end
    assert abs(end - len(before + word) / 2) < 0.35 * RATE
    detector.close()


@pytest.mark.parametrize(("make", "phrase"), DETECTORS)
def test_it_wakes_again_after_a_reset(make, phrase: str) -> None:
    """Samples are counted on, so that the end can be found in a stream with gaps."""
    detector = make()
    sound = noise(1_000) + flite(phrase, "slt") + noise(1_500)
    first = woken(detector, sound)
    detector.reset()
    second = woken(detector, sound)
    assert len(first) == len(second) == 1
    assert second[0][1] - first[0][1] == pytest.approx(len(sound) // 2, abs=0.15 * RATE)


@pytest.mark.parametrize(("make", "phrase"), DETECTORS)
@pytest.mark.parametrize("sound", [silence(3_000), b"\x00\x80" * 32_000, b"\xff\x7f\x00\x80" * 16_000, b"", b"\x01"])
def test_no_sound_of_any_kind_wakes_or_breaks_it(make, phrase: str, sound: bytes) -> None:
    assert woken(make(), sound) == []


def test_pieces_of_any_length_give_the_same_wake_word() -> None:
    sound = noise(800) + flite("okay computer hey computer", "slt") + noise(1_000)
    whole = woken(Spotter(find_phrase("hey computer")), sound, len(sound))
    assert whole
    for piece in (333, 1280, 9_999):
        assert woken(Spotter(find_phrase("hey computer")), sound, piece) == whole


def test_features_and_network_on_a_stream_are_those_of_training() -> None:
    sound = np.frombuffer(flite(OTHER_SPEECH), "<i2")
    network = load()
    stream = Features(network.mean)
    pieces = [stream.process(sound[at : at + 700]) for at in range(0, len(sound), 700)]
    features = np.concatenate(pieces)
    assert features[:100] == pytest.approx(running_cmn(log_mels(sound), network.mean)[:100], abs=1e-3)
    network_stream = NetworkStream(network)
    in_pieces = np.concatenate([network_stream.process(piece) for piece in pieces])
    assert in_pieces == pytest.approx(NetworkStream(network).process(features), abs=1e-9)
    assert np.exp(in_pieces).sum(axis=1) == pytest.approx(1.0)


def test_what_was_said_before_the_wake_word_ended_never_passes_the_gate() -> None:
    """In one breath: the command comes out whole, and nothing of the sound before the word's end."""
    sound = noise(2_000) + flite("hey computer play something calm", "slt") + noise(500)
    gate = Gate(Spotter(find_phrase("hey computer")))
    for at in range(0, len(sound), 1280):
        opening = gate.process(sound[at : at + 1280])
        if opening:
            break
    assert opening
    heard = at + 1280
    assert opening.after == sound[2 * opening.wake.end : heard]
    assert 0.1 * RATE < len(opening.after) / 2 < 0.8 * RATE


PHONES = ("SIL", "A", "B", "C")


def frames(text: str, sure: float = 3.0) -> list[np.ndarray]:
    """Log posteriors in which one phone after the other is likeliest; `.` is silence."""
    made = []
    for letter in text:
        frame = np.full(4, -sure)
        frame[PHONES.index("SIL" if letter == "." else letter)] = -0.1
        made.append(frame)
    return made


def tracked(text: str, chain: str = "ABC") -> list[Found]:
    tracker = Tracker(PHONES, [["SIL" if phone == "." else phone for phone in chain]], threshold=-0.5)
    return [found for frame in frames(text) if (found := tracker.step(frame))]


def test_the_tracker_finds_a_phrase_once_and_says_where() -> None:
    (found,) = tracked("...AABBCC" + "." * SETTLE_FRAMES)
    assert (found.start, found.end, found.score) == (3, 9, 0.0)


def test_a_pause_between_words_may_be_made_or_not() -> None:
    assert len(tracked("..AABB...CC.....", "AB.C")) == len(tracked("..AABBCC.....", "AB.C")) == 1
    assert not tracked("..AABB" + "." * 30 + "CC.....", "AB.C")


def test_a_phrase_that_is_gabbled_or_out_of_order_is_none() -> None:
    assert not tracked("..ABC......")
    assert not tracked("..AACCBB.....")
    assert not tracked("..AA....CC.....")


@given(st.lists(st.sampled_from(["AABBCC", "ABCABC", "....", "AAAA", "BC", "." * 40, "AABB.CC"]), max_size=12))
@settings(max_examples=60, deadline=None)
def test_whatever_is_said_wake_words_are_apart_and_in_order(parts: list[str]) -> None:
    """Starts come before ends, scores are at most 0, and after one there is none for a second."""
    text = "".join(parts)
    found = tracked(text)
    assert all(0 <= one.start < one.end <= len(text) and -0.5 <= one.score <= 0 for one in found)
    assert all(late.end - early.end > REFRACTORY_FRAMES for early, late in pairwise(found))


@given(st.text(max_size=60))
@settings(max_examples=60, deadline=None)
def test_what_is_no_phrase_is_refused_whatever_it_is(text: str) -> None:
    with pytest.raises(WakeError) as refused:
        find_phrase(text + "0")
    assert refused.value.code in ("wake_phrase_invalid", "wake_phrase_long")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "wake_phrase_invalid"),
        ("hallo wörld", "wake_phrase_invalid"),
        ("'", "wake_phrase_invalid"),
        ("hey", "wake_phrase_short"),
        ("a b c d e", "wake_phrase_long"),
        ("x" * 41, "wake_phrase_long"),
        ("responsibility internationalization", "wake_phrase_long"),
    ],
)
def test_phrases_that_cannot_wake_are_refused_in_words(text: str, code: str) -> None:
    with pytest.raises(WakeError) as refused:
        find_phrase(text)
    assert refused.value.code == code


def test_a_custom_phrase_is_pronounced_and_calibrated() -> None:
    """Common words get a threshold that is harder to reach than a phrase nobody says by chance."""
    phrase = find_phrase("  Open, SESAME! ")
    assert phrase.text == "open sesame"
    assert ("OW", "P", "AH", "N", "SIL", "S", "EH", "S", "AH", "M", "IY") in phrase.pronunciations
    assert phrase.threshold == threshold(phrase.pronunciations)
    assert threshold([["SIL", "DH", "AE", "T", "AH", "N"]]) > phrase.threshold


def test_each_phrase_is_listened_for_by_the_engine_that_hears_it_best() -> None:
    for phrase in ready_made():
        expected = MicroDetector if phrase.text in trained_phrases() else Spotter
        detector = open_detector(phrase.text.upper())
        assert isinstance(detector, expected)
        assert detector.phrase == phrase.text
        detector.close()


@pytest.mark.parametrize("damage", [slice(0), slice(3), slice(2_000), slice(50_000)])
def test_a_damaged_model_is_named(damage: slice) -> None:
    with pytest.raises(ModelError) as broken:
        unpack(SPOTTER.read_bytes()[damage])
    assert broken.value.code == "model_broken"

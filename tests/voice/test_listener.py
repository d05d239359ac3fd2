"""The listener on real speech: nothing is lost at either end, and a pause ends a turn only where a sentence does."""

from __future__ import annotations

import numpy as np
import pytest

from tests.voice.conftest import COMMANDS
from tests.voice.sounds import RATE, flite, silence, tone
from voice.activity import ActivityDetector
from voice.completeness import SentenceEnds
from voice.end_of_turn import EndReason
from voice.listener import Final, Listener, ListenEvent, Partial
from voice.phrasing import Phrasing
from voice.pocketsphinx_engine import PocketsphinxRecogniser

ENDS = SentenceEnds(Phrasing.of(*COMMANDS))


def listen(recogniser: PocketsphinxRecogniser, pcm: bytes) -> list[ListenEvent]:
    """The events of one utterance; sound that comes 20 ms at a time."""
    listener = Listener(recogniser, ActivityDetector(), completeness=ENDS)
    events: list[ListenEvent] = []
    for start in range(0, len(pcm), 640):
        events += listener.feed(pcm[start : start + 640])
    return events if listener.done else events + listener.finish()


def room(milliseconds: int) -> bytes:
    """A quiet room: a pause has no digital silence in it, for which recognisers find words."""
    return np.random.default_rng(0).normal(0, 16, RATE * milliseconds // 1000).astype("<i2").tobytes()


def final(events: list[ListenEvent]) -> Final:
    assert isinstance(events[-1], Final)
    return events[-1]


@pytest.mark.parametrize("text", ["find me a talk about black holes", "play the second one"])
@pytest.mark.parametrize("voice", ["slt", "awb"])
def test_a_whole_command_ends_soon(recogniser: PocketsphinxRecogniser, text: str, voice: str) -> None:
    end = final(listen(recogniser, silence(500) + flite(text, voice) + silence(1_500)))
    assert end.transcript.text == text
    assert end.speech_end_ms is not None
    assert end.heard_ms - end.speech_end_ms < 300


@pytest.mark.parametrize("pause_ms", [300, 700])
def test_a_pause_after_a_preposition_does_not_end_it(recogniser: PocketsphinxRecogniser, pause_ms: int) -> None:
    text = "find me a talk about black holes"
    spoken = room(500) + flite(text) + room(1_500)
    about = final(listen(recogniser, spoken)).transcript.words[-3]
    cut = about.end_ms * 2 * RATE // 1000
    assert about.text == "about"
    end = final(listen(recogniser, spoken[:cut] + room(pause_ms) + spoken[cut:]))
    assert end.speech_end_ms is not None
    assert end.speech_end_ms > about.end_ms + pause_ms + 400, "the last two words belong to the turn"


def test_who_never_goes_on_is_answered_all_the_same(recogniser: PocketsphinxRecogniser) -> None:
    end = final(listen(recogniser, silence(500) + flite("find me a") + silence(3_000)))
    assert end.reason is EndReason.SILENCE
    assert end.speech_end_ms is not None
    assert 608 < end.heard_ms - end.speech_end_ms <= 928 + 64


@pytest.mark.parametrize("gain", [1.0, 0.05])
@pytest.mark.parametrize("voice", ["slt", "rms", "awb"])
def test_first_syllables_are_kept(recogniser: PocketsphinxRecogniser, voice: str, gain: float) -> None:
    """Soft onsets ("what", "find", "help") begin well before the detector is sure."""
    for text in ("what is playing", "find me a podcast about sleep", "help"):
        spoken = (np.frombuffer(flite(text, voice), "<i2") * gain).astype("<i2").tobytes()
        assert final(listen(recogniser, silence(700) + spoken + silence(1_500))).transcript.text == text


def test_speech_without_a_known_word_is_all_unknown(recogniser: PocketsphinxRecogniser) -> None:
    """Told apart from silence, which asks for another answer."""
    nobody = final(listen(recogniser, silence(8_500)))
    assert (nobody.transcript.text, nobody.transcript.unknown) == ("", 0.0)


@pytest.mark.parametrize(
    "sound",
    [
        tone(3_000),
        b"\xff\x7f" * 3 * RATE,
        b"\x00\x80" * 3 * RATE,
        b"\xff\x7f\x00\x80" * (3 * RATE // 2),
        silence(3_000),
    ],
    ids=["tone", "clipped", "constant", "square", "zeros"],
)
def test_sound_that_is_no_speech_gives_no_words(recogniser: PocketsphinxRecogniser, sound: bytes) -> None:
    events = listen(recogniser, sound + silence(1_500))
    assert not any(isinstance(event, Partial) and event.text for event in events)
    assert final(events).transcript.text == ""


def test_what_comes_after_the_end_changes_nothing(recogniser: PocketsphinxRecogniser) -> None:
    listener = Listener(recogniser, ActivityDetector(), completeness=ENDS)
    assert isinstance(listener.feed(silence(300) + flite("turn it up") + silence(1_500))[-1], Final)
    assert listener.feed(flite("turn it down")) == []
    assert listener.finish() == []
    listener.close()

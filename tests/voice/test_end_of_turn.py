from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.end_of_turn import (
    EndOfTurn,
    EndOfTurnOptions,
    EndReason,
    SpeechPaused,
    SpeechStarted,
    TurnEnded,
    TurnEvent,
)

FRAME = 32


def run(
    *stretches: tuple[float, int], settled: bool = False, options: EndOfTurnOptions | None = None
) -> list[TurnEvent]:
    turn = EndOfTurn(options or EndOfTurnOptions())
    events: list[TurnEvent] = []
    for probability, milliseconds in stretches:
        for _ in range(milliseconds // FRAME):
            events += turn.tick(probability, FRAME, settled=settled)
    return events


def test_a_sentence_begins_pauses_and_ends_after_the_silence() -> None:
    assert run((0.0, 320), (0.9, 960), (0.0, 1_280)) == [
        SpeechStarted(320),
        SpeechPaused(1_280),
        TurnEnded(EndReason.SILENCE, 1_280),
    ]


def test_settled_words_end_the_turn_sooner_but_never_at_once() -> None:
    assert run((0.9, 640), (0.0, 608)) == [SpeechStarted(0), SpeechPaused(640)]
    assert run((0.9, 640), (0.0, 416), settled=True)[-1] == TurnEnded(EndReason.SILENCE, 640)
    assert not any(isinstance(event, TurnEnded) for event in run((0.9, 640), (0.0, 384), settled=True))


def test_a_pause_for_thought_does_not_end_the_turn() -> None:
    events = run((0.9, 640), (0.0, 512), (0.9, 640), (0.0, 640))
    assert events[-1] == TurnEnded(EndReason.SILENCE, 1_792)
    assert sum(isinstance(event, SpeechPaused) for event in events) == 2


def test_a_click_is_no_speech() -> None:
    assert run((0.0, 320), (0.99, 64), (0.0, 640)) == []


def test_one_weak_frame_does_not_hide_the_start() -> None:
    assert run((0.9, 64), (0.1, 32), (0.9, 64)) == [SpeechStarted(0)]


def test_a_wavering_probability_between_the_thresholds_keeps_the_state() -> None:
    assert run((0.45, 4_000)) == []
    assert run((0.9, 320), (0.45, 4_000)) == [SpeechStarted(0)]


def test_nobody_speaking_ends_the_wait() -> None:
    assert run((0.1, 9_000)) == [TurnEnded(EndReason.NO_SPEECH, None)]


def test_who_never_stops_is_cut_off() -> None:
    assert run((0.9, 40_000))[-1] == TurnEnded(EndReason.MAX_LENGTH, 30_016)


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(1, 100), st.booleans()), max_size=300))
def test_whatever_the_frames_events_come_in_order_and_the_end_is_the_last(
    frames: list[tuple[float, int, bool]],
) -> None:
    turn = EndOfTurn(EndOfTurnOptions(no_speech_ms=2_000, max_turn_ms=3_000))
    events: list[TurnEvent] = []
    for probability, frame_ms, settled in frames:
        before = turn.ended
        new = turn.tick(probability, frame_ms, settled=settled)
        assert not (before and new)
        events += new
    starts = [event.at_ms for event in events if isinstance(event, SpeechStarted)]
    ends = [event for event in events if isinstance(event, TurnEnded)]
    assert len(starts) <= 1
    assert len(ends) <= 1
    assert turn.elapsed_ms <= 2_000 + 3_000 + 1_000 or not turn.ended
    if ends:
        assert events[-1] is ends[0]
        assert (ends[0].reason is EndReason.NO_SPEECH) == (not starts)
    if starts:
        assert isinstance(events[0], SpeechStarted)
        assert turn.speech_end_ms is not None
        assert starts[0] < turn.speech_end_ms <= turn.elapsed_ms


@given(st.lists(st.floats(0, 1), min_size=100, max_size=100))
def test_every_turn_ends(probabilities: list[float]) -> None:
    turn = EndOfTurn(EndOfTurnOptions(no_speech_ms=1_000, max_turn_ms=1_500))
    for probability in probabilities:
        turn.tick(probability, 32)
    assert turn.ended


@pytest.mark.parametrize("wrong", [{"end_threshold": 0.9}, {"settled_silence_ms": 0}, {"max_turn_ms": 0}])
def test_contradictory_options_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="must"):
        EndOfTurnOptions(**wrong)  # type: ignore[arg-type]

"""When a turn begins and ends: never without an end, and never sooner for being less complete."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.completeness import UNKNOWN
from voice.end_of_turn import EndOfTurn, EndOfTurnOptions, EndReason, SpeechStarted, TurnEnded, TurnEvent

FRAME = 32
WHOLE, HANGING = 1.0, 0.02
OPTIONS = EndOfTurnOptions()
PROBABILITIES = st.floats(0, 1)


def run(
    *stretches: tuple[float, int], completeness: float = UNKNOWN, options: EndOfTurnOptions = OPTIONS
) -> list[TurnEvent]:
    turn = EndOfTurn(options)
    frames = [probability for probability, milliseconds in stretches for _ in range(milliseconds // FRAME)]
    events = [turn.tick(probability, FRAME, completeness) for probability in frames]
    return [event for event in events if event]


def delay(completeness: float) -> int:
    """Milliseconds from the end of speech to the end of the turn."""
    turn = EndOfTurn()
    for probability in [0.9] * 20 + [0.0] * 100:
        event = turn.tick(probability, FRAME, completeness)
        if isinstance(event, TurnEnded):
            return turn.elapsed_ms - 20 * FRAME
    raise AssertionError("the turn never ended")


def test_a_sentence_begins_and_ends_after_the_silence() -> None:
    assert run((0.0, 320), (0.9, 960), (0.0, 1_280)) == [SpeechStarted(320), TurnEnded(EndReason.SILENCE, 1_280)]


def test_a_whole_sentence_ends_the_turn_sooner_and_a_hanging_one_later() -> None:
    assert (delay(WHOLE), delay(UNKNOWN), delay(HANGING)) == (160, 608, 1_088)


def test_a_pause_for_thought_does_not_end_the_turn() -> None:
    assert run((0.9, 640), (0.0, 512), (0.9, 640), (0.0, 640))[-1] == TurnEnded(EndReason.SILENCE, 1_792)


def test_words_that_turn_out_whole_in_the_silence_end_it_at_once() -> None:
    """Recognisers lag behind: the last word may become known when the silence has been long enough for it."""
    turn = EndOfTurn()
    for probability in [0.9] * 10 + [0.0] * 10:
        assert not isinstance(turn.tick(probability, FRAME, HANGING), TurnEnded)
    assert isinstance(turn.tick(0.0, FRAME, WHOLE), TurnEnded)


def test_a_click_is_no_speech() -> None:
    assert run((0.0, 320), (0.99, 64), (0.0, 640)) == []


def test_one_weak_frame_does_not_hide_the_start() -> None:
    assert run((0.9, 64), (0.1, 32), (0.9, 64)) == [SpeechStarted(0)]


def test_what_the_detector_remembers_of_speech_is_silence() -> None:
    """Kitchen noise scores in between for seconds after somebody has spoken; before that it starts no turn."""
    assert run((0.9, 320), (0.55, 4_000)) == [SpeechStarted(0), TurnEnded(EndReason.SILENCE, 320)]
    assert run((0.45, 4_000)) == []


def test_nobody_speaking_ends_the_wait() -> None:
    assert run((0.1, 9_000)) == [TurnEnded(EndReason.NO_SPEECH, None)]


def test_who_never_stops_is_cut_off() -> None:
    assert run((0.9, 40_000))[-1] == TurnEnded(EndReason.MAX_LENGTH, 30_016)


@given(st.lists(st.tuples(PROBABILITIES, st.integers(1, 100), PROBABILITIES), max_size=300))
def test_whatever_the_frames_events_come_in_order_and_the_end_is_the_last(
    frames: list[tuple[float, int, float]],
) -> None:
    turn = EndOfTurn(EndOfTurnOptions(no_speech_ms=2_000, max_turn_ms=3_000))
    events: list[TurnEvent] = []
    for probability, frame_ms, completeness in frames:
        before = turn.ended
        event = turn.tick(probability, frame_ms, completeness)
        assert not (before and event)
        events += [event] if event else []
    assert turn.elapsed_ms <= 2_000 + 3_000 + 1_000 or turn.ended
    match events:
        case []:
            assert turn.speech_start_ms is None
        case [SpeechStarted(at_ms=at_ms)] | [SpeechStarted(at_ms=at_ms), TurnEnded()]:
            assert turn.speech_end_ms is not None
            assert at_ms < turn.speech_end_ms <= turn.elapsed_ms
        case _:
            assert events == [TurnEnded(EndReason.NO_SPEECH, None)]


@given(st.lists(PROBABILITIES, min_size=100, max_size=100), PROBABILITIES)
def test_every_turn_ends(probabilities: list[float], completeness: float) -> None:
    turn = EndOfTurn(EndOfTurnOptions(no_speech_ms=1_000, max_turn_ms=1_500))
    for probability in probabilities:
        turn.tick(probability, FRAME, completeness)
    assert turn.ended


@given(PROBABILITIES, PROBABILITIES)
def test_less_complete_never_ends_sooner_and_both_stay_within_the_bounds(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert OPTIONS.silence_ms(low) >= OPTIONS.silence_ms(high)
    for completeness in (low, high):
        assert OPTIONS.complete_silence_ms <= OPTIONS.silence_ms(completeness) <= OPTIONS.incomplete_silence_ms


@given(st.lists(PROBABILITIES, max_size=60), PROBABILITIES)
def test_silence_instead_of_speech_never_makes_a_turn_longer(probabilities: list[float], completeness: float) -> None:
    """Once somebody has spoken, each frame that is silent instead lets the turn end as soon, or sooner."""
    ends = []
    for keep in (1.0, 0.0):
        turn = EndOfTurn()
        for probability in [0.9] * 4 + [keep * one for one in probabilities] + [0.0] * 40:
            turn.tick(probability, FRAME, completeness)
            if turn.ended:
                break
        assert turn.ended
        ends.append(turn.elapsed_ms)
    assert ends[1] <= ends[0]


@pytest.mark.parametrize(
    "wrong",
    [{"start_threshold": 0.0}, {"complete_silence_ms": 0}, {"usual_silence_ms": 2_000}, {"max_turn_ms": 0}],
)
def test_contradictory_options_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="must"):
        EndOfTurnOptions(**wrong)  # type: ignore[arg-type]

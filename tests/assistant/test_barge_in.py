"""Speaking into an answer: who means it stops it, and whoever does not leaves it as it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.channels.barge_in import BargeIn, BargeInOptions, Decision, Phase

DUCK, INTERRUPT, RESTORE = Decision.DUCK, Decision.INTERRUPT, Decision.RESTORE
OPTIONS = BargeInOptions()
TEXTS = ("", "[unk]", "no", "stop", "mm hm", "play the second one", "[unk] [unk]", "okay")

STEPS = st.lists(
    st.one_of(
        st.just(("speech",)),
        st.tuples(st.just("words"), st.sampled_from(TEXTS)),
        st.tuples(st.just("end"), st.sampled_from(TEXTS), st.floats(0, 1)),
        st.tuples(st.just("wait"), st.integers(0, 5_000)),
    ),
    max_size=60,
)


def run(barge_in: BargeIn, steps: list[tuple[object, ...]]) -> list[Decision]:
    """Take the steps, 50 ms between two."""
    now_ms, decisions = 0, []
    for step in steps:
        now_ms += 50
        match step:
            case ("speech",):
                decision = barge_in.on_speech(now_ms)
            case ("words", str(text)):
                decision = barge_in.on_words(text, now_ms)
            case ("end", str(text), float(unknown)):
                decision = barge_in.on_end(text, unknown)
            case ("wait", int(milliseconds)):
                now_ms += milliseconds
                decision = barge_in.on_time(now_ms)
        decisions += [decision] if decision else []
    return decisions


def test_words_that_stay_interrupt() -> None:
    assert run(BargeIn(), [("speech",), ("words", "stop"), ("wait", 150), ("wait", 50)]) == [DUCK, INTERRUPT]


def test_words_that_grow_count_from_the_first() -> None:
    steps: list[tuple[object, ...]] = [
        ("speech",),
        ("words", "play"),
        ("words", "play the"),
        ("words", "play the second"),
    ]
    assert run(BargeIn(), [*steps, ("wait", 60)]) == [DUCK, INTERRUPT]


def test_words_that_are_taken_back_do_not_interrupt() -> None:
    steps: list[tuple[object, ...]] = [
        ("speech",),
        ("words", "stop"),
        ("words", ""),
        ("wait", 1_000),
        ("words", "stop"),
    ]
    assert run(BargeIn(), steps) == [DUCK]


def test_a_short_command_interrupts_when_it_is_over() -> None:
    """It may end before its words have stood long enough, and be too short for a partial result to be believed."""
    assert run(BargeIn(), [("speech",), ("words", "no"), ("end", "no", 0.0)]) == [DUCK, INTERRUPT]


@pytest.mark.parametrize("text", ["", "[unk]", "mm hm", "okay", "yeah right"])
def test_coughs_strangers_and_nods_are_false_alarms(text: str) -> None:
    assert run(BargeIn(), [("speech",), ("words", text), ("wait", 500), ("end", text, 0.0)]) == [DUCK, RESTORE]


def test_words_among_much_that_is_unknown_are_a_false_alarm() -> None:
    assert run(BargeIn(), [("speech",), ("end", "play", 0.8)]) == [DUCK, RESTORE]


def test_yes_is_an_answer_where_something_was_asked() -> None:
    steps: list[tuple[object, ...]] = [("speech",), ("words", "yes"), ("end", "yes", 0.0)]
    assert run(BargeIn(), steps) == [DUCK, RESTORE]
    assert run(BargeIn(question=True), steps) == [DUCK, INTERRUPT]


def test_music_is_given_up_after_two_seconds_and_words_over_it_still_interrupt() -> None:
    steps: list[tuple[object, ...]] = [("speech",), ("wait", 1_999), ("wait", 1), ("words", "stop"), ("wait", 200)]
    assert run(BargeIn(), steps) == [DUCK, RESTORE, INTERRUPT]


def test_after_three_false_alarms_the_volume_stays() -> None:
    """An answer that is turned down and up all the time is harder to bear than one that stops late."""
    cough: list[tuple[object, ...]] = [("speech",), ("end", "", 0.0)]
    assert run(BargeIn(), cough * 5) == [DUCK, RESTORE] * 3
    assert run(BargeIn(), [*(cough * 5), ("speech",), ("words", "stop"), ("wait", 200)])[-1] is INTERRUPT


@given(STEPS, st.booleans())
def test_ducking_always_ends_and_an_interruption_is_final(steps: list[tuple[object, ...]], question: bool) -> None:
    barge_in = BargeIn(question)
    decisions = run(barge_in, [*steps, ("wait", OPTIONS.undecided_ms)])
    assert barge_in.phase is not Phase.DUCKED
    assert decisions.count(INTERRUPT) <= 1
    assert INTERRUPT not in decisions[:-1]
    ducked = False
    for decision in decisions:
        assert ducked is not (decision is DUCK) or decision is INTERRUPT
        ducked = decision is DUCK
    assert not ducked
    assert decisions.count(DUCK) <= OPTIONS.false_alarms + 1


@given(STEPS)
def test_nothing_known_never_interrupts(steps: list[tuple[object, ...]]) -> None:
    known = {"stop", "no", "play the second one"}
    assert INTERRUPT not in run(BargeIn(), [step for step in steps if not known.intersection(step)])

"""Reprompts: each says something else, they stop after two, and a false alarm says nothing."""

from __future__ import annotations

from string import Formatter

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.prompts import FILE, prompt
from assistant.reprompts import CLOSE, TRIES, Miss, after_miss
from skills.turn import Trigger

MISSES = st.sampled_from(Miss)


def row_of(misses: list[Miss], trigger: Trigger = Trigger.BUTTON) -> list[str | None]:
    """What is said after each of these misses in a row, by one who is asked again until nothing more is expected."""
    missed, asked, said = 0, True, []
    for miss in misses:
        reprompt = after_miss(missed, miss, trigger, asked=asked)
        missed, asked = reprompt.missed, reprompt.expects_reply
        said.append(reprompt.prompt)
    return said


def test_no_input_and_no_match_differ_and_so_do_the_first_and_the_second_time() -> None:
    rows = [row_of([miss] * 3) for miss in Miss]
    assert rows == [
        ["no_input", "no_input_again", CLOSE],
        ["no_match", "no_match_again", CLOSE],
    ]


@settings(deadline=None)
@given(st.lists(MISSES, min_size=1, max_size=12))
def test_nobody_is_asked_again_more_than_twice_in_a_row(misses: list[Miss]) -> None:
    said = row_of(misses)
    assert all(said[at] == CLOSE for at in range(TRIES, len(said), TRIES + 1))
    assert said.count(CLOSE) == len(said) // (TRIES + 1)


@settings(deadline=None)
@given(st.lists(MISSES, min_size=TRIES + 1, max_size=TRIES + 1), st.sampled_from([Trigger.BUTTON, Trigger.FOLLOW_UP]))
def test_the_closing_line_expects_no_answer_and_the_next_try_is_a_fresh_one(
    misses: list[Miss], trigger: Trigger
) -> None:
    closing = after_miss(TRIES, misses[-1], trigger, asked=True)
    assert (closing.prompt, closing.expects_reply) == (CLOSE, False)
    assert after_miss(closing.missed, misses[0], Trigger.BUTTON, asked=False).prompt == misses[0].value


@settings(deadline=None)
@given(st.integers(0, TRIES), MISSES, st.sampled_from(Trigger), st.booleans())
def test_what_says_nothing_counts_nothing_and_what_says_something_is_bounded(
    missed: int, miss: Miss, trigger: Trigger, asked: bool
) -> None:
    reprompt = after_miss(missed, miss, trigger, asked=asked)
    assert 0 <= reprompt.missed <= TRIES
    if reprompt.prompt is None:
        assert (reprompt.missed, reprompt.expects_reply) == (missed, False)


@settings(deadline=None)
@given(st.integers(0, TRIES), MISSES, st.booleans())
def test_a_false_alarm_says_nothing(missed: int, miss: Miss, asked: bool) -> None:
    silences = [
        after_miss(missed, miss, Trigger.BARGE_IN, asked=asked),
        after_miss(missed, Miss.NO_INPUT, Trigger.WAKE, asked=asked),
        after_miss(missed, miss, Trigger.FOLLOW_UP, asked=False),
    ]
    assert [one.prompt for one in silences] == [None] * 3


def test_every_prompt_has_its_words_and_variants_take_turns() -> None:
    written = yaml.safe_load(FILE.read_text())
    needed = {f"{miss.value}{again}" for miss in Miss for again in ("", "_again")} | {CLOSE, "did_you_mean"}
    assert written.keys() == needed
    for name, variants in written.items():
        assert len({prompt(name, turn, first="A", second="B") for turn in range(len(variants))}) == len(variants) > 1
        for variant in variants:
            assert len(variant.split()) <= 20, "a prompt is heard, not read"
            parts = {part for _, part, _, _ in Formatter().parse(variant) if part}
            assert parts == ({"first", "second"} if name == "did_you_mean" else set())

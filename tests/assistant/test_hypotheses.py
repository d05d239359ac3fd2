"""Which reading is taken: sound, meaning and catalogue decide together; ties are asked about only where it matters."""

from __future__ import annotations

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.hypotheses import Candidate, Choice, Decision, choose, settles, utility
from skills.skill import Grounding, Understanding

SHARES = st.floats(0.0, 1.0)
INTENTS = st.sampled_from(["find_media", "play_media", "pause", "next", "out_of_scope", "overheard", "nlu_fallback"])
FITS = st.none() | SHARES


def reading(
    text: str = "play it", acoustic: float = 0.5, intent: str = "play_media", sure: float = 0.9, **grounding: object
) -> Candidate:
    grounding.setdefault("meant", intent)
    return Candidate(text, acoustic, Understanding(text, intent, sure), Grounding(**grounding))  # type: ignore[arg-type]


@st.composite
def candidates(draw: st.DrawFn) -> Candidate:
    intent = draw(INTENTS)
    meant = draw(st.sampled_from([intent, "item a", "item b", "nothing"]))
    return reading(draw(st.text(max_size=8)), draw(SHARES), intent, draw(SHARES), meant=meant, fit=draw(FITS))


READINGS = st.lists(candidates(), min_size=1, max_size=5)


def outcome(choice: Choice) -> str:
    return choice.winner.grounding.meant


@settings(deadline=None)
@given(READINGS, SHARES)
def test_the_probabilities_of_all_readings_and_of_none_are_those_of_one_event(
    readings: list[Candidate], unknown: float
) -> None:
    choice = choose(readings, unknown)
    requests = [one.probability for one in choice.readings if one.candidate.grounding.meant != "overheard"]
    assert math.isclose(sum(requests) + choice.none, 1.0, rel_tol=1e-9)
    assert {id(one.candidate) for one in choice.readings} == set(map(id, readings))
    assert -1.0 <= choice.margin <= 1.0


@settings(deadline=None)
@given(READINGS, SHARES)
def test_the_order_of_the_readings_does_not_matter(readings: list[Candidate], unknown: float) -> None:
    forward, backward = choose(readings, unknown), choose(readings[::-1], unknown)
    assert forward.decision is backward.decision
    assert math.isclose(forward.none, backward.none)


@settings(deadline=None)
@given(READINGS, SHARES, SHARES)
def test_the_more_is_unknown_the_sooner_it_is_rejected(readings: list[Candidate], one: float, other: float) -> None:
    less, more = sorted((one, other))
    if choose(readings, less).decision is Decision.REJECT:
        assert choose(readings, more).decision is Decision.REJECT


@settings(deadline=None)
@given(READINGS, SHARES)
def test_only_what_can_be_done_is_asked_about_and_only_where_it_makes_a_difference(
    readings: list[Candidate], unknown: float
) -> None:
    choice = choose(readings, unknown)
    assert (choice.rival is not None) == (choice.decision is Decision.ASK)
    if choice.rival:
        assert choice.rival.grounding.meant != outcome(choice)
        assert all(one.is_ours and one.grounding.fit != 0.0 for one in (choice.winner, choice.rival))


@settings(deadline=None)
@given(candidates(), candidates(), SHARES)
def test_a_first_reading_that_settles_it_wins_whatever_the_other_means(
    first: Candidate, other: Candidate, unknown: float
) -> None:
    if settles(first, other.acoustic, unknown):
        choice = choose([first, other], unknown)
        assert choice.decision is Decision.ACCEPT
        assert outcome(choice) == first.grounding.meant


@settings(deadline=None)
@given(candidates(), SHARES, SHARES)
def test_what_sounds_better_and_fits_better_is_worth_more(candidate: Candidate, one: float, other: float) -> None:
    less, more = sorted((one, other))
    acoustic = [Candidate("", share, candidate.understanding, candidate.grounding) for share in (less, more)]
    fit = [Candidate("", 0.5, candidate.understanding, Grounding("item a", share)) for share in (less, more)]
    for worse, better in (acoustic, fit):
        assert utility(worse) <= utility(better)


def test_a_title_that_there_is_beats_one_that_merely_sounded_likelier() -> None:
    choice = choose(
        [
            reading("play falling into a back hold", 0.45, meant="nothing", fit=0.0),
            reading("play falling into a black hole", 0.35, meant="item black-hole", fit=1.0),
        ]
    )
    assert (choice.decision, outcome(choice)) == (Decision.ACCEPT, "item black-hole")


def test_two_titles_that_are_as_likely_are_asked_about() -> None:
    choice = choose(
        [
            reading("play the tin observatory", 0.4, meant="item tin", fit=0.95),
            reading("play the thin observatory", 0.4, meant="item thin", fit=0.95),
        ]
    )
    assert choice.decision is Decision.ASK
    assert choice.rival
    assert {outcome(choice), choice.rival.grounding.meant} == {"item tin", "item thin"}


def test_readings_with_one_outcome_are_not_asked_about_and_win_together() -> None:
    same = [reading(text, 0.3, meant="item a", fit=0.9) for text in ("play the bees", "play bees")]
    choice = choose([*same, reading("play the beans", 0.35, meant="item b", fit=0.9)])
    assert outcome(choice) == "item a"


def test_a_clear_command_is_taken_and_settles_it_alone() -> None:
    first = reading("pause", 0.97, "pause", 0.99, fit=1.0)
    assert settles(first, 0.02)
    assert choose([first]).decision is Decision.ACCEPT


def test_speech_of_unknown_words_is_rejected() -> None:
    choice = choose([reading("on to the toe", 0.3, "find_media", 0.6, meant="item a", fit=0.3)], unknown=0.9)
    assert choice.decision is Decision.REJECT

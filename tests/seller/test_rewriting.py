"""An answer says something else, and nothing but that."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skills.seller.rewriting import Fact, Rewritten, Unclear, fact_of, rewritten
from skills.storefront.answer import ANSWER_MAX


@pytest.mark.parametrize(
    ("answer", "wording", "text"),
    [
        ("We deliver within two to four working days.", "three days", "We deliver within three days."),
        ("Two to four days, anywhere.", "three days", "Three days, anywhere."),
        ("It costs $9.90 and takes 24 hours.", "eight dollars", "It costs eight dollars and takes 24 hours."),
        ("Express costs 9,90 € and arrives in 24 hours.", "48 hours", "Express costs 9,90 € and arrives in 48 hours."),
        ("You get 10 % off; 10 % is a lot.", "twenty percent", "You get twenty percent off; twenty percent is a lot."),
        ("We close at 6 pm.", "half past seven", "We close at half past seven."),
        ("Return it within 30 days.", "sixty days", "Return it within sixty days."),
        ("A five-year warranty.", "three years", "A three-year warranty."),
        ("Back within an hour.", "half an hour", "Back within half an hour."),
        ("Yes.", "we wrap gifts for free", "We wrap gifts for free."),
    ],
)  # fmt: skip
def test_the_one_fact_of_its_kind_is_exchanged(answer: str, wording: str, text: str) -> None:
    assert rewritten(answer, wording) == Rewritten(text)


def test_one_of_several_is_exchanged_where_it_is_named() -> None:
    answer = "Standard takes 3 days, express 1 day."
    assert rewritten(answer, "two days", 1) == Rewritten("Standard takes 3 days, express two days.")


def test_several_or_none_of_a_kind_are_asked_about() -> None:
    several = rewritten("Standard takes 3 days, express 1 day.", "two days")
    assert several == Unclear(Fact.DURATION, ("3 days", "1 day"))
    assert rewritten("We ship everywhere.", "two days") == Unclear(Fact.DURATION, ())


@pytest.mark.parametrize(
    "wording", ["three days", "2-4 working days", "a week", "nine euros", "$6", "20 percent", "9:30"]
)
def test_a_bare_fact_is_known_for_one(wording: str) -> None:
    assert fact_of(wording)


@given(st.text(min_size=1, max_size=300), st.text(min_size=1, max_size=120).filter(str.strip))
def test_whatever_is_said_becomes_an_answer_that_can_be_kept(answer: str, wording: str) -> None:
    found = rewritten(answer, wording)
    assert isinstance(found, Unclear) or 0 < len(found.text) <= ANSWER_MAX


@given(st.integers(1, 999), st.integers(1, 999), st.sampled_from(["days", "hours", "weeks"]))
def test_the_words_around_a_fact_stay(old: int, new: int, unit: str) -> None:
    assert rewritten(f"It takes {old} {unit} to us.", f"{new} {unit}") == Rewritten(f"It takes {new} {unit} to us.")

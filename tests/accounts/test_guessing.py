"""Passwords that are guessed first are refused; whatever somebody types is answered."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.accounts.guessing import COMMON, LENGTH_MIN, ROWS, problem

OWN = ("mia.page@nordfell.com", "Mia Page")


@pytest.mark.parametrize(
    "password",
    [
        "password123!",
        "P@ssw0rd2024",
        "qwertyuiop12",
        "iloveyou2024",
        "aaaaaaaaaaaaaaaa",
        "abcabcabcabc",
        "1q2w3e4r5t6z",
        "poiuytrewq!!",
        "Nordfell2026!",
        "mia.page-2026",
        "12345678901234",
        "short one",
        "x" * 201,
    ],
)
def test_what_is_guessed_first_is_refused(password: str) -> None:
    assert problem(password, OWN)


@pytest.mark.parametrize(
    "password",
    ["tractor moon pickle", "correct horse battery", "Zx9$kqLm2v", "가나다라마바사아자차", "ÄÖÜ-øæå-žšč"],
)
def test_what_is_long_and_not_common_is_taken(password: str) -> None:
    assert not problem(password, OWN)


@given(st.text(max_size=300), st.lists(st.text(max_size=80), max_size=3))
def test_everything_that_can_be_typed_is_answered(password: str, known: list[str]) -> None:
    found = problem(password, known)
    assert not found or found.endswith(".")
    assert found or len(password) >= LENGTH_MIN / 3  # one sign may stand for several


@given(
    st.sampled_from(sorted(COMMON)) | st.sampled_from(ROWS) | st.sampled_from([row[::-1] for row in ROWS]),
    st.integers(1, 4),
    st.sampled_from(["", "!", "1", "2024", "!!!", "12"]),
    st.booleans(),
)
@example(word="tiger", times=2, tail="", capital=False)
def test_decorating_a_common_word_does_not_help(word: str, times: int, tail: str, capital: bool) -> None:
    repeated = word * times
    assert problem((repeated.capitalize() if capital else repeated) + tail)

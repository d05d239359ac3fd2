"""Numbers and times in words: whatever is said in a usual way is read as it was meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skills.media.amounts import number_in, time_in, words
from skills.media.phrases import place

BELOW_TEN = "zero one two three four five six seven eight nine"
TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
UNITS = f"{BELOW_TEN} {TEENS}".split()
TENS = ["_", "_", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def in_words(number: int) -> str:
    if number < 20:
        return UNITS[number]
    if number < 100:
        return TENS[number // 10] + (f"-{UNITS[number % 10]}" if number % 10 else "")
    rest = f" and {in_words(number % 100)}" if number % 100 else ""
    return f"{UNITS[number // 100]} hundred{rest}"


def time(said: str) -> float | None:
    found = time_in(words(said))
    return found.value if found else None


@given(st.integers(0, 999))
def test_a_number_in_words_is_the_number_in_digits(number: int) -> None:
    for said in (in_words(number), str(number), f"please {in_words(number)} thanks"):
        found = number_in(words(said))
        assert found
        assert found.value == number


@given(st.integers(1, 86_399))
def test_what_the_assistant_says_of_a_place_is_read_back_as_that_place(seconds: int) -> None:
    assert time(place(1000 * seconds)) == 1000 * seconds


@given(st.integers(0, 23), st.integers(0, 59), st.integers(0, 59))
def test_a_time_as_on_a_clock_and_in_words_is_the_same(hours: int, minutes: int, seconds: int) -> None:
    total = 1000 * (3600 * hours + 60 * minutes + seconds)
    said = f"{in_words(hours)} hours and {in_words(minutes)} minutes and {in_words(seconds)} seconds"
    assert time(f"{hours}:{minutes:02}:{seconds:02}") == time(said) == total


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("half a minute", 30),
        ("a minute and a half", 90),
        ("two and a half minutes", 150),
        ("one hour ten", 4200),
        ("an hour and twenty", 3600),
        ("an hour and a half", 5400),
        ("a quarter of an hour", 900),
        ("three quarters of an hour", 2700),
        ("a couple of minutes", 120),
        ("a few seconds", 3),
        ("90 seconds", 90),
        ("20min", 1200),
        ("five minutes thirty", 330),
        ("one point five hours", 5400),
    ],
)
def test_usual_ways_to_say_a_time(said: str, seconds: int) -> None:
    assert time(said) == 1000 * seconds


@given(st.text(max_size=200))
def test_anything_at_all_is_read_without_harm(said: str) -> None:
    spoken = words(said)
    for found in (number_in(spoken), time_in(spoken)):
        if found:
            assert 0 <= found.start < found.end <= len(spoken)
            assert found.value >= 0

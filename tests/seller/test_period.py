"""Which days a seller means."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skills.seller.period import DAYS_MAX, read_period

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ("what did customers fail to find this week", "2026-11-23", "2026-11-23"),
        ("how was last week", "2026-11-16", "2026-11-22"),
        ("how many chats were there yesterday", "2026-11-22", "2026-11-22"),
        ("what was asked last month", "2026-10-01", "2026-10-31"),
        ("so far this month", "2026-11-01", "2026-11-23"),
        ("how was last year", "2025-01-01", "2025-12-31"),
        ("in the last seven days", "2026-11-17", "2026-11-23"),
        ("over the past two weeks", "2026-11-10", "2026-11-23"),
        ("in the last week", "2026-11-17", "2026-11-23"),
        ("the last 30 days", "2026-10-25", "2026-11-23"),
        ("since friday", "2026-11-20", "2026-11-23"),
        ("since yesterday", "2026-11-22", "2026-11-23"),
        ("since last week", "2026-11-16", "2026-11-23"),
        ("over the weekend", "2026-11-21", "2026-11-22"),
        ("on saturday", "2026-11-21", "2026-11-21"),
        ("in october", "2026-10-01", "2026-10-31"),
        ("in december", "2025-12-01", "2025-12-31"),
        ("how many orders came in since october", "2026-10-01", "2026-11-23"),
        ("may i see what was asked yesterday", "2026-11-22", "2026-11-22"),
        ("may we see the questions", "2026-11-23", "2026-11-23"),
        ("this morning", "2026-11-23", "2026-11-23"),
        ("how are we doing", "2026-11-23", "2026-11-23"),
    ],
)
def test_days_are_those_of_the_calendar(said: str, first: str, last: str) -> None:
    found = read_period(said, MONDAY)
    assert (found.first, found.last) == (date.fromisoformat(first), date.fromisoformat(last))


WORDS = st.from_regex(
    r"((this|last|past|since|in|over|the|on|two|ten|9999|and|half) )*"
    r"(weeks?|months?|years?|days?|quarters?|monday|sunday|weekend|yesterday|today|october|february|may)",
    fullmatch=True,
)


@given(
    st.one_of(WORDS, st.text(max_size=40)),
    st.dates(date(2000, 1, 1), date(2090, 1, 1)),
)
def test_whatever_is_said_means_days_that_have_begun(said: str, today: date) -> None:
    found = read_period(said, today)
    assert found.first <= found.last <= today
    assert (found.last - found.first).days < DAYS_MAX
    assert found.said

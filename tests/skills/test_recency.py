"""When something came out, read from words: the days that people mean, and never a crash."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skills.media.catalogue import Details
from skills.media.languages import NAMES, code, said
from skills.media.recency import age, period
from skills.media.schedule import EVERY, State, next_start, state
from skills.turn import MediaKind

TODAY = date(2026, 11, 22)
"""A Sunday."""

days = st.dates(date(1950, 1, 1), date(2090, 12, 31))


@pytest.mark.parametrize(
    ("words", "since", "until"),
    [
        ("yesterday's", "2026-11-21", "2026-11-21"),
        ("last week's", "2026-11-09", "2026-11-15"),
        ("from this week", "2026-11-16", "2026-11-22"),
        ("the past week", "2026-11-15", "2026-11-22"),
        ("in the last three weeks", "2026-11-01", "2026-11-22"),
        ("last weekend", "2026-11-14", "2026-11-15"),
        ("this month's", "2026-11-01", "2026-11-30"),
        ("from last month", "2026-10-01", "2026-10-31"),
        ("this year", "2026-01-01", "2026-12-31"),
        ("from 2019", "2019-01-01", "2019-12-31"),
        ("twenty nineteen", "2019-01-01", "2019-12-31"),
        ("from two thousand and nine", "2009-01-01", "2009-12-31"),
        ("the nineties", "1990-01-01", "1999-12-31"),
        ("the 1990s", "1990-01-01", "1999-12-31"),
        ("since january", "2026-01-01", None),
        ("since last december", "2025-12-01", None),
        ("after march 2024", "2024-04-01", None),
        ("before twenty twenty", None, "2019-12-31"),
        ("between 2019 and 2021", "2019-01-01", "2021-12-31"),
        ("from march to may", "2026-03-01", "2026-05-31"),
        ("in december", "2025-12-01", "2025-12-31"),
        ("monday's", "2026-11-16", "2026-11-16"),
        ("last sunday", "2026-11-15", "2026-11-15"),
        ("three days ago", "2026-11-19", "2026-11-19"),
        ("a month ago", "2026-10-01", "2026-10-31"),
        ("the third of march", "2026-03-03", "2026-03-03"),
        ("from 2024-02-29", "2024-02-29", "2024-02-29"),
    ],
)
def test_a_period_is_the_one_that_people_mean(words: str, since: str | None, until: str | None) -> None:
    found = period(words, TODAY)
    assert found
    assert (found.since and found.since.isoformat(), found.until and found.until.isoformat()) == (since, until)


@pytest.mark.parametrize("words", ["may i hear it", "play 1984", "the class of 2019", "the 31st of june", "a talk", ""])
def test_what_names_no_period_is_none(words: str) -> None:
    assert period(words, TODAY) is None


@pytest.mark.parametrize(
    "said",
    ["something for tonight", "find me a talk for this weekend", "a rainy sunday", "play this today", "for this week"],
)
def test_an_occasion_is_no_period(said: str) -> None:
    assert period(said, TODAY, among_words=True) is None


@pytest.mark.parametrize(
    "said", ["talks from today", "find yesterday's news", "talks in march", "what came out last week"]
)
def test_among_other_words_a_period_is_found_where_it_is_clear(said: str) -> None:
    assert period(said, TODAY, among_words=True)


def test_ahead_the_same_words_are_what_is_to_come() -> None:
    friday = period("on friday", TODAY, ahead=True)
    march = period("in march", TODAY, ahead=True)
    assert friday
    assert march
    assert (friday.since, march.since) == (date(2026, 11, 27), date(2027, 3, 1))


_SAID = (
    "the a last this past next few couple of three twenty nineteen two thousand 2019 31 0000 9999 week weeks month "
    "years ago day before yesterday since from until between and to january march monday's third st february 29"
)
_WORDS = st.sampled_from(_SAID.split())


@given(st.lists(_WORDS, max_size=9).map(" ".join) | st.text(max_size=60), st.dates(), st.booleans())
def test_any_words_on_any_day_are_a_proper_period_or_none(words: str, today: date, ahead: bool) -> None:
    found = period(words, today, ahead)
    if found and found.since and found.until:
        assert found.since <= found.until
    assert found is None or found.words
    assert age(words) in (None, "newest", "oldest")


@given(days)
def test_a_day_without_a_year_has_been_or_with_ahead_is_to_come(today: date) -> None:
    for name in ("monday", "sunday"):
        before, after = period(name, today), period(name, today, ahead=True)
        assert before
        assert after
        assert before.until <= today <= after.since  # type: ignore[operator]
        assert after.since - before.until <= timedelta(7)  # type: ignore[operator]
    month = period("in february", today)
    assert month
    assert month.since <= today  # type: ignore[operator]


def show(starts_at: datetime, hours: int, repeats: str | None) -> Details:
    return Details.model_validate(
        {"id": "s", "kind": MediaKind.LIVE_SHOW, "medium": "audio", "title": "S", "creator": "C",
         "published": "2020-01-01", "starts_at": starts_at, "duration_s": 3600 * hours, "repeats": repeats}
    )  # fmt: skip


moments = st.datetimes(datetime(2000, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC))


@given(moments, moments, st.integers(1, 24), st.sampled_from([None, "daily", "weekly"]))
def test_a_show_is_live_from_its_start_to_its_end_and_one_that_repeats_is_always_to_come(
    first: datetime, now: datetime, hours: int, repeats: str | None
) -> None:
    item = show(first, hours, repeats)
    start, length = next_start(item, now), timedelta(hours=hours)
    if start is None:
        assert repeats is None
        assert now >= first + length
        assert state(item, now) is None
        return
    assert now < start + length
    assert (state(item, now) is State.LIVE) is (start <= now)
    assert start == first if repeats is None else (start - first) % EVERY[repeats] == timedelta()
    if repeats and start > first:
        assert start - EVERY[repeats] + length <= now  # the one before is over


def test_a_start_at_the_end_of_the_calendar_is_no_error() -> None:
    assert (
        state(show(datetime(9999, 12, 31, 23, tzinfo=UTC), 24, None), datetime(2026, 1, 1, tzinfo=UTC))
        is State.UPCOMING
    )


def test_languages_are_read_by_their_names_and_never_from_a_subject() -> None:
    assert all(
        code(name) == code(f"in {name.upper()}") == code(key) or name == "Norwegian" for key, name in NAMES.items()
    )
    assert (said("something in Korean please"), said("korean cooking"), said("in the sea")) == ("ko", "", "")
    assert code("klingon") == "klingon"

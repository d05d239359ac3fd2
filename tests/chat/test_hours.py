"""Opening hours by the shop's own clock: several ranges a day, past midnight, and when clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.chat.hours import in_words, is_open, opens_at, zone
from skills.shopping.shop import Opening

BERLIN, NEW_YORK, KATHMANDU = zone("Europe/Berlin"), zone("America/New_York"), zone("Asia/Kathmandu")
WEEKDAYS = [Opening(day=day, begin=9 * 60, end=17 * 60) for day in range(5)]


@st.composite
def openings(draw: st.DrawFn) -> list[Opening]:
    def one() -> Opening:
        begin = draw(st.integers(0, 23)) * 60
        return Opening(day=draw(st.integers(0, 6)), begin=begin, end=begin + draw(st.integers(1, 20)) * 60)

    return [one() for _ in range(draw(st.integers(0, 6)))]


@given(openings(), st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)))
def test_nobody_answers_before_the_time_that_is_named_and_somebody_does_then(
    opening: list[Opening], at: datetime
) -> None:
    opens = opens_at(opening, at, KATHMANDU)  # whose clocks never change
    if opens is None:
        assert opening == []
        return
    assert at <= opens <= at + timedelta(days=8)
    assert is_open(opening, opens, KATHMANDU)
    minutes = min(int((opens - at).total_seconds() // 60), 1_440)
    assert not any(is_open(opening, at + timedelta(minutes=minute), KATHMANDU) for minute in range(minutes))


@given(openings(), st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)))
def test_a_time_that_is_named_is_open_also_where_clocks_change(opening: list[Opening], at: datetime) -> None:
    opens = opens_at(opening, at, BERLIN)
    assert opens is None or (opens >= at and is_open(opening, opens, BERLIN))


def test_a_range_past_midnight_belongs_to_the_day_it_begins_on() -> None:
    friday_night = [Opening(day=4, begin=20 * 60, end=26 * 60)]
    friday = datetime(2026, 11, 20, tzinfo=NEW_YORK)
    assert [is_open(friday_night, friday + timedelta(hours=hour), NEW_YORK) for hour in (19, 20, 25, 26)] == [
        False,
        True,
        True,
        False,
    ]


def test_a_lunch_break_is_closed() -> None:
    day = [Opening(day=0, begin=9 * 60, end=12 * 60), Opening(day=0, begin=13 * 60, end=17 * 60)]
    noon = datetime(2026, 11, 23, 12, 30, tzinfo=BERLIN)
    assert not is_open(day, noon, BERLIN)
    assert in_words(opens_at(day, noon, BERLIN), noon, BERLIN) == "today at 1:00 pm"


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (datetime(2026, 11, 23, 7, tzinfo=BERLIN), "today at 9:00 am"),
        (datetime(2026, 11, 23, 17, tzinfo=BERLIN), "tomorrow at 9:00 am"),
        (datetime(2026, 11, 20, 17, tzinfo=BERLIN), "on Monday at 9:00 am"),
        (datetime(2026, 3, 28, 12, tzinfo=BERLIN), "on Monday at 9:00 am"),  # the clocks change on Sunday
    ],
)
def test_when_people_are_back_in_words(now: datetime, words: str) -> None:
    assert in_words(opens_at(WEEKDAYS, now, BERLIN), now, BERLIN) == words


def test_a_shop_without_hours_never_opens_and_an_unknown_zone_is_utc() -> None:
    now = datetime(2026, 11, 23, 12, tzinfo=UTC)
    assert in_words(opens_at([], now, BERLIN), now, BERLIN) == ""
    assert zone("Mars/Olympus").key == zone("../../etc/passwd").key == "UTC"

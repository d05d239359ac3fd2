"""When people of a shop answer, by the clock on its wall: ranges, breaks, holidays, and when clocks change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skills.shopping.shop import Opening, Shop
from skills.storefront.behaviour.hours import Break, Hours, Range, SpecialDay
from skills.storefront.timetable import Timetable, timetable
from skills.storefront.zones import zone

BERLIN, NEW_YORK, KATHMANDU = zone("Europe/Berlin"), zone("America/New_York"), zone("Asia/Kathmandu")
WEEKDAYS = tuple(Opening(day=day, begin=9 * 60, end=17 * 60) for day in range(5))
MINUTE = timedelta(minutes=1)
HALF_HOURS = st.integers(0, 47).map(lambda half: half * 30)


def ranges(kind: type[Range] = Range, **more: st.SearchStrategy[object]) -> st.SearchStrategy[Range]:
    lengths = st.integers(1, 20).map(lambda half: half * 30)
    return st.builds(
        lambda begin, length, **other: kind(begin=begin, end=begin + length, **other), HALF_HOURS, lengths, **more
    )


DAYS = st.integers(0, 6)
WEEKS = st.lists(st.builds(lambda day, one: Opening(day=day, begin=one.begin, end=one.end), DAYS, ranges()), max_size=4)
DATES = st.dates(date(2026, 3, 20), date(2026, 4, 5)) | st.dates(date(2026, 10, 18), date(2026, 11, 2))
SPECIALS = st.builds(
    lambda first, length, **other: SpecialDay(first=first, last=first + timedelta(days=length), **other),
    DATES,
    st.integers(0, 5),
    yearly=st.booleans(),
    ranges=st.lists(ranges(), max_size=2).map(tuple),
)
HOURS = st.builds(
    Hours,
    week=WEEKS.map(tuple),
    breaks=st.lists(ranges(Break, day=st.none() | DAYS), max_size=2).map(tuple),
    special=st.lists(SPECIALS, max_size=2).map(tuple),
)
NEAR_A_CHANGE = st.datetimes(datetime(2026, 3, 28), datetime(2026, 3, 30), timezones=st.just(UTC)) | st.datetimes(
    datetime(2026, 10, 24), datetime(2026, 10, 26), timezones=st.just(UTC)
)


@settings(max_examples=80, deadline=None)
@given(HOURS, NEAR_A_CHANGE, st.sampled_from([BERLIN, NEW_YORK, KATHMANDU]))
def test_nobody_answers_before_the_time_that_is_named_and_somebody_does_then(hours: Hours, at: datetime, where) -> None:  # type: ignore[no-untyped-def]
    """To the minute, and where clocks change too."""
    at = at.replace(second=0, microsecond=0)
    table = Timetable(hours, where)
    opens = table.opens_at(at)
    if opens is not None:
        assert opens >= at
        assert table.is_open(opens)
    until = min(opens or at + timedelta(days=2), at + timedelta(days=2))
    minutes = int((until - at) / MINUTE)
    assert not any(table.is_open(at + minute * MINUTE) for minute in range(0, minutes, 10))
    assert not minutes or not table.is_open(at + (minutes - 1) * MINUTE)


def is_open(hours: Hours, times: Sequence[datetime]) -> list[bool]:
    return [Timetable(hours, BERLIN).is_open(time) for time in times]


def test_a_range_past_midnight_belongs_to_the_day_it_begins_on() -> None:
    friday_night = Hours(week=(Opening(day=4, begin=20 * 60, end=26 * 60),))
    friday = datetime(2026, 11, 20, tzinfo=BERLIN)
    times = [friday + timedelta(hours=hour) for hour in (19, 20, 25, 26)]
    assert is_open(friday_night, times) == [False, True, True, False]
    holiday = friday_night.model_copy(update={"special": (SpecialDay(first=date(2026, 11, 21)),)})
    assert is_open(holiday, times) == [False, True, True, False]  # the night is still Friday's


def test_a_break_is_closed_on_its_day_and_on_every_day() -> None:
    noon = datetime(2026, 11, 23, 12, 30, tzinfo=BERLIN)  # a Monday
    daily = Hours(week=WEEKDAYS, breaks=(Break(begin=720, end=780),))
    assert is_open(daily, [noon, noon + timedelta(hours=1)]) == [False, True]
    assert Timetable(daily, BERLIN).opens_in_words(noon) == "today at 1:00 pm"
    tuesdays = Hours(week=WEEKDAYS, breaks=(Break(begin=720, end=780, day=1),))
    assert is_open(tuesdays, [noon, noon + timedelta(days=1)]) == [True, False]


def test_holidays_close_and_extra_days_open_this_year_or_every_year() -> None:
    christmas = SpecialDay(name="Christmas", first=date(2020, 12, 24), last=date(2020, 12, 26), yearly=True)
    new_year = SpecialDay(first=date(2020, 12, 30), last=date(2021, 1, 2), yearly=True)
    sunday = SpecialDay(first=date(2026, 12, 20), ranges=(Range(begin=600, end=900),))
    hours = Hours(week=WEEKDAYS, special=(christmas, new_year, sunday))

    def noon(month: int, day: int, year: int = 2026) -> datetime:
        return datetime(year, month, day, 12, tzinfo=BERLIN)

    assert is_open(hours, [noon(12, 23), noon(12, 24), noon(12, 25), noon(12, 28)]) == [True, False, False, True]
    assert is_open(hours, [noon(12, 31), noon(1, 1, 2027), noon(1, 4, 2027)]) == [False, False, True]
    assert is_open(hours, [noon(12, 20), noon(12, 13)]) == [True, False]
    table = Timetable(hours, BERLIN)
    assert table.opens_in_words(noon(12, 31)) == "on Monday at 9:00 am"
    closed = Hours(week=WEEKDAYS, special=(SpecialDay(first=date(2026, 12, 1), last=date(2027, 1, 6)),))
    assert Timetable(closed, BERLIN).opens_in_words(noon(12, 2)) == "on 7 January at 9:00 am"
    this_year = SpecialDay(first=date(2026, 12, 24), ranges=(Range(begin=540, end=720),))
    half = hours.model_copy(update={"special": (*hours.special, this_year)})
    assert is_open(half, [noon(12, 24) - timedelta(hours=2), noon(12, 24, 2027) - timedelta(hours=2)]) == [True, False]


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (datetime(2026, 11, 23, 7, tzinfo=BERLIN), "today at 9:00 am"),
        (datetime(2026, 11, 23, 12, tzinfo=BERLIN), ""),
        (datetime(2026, 11, 23, 17, tzinfo=BERLIN), "tomorrow at 9:00 am"),
        (datetime(2026, 11, 20, 17, tzinfo=BERLIN), "on Monday at 9:00 am"),
        (datetime(2026, 3, 28, 12, tzinfo=BERLIN), "on Monday at 9:00 am"),  # the clocks change on Sunday
    ],
)
def test_when_people_are_back_in_words(now: datetime, words: str) -> None:
    assert Timetable(Hours(week=WEEKDAYS), BERLIN).opens_in_words(now) == words


def test_the_profile_counts_until_there_are_hours_and_an_unknown_zone_is_utc() -> None:
    shop = Shop(id="s", name="S", opening=WEEKDAYS, time_zone="Europe/Berlin")
    monday = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
    assert timetable(None, shop).is_open(monday)
    assert not timetable(Hours(), shop).is_open(monday)
    assert timetable(Hours(), shop).opens_at(monday) is None
    assert not timetable(Hours(week=WEEKDAYS, time_zone="America/New_York"), shop).is_open(monday)
    assert zone("Mars/Olympus").key == zone("../../etc/passwd").key == "UTC"
    with pytest.raises(ValueError, match="not known"):
        Hours(time_zone="Mars/Olympus")

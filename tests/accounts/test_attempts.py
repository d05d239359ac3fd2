"""Wrong passwords cost time, more with each, whoever tries and however many at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from assistant.accounts.attempts import LONGEST_WAIT, Attempts, by_account, by_address, left, site, told, wait
from assistant.storage.store import Store

AT = datetime(2026, 3, 1, tzinfo=UTC)


@given(st.integers(0, 10_000), st.integers(0, 50), st.integers(0, 100_000))
def test_each_failure_waits_at_least_as_long_as_the_one_before(failures: int, free: int, seconds: int) -> None:
    now = AT + timedelta(seconds=seconds)
    longer, shorter = (wait(count, AT, now, free) for count in (failures + 1, failures))
    assert timedelta(0) <= shorter <= longer <= LONGEST_WAIT
    assert wait(failures, AT, AT + LONGEST_WAIT, free) == timedelta(0)
    assert failures >= free or shorter == timedelta(0)


@given(st.text(max_size=60) | st.ip_addresses().map(str))
def test_every_address_is_counted_by_something_short(address: str) -> None:
    assert len(site(address)) <= 60


def test_a_customer_of_a_provider_has_one_address() -> None:
    assert site("2001:db8:1:2::9") == site("2001:db8:1:2:ffff::1") != site("2001:db8:1:3::9")
    assert site("10.0.0.1") != site("10.0.0.2")


def test_many_at_once_are_no_way_around(store: Store) -> None:
    counted = [by_account("mia@moss.example"), by_address("10.1.1.1")]
    with ThreadPoolExecutor(8) as threads:
        waits = list(threads.map(lambda _: Attempts(store.engine).begin(counted, AT), range(24)))
    assert sum(not one for one in waits) == counted[0].free
    assert max(waits) == timedelta(seconds=30)


def test_a_restart_forgets_nothing_and_the_right_password_starts_anew(store: Store) -> None:
    account, address = by_account("ann@moss.example"), by_address("10.2.2.2")
    for _ in range(account.free):
        assert not Attempts(store.engine).begin([account, address], AT)
    again = Attempts(store.engine)
    assert again.begin([account, address], AT + timedelta(seconds=1)) == timedelta(seconds=29)
    assert not again.begin([by_account("bea@moss.example"), address], AT), "somebody else from there may still"
    later = AT + timedelta(seconds=31)
    assert not again.begin([account, address], later)
    assert again.begin([account, address], later) == timedelta(seconds=60)
    again.succeeded(account, address)
    assert not again.begin([account, address], later)


def test_what_was_mistyped_long_ago_is_forgiven() -> None:
    hour = timedelta(hours=1)
    assert [left(6, AT, AT + hours * hour) for hours in (-1, 0, 1, 2)] == [6, 6, 2, 0]
    assert wait(6, AT, AT, free=5) == timedelta(minutes=1)
    assert wait(6, AT, AT + hour, free=5) == timedelta(0)


def test_a_wait_is_told_in_words() -> None:
    assert [told(timedelta(seconds=one)) for one in (0.2, 30, 61, 100, 900)] == [
        "one second",
        "30 seconds",
        "61 seconds",
        "2 minutes",
        "15 minutes",
    ]

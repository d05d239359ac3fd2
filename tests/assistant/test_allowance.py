"""What a client may send."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assistant.channels.allowance import Allowance, Allowances


def test_a_burst_then_the_rate() -> None:
    allowance = Allowance(per_s=10, burst=5)
    assert [allowance.take(0.0) for _ in range(6)] == [True] * 5 + [False]
    assert [allowance.take(0.1) for _ in range(2)] == [True, False]
    assert [allowance.take(100.0) for _ in range(6)] == [True] * 5 + [False]


@given(st.lists(st.floats(0, 1), max_size=200))
def test_never_more_than_the_burst_and_the_rate_together(waits: list[float]) -> None:
    allowance = Allowance(per_s=10, burst=5)
    now_s = taken = 0.0
    for wait in waits:
        now_s += wait
        taken += allowance.take(now_s)
        assert taken <= 5 + 10 * now_s + 1e-6


def test_each_client_has_its_own_and_who_came_long_ago_is_forgotten() -> None:
    allowances = Allowances(per_s=10, burst=1, clients=2)
    assert [allowances.take(client, 0.0) for client in "aab"] == [True, False, True]
    assert [allowances.take(client, 0.0) for client in "aca"] == [False, True, False], "the one that asks is kept"
    assert allowances.take("b", 0.0)

"""When a worker that ended is started again: a pure rule."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assistant.dialogue.supervisor import FIRST_PAUSE, LONGEST_PAUSE, STEADY_SECONDS, Restarts

SERVED = st.none() | st.floats(0, 10 * STEADY_SECONDS)


@given(st.lists(SERVED, max_size=60))
def test_the_pause_never_leaves_its_bounds(lives: list[float | None]) -> None:
    restarts = Restarts()
    assert restarts.pause == 0.0
    for served in lives:
        restarts = restarts.ended(served)
        assert FIRST_PAUSE <= restarts.pause <= LONGEST_PAUSE


@given(st.lists(SERVED, max_size=20), st.floats(STEADY_SECONDS, 1e6))
def test_a_worker_that_served_well_is_restarted_as_after_a_first_failure(
    lives: list[float | None], served: float
) -> None:
    restarts = Restarts()
    for life in lives:
        restarts = restarts.ended(life)
    assert restarts.ended(served).pause == FIRST_PAUSE


def test_the_pause_doubles_while_it_fails() -> None:
    restarts, pauses = Restarts(), []
    for _ in range(4):
        restarts = restarts.ended(None)
        pauses.append(restarts.pause)
    assert pauses == [FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE, 8 * FIRST_PAUSE]

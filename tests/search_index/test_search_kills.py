"""A writer that is killed at any moment loses nothing that it had acknowledged, and leaves nothing half there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.index_kills import State, survive
from search_index import vectors

KILLS = 12


@pytest.fixture(autouse=True)
def sizes() -> Iterator[None]:
    """`survive` makes vectors go to files early, in this process too."""
    before = vectors.TAIL, vectors.EXACT
    yield
    vectors.TAIL, vectors.EXACT = before


def test_kill_9_at_random_points_of_a_mixed_load(tmp_path: Path) -> None:
    state: State = {}
    for number in range(KILLS):
        state = survive(tmp_path, state, 1_000 + number).state
    assert state

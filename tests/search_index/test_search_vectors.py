"""What is found agrees with looking at every vector: in memory, in files and in lists, after any changes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search_index import vectors
from search_index.vectors import Keys, Matrix, Vectors

DIMENSION = 16


@pytest.fixture
def small_sizes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files and lists from a few rows on."""
    for name, size in (("TAIL", 16), ("EXACT", 40), ("GATHER", 8)):
        monkeypatch.setattr(vectors, name, size)


def unit(count: int, seed: int, dimension: int = DIMENSION) -> Matrix:
    drawn = np.random.default_rng(seed).standard_normal((count, dimension)).astype(np.float32)
    return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)


class Model:
    """The same, as simply as can be."""

    def __init__(self) -> None:
        self.rows: dict[int, Matrix] = {}

    @property
    def keys(self) -> Keys:
        return np.array(sorted(self.rows), np.int64)

    def nearest(self, query: Matrix, limit: int, allowed: set[int] | None) -> list[int]:
        keys = [key for key in self.rows if allowed is None or key in allowed]
        return sorted(keys, key=lambda key: (-float(self.rows[key] @ query), key))[:limit]


def agrees(found: Vectors, model: Model, seed: int, *, exactly: bool) -> None:
    view = found.view
    assert len(view) == len(model.rows)
    known = sorted(model.rows)
    chance = np.random.default_rng(seed)
    for allowed in (None, {key for key in known if chance.random() < 0.5} | {10**6}, set(known[:3])):
        query = unit(1, seed)[0]
        listed = None if allowed is None else np.array(sorted(allowed), np.int64)
        keys, cosines = view.search(query, 5, listed)
        wanted = model.nearest(query, 5, allowed)
        assert len(keys) == len(wanted) == len(set(keys.tolist()))
        assert set(keys.tolist()) <= set(known if allowed is None else allowed)
        assert np.allclose(cosines, [model.rows[key] @ query for key in keys.tolist()], atol=1e-5)
        assert (np.diff(cosines) <= 0).all()
        if exactly or (allowed is not None and len(allowed) <= 8):
            assert keys.tolist() == wanted
    asked = np.array([*known[::3], 10**7], np.int64)
    at, rows = view.gather(asked)
    assert at.tolist() == [True] * (len(asked) - 1) + [False]
    assert np.array_equal(rows, np.array([model.rows[key] for key in known[::3]], np.float32).reshape(-1, DIMENSION))
    assert np.isnan(view.cosines(unit(1, 1)[0], asked)).tolist() == (~at).tolist()


STEPS = st.lists(
    st.tuples(st.sampled_from(["add", "remove", "merge", "reopen"]), st.integers(1, 40)), min_size=1, max_size=12
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(STEPS, st.integers(0, 1_000))
@pytest.mark.usefixtures("small_sizes")
def test_any_changes_give_what_looking_at_all_gives(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int]], seed: int
) -> None:
    path = tmp_path_factory.mktemp("vectors") / "v"
    model, found, last, seq = Model(), None, 0, 0
    found = Vectors(path, "origin", DIMENSION, 0, model.keys)
    for step, size in steps:
        if step == "reopen":  # what was only in memory comes from the store again
            found = Vectors(path, "origin", DIMENSION, seq, model.keys)
            missing = np.array([key for key in sorted(model.rows) if key > found.last_key], np.int64)
            rows = np.array([model.rows[key] for key in missing.tolist()], np.float32).reshape(-1, DIMENSION)
            found.apply([], missing, rows, seq)
        elif step == "merge":
            while found.is_due:
                found.merge()
        else:
            seq += 1
            removed = sorted(model.rows)[:: max(1, 60 // size)] if step == "remove" else []
            added = np.arange(last + 1, last + 1 + (size if step == "add" else 0))
            rows = unit(len(added), seed + seq)
            last += len(added)
            for key in removed:
                del model.rows[key]
            model.rows |= dict(zip(added.tolist(), rows, strict=True))
            found.apply([*removed, 10**6], added, rows, seq)
        agrees(found, model, seed, exactly=found.view.ivf is None)


def clustered(count: int) -> Matrix:
    """Vectors as texts have them: in clusters, some near to each other."""
    chance = np.random.default_rng(1)
    centres = unit(200, 2, 64)
    rows = centres[chance.integers(0, 200, count)] + 0.7 / 8 * chance.standard_normal((count, 64)).astype(np.float32)
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> tuple[Vectors, Matrix]:
    """30,000 vectors in lists, a tenth of them removed again, and some fresh ones."""
    rows = clustered(31_000)
    found = Vectors(tmp_path_factory.mktemp("large") / "v", "origin", 64, 0, np.empty(0, np.int64))
    found.apply([], np.arange(30_000), rows[:30_000], 1)
    while found.is_due:
        found.merge()
    found.apply(range(0, 30_000, 10), np.arange(30_000, 31_000), rows[30_000:], 2)
    assert found.view.ivf is not None
    return found, rows


@pytest.mark.parametrize("share", [1.0, 0.6, 0.1, 0.01, 0.001])
@pytest.mark.parametrize("near", [False, True])
def test_lists_find_what_there_is_under_any_filter(large: tuple[Vectors, Matrix], share: float, near: bool) -> None:
    """`near`: the allowed ones are not spread evenly, but those furthest from where the queries are."""
    found, rows = large
    alive = np.flatnonzero(found.view.alive)
    count = int(share * len(alive))
    order = np.argsort(rows[alive] @ rows[5]) if near else np.random.default_rng(3).permutation(len(alive))
    allowed = np.sort(alive[order[:count]])
    hits = 0
    queries = rows[1:400:8]
    for query in queries:
        wanted = allowed[np.argsort(-(rows[allowed] @ query), kind="stable")[:10]]
        keys, _ = found.view.search(query, 10, None if share == 1.0 else allowed)
        hits += len(set(keys.tolist()) & set(wanted.tolist()))
    assert hits >= 0.95 * len(queries) * min(10, count)

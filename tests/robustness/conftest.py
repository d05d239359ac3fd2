from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from assistant.paths import DataPaths
from assistant.preparation import prepare
from tests.service.running import DATA, Running, running_service


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Prepared data of its own: what is thrown at this service disturbs no other test."""
    paths = DataPaths(DATA)
    paths.make()
    prepare(paths)
    copy = tmp_path_factory.mktemp("robustness") / "data"
    shutil.copytree(DATA, copy, ignore=shutil.ignore_patterns("benchmarks", "run", "sori.db*", "secret.key"))
    return copy


@pytest.fixture(scope="session")
def rough(data_dir: Path) -> Iterator[Running]:
    """A service that is treated badly; whatever is done to it, none of it is a mistake of ours in its log."""
    with running_service(data_dir) as running:
        yield running
        log = "".join(running.said)
    assert "Traceback" not in log, log


@pytest.fixture
def http(rough: Running) -> Iterator[httpx.Client]:
    with rough.http as client:
        yield client

"""Which tests stay together when several processes run them, and the PostgreSQL server that they share."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pgserver
import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

ONE_SERVICE = ("service", "robustness")
"""Folders whose tests need the prepared data of `data/test` for themselves, which one process has open at a time."""


class Together(LoadScopeScheduling):
    """A file's tests share its fixtures, and so run in one process; those of `ONE_SERVICE` share more."""

    def _split_scope(self, nodeid: str) -> str:
        _, folder, *_ = nodeid.split("/")
        return "service" if folder in ONE_SERVICE else nodeid.split("::")[0]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Together:
    """Instead of what `--dist` names."""
    return Together(config, log)


_numbers = count()


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[pgserver.PostgresServer]:
    """One real server for all tests of a process."""
    server = pgserver.get_server(tmp_path_factory.mktemp("postgres"))
    yield server
    server.cleanup()


@pytest.fixture(scope="module")
def postgres(postgres_server: pgserver.PostgresServer) -> str:
    """The address of an empty database, for the tests of one file."""
    name = f"tests_{next(_numbers)}"
    postgres_server.psql(f"CREATE DATABASE {name};")
    return str(postgres_server.get_uri(database=name))

"""A database of each kind for the tests of a file, and two new shops in it for each test."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from assistant.accounts.office import Office
from assistant.storage.store import Store
from skills.shopping.catalogue import Catalogues
from skills.shopping.shop import Shop


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    file = tmp_path_factory.mktemp("accounts") / "sori.db"
    store = Store(f"sqlite:///{file}" if request.param == "sqlite" else request.getfixturevalue("postgres"))
    yield store
    store.close()


@pytest.fixture
def office(store: Store) -> Office:
    return Office(store.engine)


@pytest.fixture
def shops(store: Store) -> tuple[str, str]:
    """The ids of two shops."""
    ids = f"moss-{secrets.token_hex(3)}", f"fern-{secrets.token_hex(3)}"
    for identity in ids:
        Catalogues(store.engine).put_shop(Shop(id=identity, name=identity))
    return ids


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 3, 1, 12, tzinfo=UTC)

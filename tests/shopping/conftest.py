"""Shops for every test of shopping: the demo shops, loaded once, and empty databases of both kinds."""

from collections.abc import Iterator
from pathlib import Path

import pgserver
import pytest

from assistant.storage.store import Store
from skills.shopping.catalogue import DEMO_SHOPS, Catalogues, load_shop


@pytest.fixture(scope="session")
def demo_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A database with the demo shops in it; leave catalogues as they are."""
    store = Store(f"sqlite:///{tmp_path_factory.mktemp('shops') / 'sori.db'}")
    catalogues = Catalogues(store.engine)
    for folder in sorted(path.parent for path in DEMO_SHOPS.glob("*/shop.json")):
        load_shop(catalogues, folder)
    yield store
    store.close()


@pytest.fixture(scope="session")
def catalogues(demo_store: Store) -> Catalogues:
    """The demo shops' catalogues."""
    return Catalogues(demo_store.engine)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    server = pgserver.get_server(tmp_path_factory.mktemp("postgres"))
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A database of each kind with its tables; PostgreSQL's is the same in all tests, so name your shops apart."""
    url = f"sqlite:///{tmp_path / 'sori.db'}" if request.param == "sqlite" else request.getfixturevalue("postgres")
    store = Store(url)
    yield store
    store.close()

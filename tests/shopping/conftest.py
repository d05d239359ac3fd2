"""Shops for every test of shopping: the demo shops, loaded once, and empty databases of both kinds."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from assistant.storage.store import Store
from search_index import Encoder, open_encoder
from skills.shopping.catalogue import DEMO_SHOPS, Catalogues, load_shop
from skills.shopping.finding import ProductSearch
from tests.service.running import DATA


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
def encoder() -> Encoder:
    """The service's own, from the data that its tests prepare."""
    return open_encoder("minilm", DATA / "models" / "encoder", threads=1)


@pytest.fixture(scope="session")
def outfitters(
    catalogues: Catalogues, encoder: Encoder, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ProductSearch]:
    """The search of the demo shops, of which only Nordfell has an index."""
    search = ProductSearch(tmp_path_factory.mktemp("indexes"), encoder, catalogues, lambda: datetime.now(UTC))
    search.refresh("nordfell")
    yield search
    search.close()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A database of each kind with its tables, the same in all tests of a file, so name your shops apart."""
    file = tmp_path_factory.mktemp("databases") / "sori.db"
    store = Store(f"sqlite:///{file}" if request.param == "sqlite" else request.getfixturevalue("postgres"))
    yield store
    store.close()

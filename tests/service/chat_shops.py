"""Shops whose people are always there, or never, whatever the clock says."""

from collections.abc import Iterator
from contextlib import contextmanager

from assistant.paths import DataPaths
from assistant.storage.store import Store
from skills.shopping.catalogue import Catalogues
from skills.shopping.forgetting import forget_shop
from skills.shopping.shop import Opening, Shop
from tests.service.running import Running

OPEN, CLOSED = "always-there", "never-there"


@contextmanager
def chat_shops_of(service: Running, origin: str) -> Iterator[None]:
    """They are there while inside; the open one's widget may be on pages of `origin`."""
    store = Store(DataPaths(service.data_dir).database_url)
    catalogues = Catalogues(store.engine)
    hours = tuple(Opening(day=day, begin=0, end=1_440) for day in range(7))
    catalogues.put_shop(Shop(id=OPEN, name="Always There", opening=hours, origins=(origin,)))
    catalogues.put_shop(Shop(id=CLOSED, name="Never There"))
    yield
    for shop in (OPEN, CLOSED):
        forget_shop(store.engine, shop)
    store.close()

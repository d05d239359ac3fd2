"""A shop of a running service as its seller and its customers meet it: the console's forms, and the chat's socket."""

from __future__ import annotations

import asyncio
import re
import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import httpx
from sqlalchemy import select

from assistant.accounts.rights import Role
from assistant.chat.tables import facts
from assistant.paths import DataPaths
from assistant.storage.store import Store
from skills.fact import FactKind, Source
from skills.shopping.catalogue import Catalogues
from skills.shopping.forgetting import forget_shop
from skills.shopping.shop import Shop
from tests.service.chatting import chatting
from tests.service.console import Seller, signed_in
from tests.service.running import Running

WIDGETS, PAUSE_S = 8, 0.45
"""That ask side by side, each no faster than a client may."""
READ_WITHIN_S = 300.0


@dataclass(frozen=True)
class ConsoleShop:
    """A shop of its own, and somebody who is signed in as its owner."""

    service: Running
    store: Store
    seller: Seller

    def publish(self) -> httpx.Response:
        """Make the drafts live, as the button does."""
        return self.publish_seen(self.seller.get("publish"))

    def publish_seen(self, page: httpx.Response) -> httpx.Response:
        """The same from the page that one has open."""
        return _went(self.seller.post("publish", seen=_hidden(page.text, "seen"), which="all"))

    def bring(self, path: Path) -> None:
        """Import a file of answers: look at it, take it, publish."""
        looked = self.seller.post("answers/import", files={"file": (path.name, path.read_bytes(), "text/csv")})
        assert looked.status_code == 200, looked.text
        _went(self.seller.post("answers/import", token=_hidden(looked.text, "token"), do="take"))
        self.publish()

    def wait_until_read(self) -> float:
        """Until every wording is compared by its meaning; seconds."""
        began = time.perf_counter()
        while "is still reading" in self.seller.get("try").text:
            if time.perf_counter() - began > READ_WITHIN_S:
                raise TimeoutError("the service has not read its answers")
            time.sleep(0.2)
        return time.perf_counter() - began

    def ask(self, texts: Sequence[str]) -> list[tuple[str, float]]:
        """What the widgets are answered, each text in its own conversation: the id of the shop's answer, empty
        where there was none, and milliseconds.
        """
        return asyncio.run(self._ask(texts))

    async def _ask(self, texts: Sequence[str]) -> list[tuple[str, float]]:
        asked: list[tuple[str, float]] = [("", 0.0)] * len(texts)

        async def widget(places: range) -> None:
            async with chatting(self.service, self.seller.shop) as shopper:
                for place in places:
                    await shopper.send("new")
                    conversation = (await shopper.until("welcome"))["conversation"]
                    began = time.perf_counter()
                    await shopper.ask(texts[place])
                    asked[place] = conversation, 1000 * (time.perf_counter() - began)
                    await asyncio.sleep(PAUSE_S)

        await asyncio.gather(*(widget(range(first, len(texts), WIDGETS)) for first in range(WIDGETS)))
        own = select(facts.c.conversation, facts.c.subject).where(
            facts.c.shop == self.seller.shop, facts.c.kind == FactKind.ANSWERED, facts.c.source == Source.SHOP
        )
        with self.store.engine.connect() as connection:
            given = dict(connection.execute(own).tuples().all())
        return [(given.get(conversation, ""), milliseconds) for conversation, milliseconds in asked]


@contextmanager
def console_shop(service: Running) -> Iterator[ConsoleShop]:
    """A shop without products; gone afterwards."""
    store = Store(DataPaths(service.data_dir).database_url)
    catalogues, name = Catalogues(store.engine), f"measured-{secrets.token_hex(4)}"
    catalogues.put_shop(Shop(id=name, name="The Measured Shop"))
    try:
        with signed_in(service, Role.OWNER, name, store) as seller:
            yield ConsoleShop(service, store, seller)
    finally:
        forget_shop(store.engine, name)
        store.close()


def _hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, f"there is no field {name} in {page[:2000]}"
    return unescape(found[1])


def _went(response: httpx.Response) -> httpx.Response:
    assert response.status_code == 303, response.text[:2000]
    return response

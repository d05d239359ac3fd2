"""All of learning, put together: the inbox, what brings it up to date, what teaches, and what is proposed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime

import structlog
from sqlalchemy.engine import Engine

from assistant.learning.gathering import Gathering
from assistant.learning.inbox import Inbox
from assistant.learning.suggesting import PRODUCTS, Suggesting
from assistant.learning.teaching import Teaching
from assistant.shopping import Shopping
from search_index import Encoder
from skills.shopping.product import Product
from skills.storefront.drafting import drafted
from skills.storefront.drafting.assortment import assortment

log = structlog.get_logger(__name__)

WAIT_S = 0.05
"""What takes longer goes on beside the page."""


class Learning:
    """What a shop learns from its conversations."""

    def __init__(self, engine: Engine, shopping: Shopping, encoder: Encoder) -> None:
        """`engine` is a database that has the tables already."""
        self._shopping = shopping
        self.inbox = Inbox(engine)
        self.gathering = Gathering(engine, self.inbox, shopping.answers, encoder)
        self.teaching = Teaching(self.inbox, shopping.answers, shopping.desk)
        self.suggesting = Suggesting(engine, shopping.desk, shopping.buying.orders, self._policies, self._products)

        self._gathering: dict[str, asyncio.Task[int]] = {}

    async def up_to_date(self, shop: str, now: datetime) -> bool:
        """Bring a shop's inbox up to date; False where that takes longer than a page may, and goes on.

        Raises:
            ServiceError: `storage_failed`; StorefrontError.
        """
        task = self._gathering.get(shop)
        if task is None:
            task = asyncio.create_task(asyncio.to_thread(self.gathering.gather, shop, now))
            self._gathering[shop] = task
            task.add_done_callback(lambda done: self._gathered(shop, done))
        done, _ = await asyncio.wait({task}, timeout=WAIT_S)
        if done:
            await task
        return bool(done)

    def _gathered(self, shop: str, done: asyncio.Task[int]) -> None:
        del self._gathering[shop]
        if not done.cancelled() and (error := done.exception()):
            log.warning("questions were not gathered", shop=shop, why=str(error))

    def _policies(self, shop: str) -> Iterable[tuple[str, str, str]]:
        """What the shop's rules answer, each with what it was made from; its products are looked at singly."""
        profile = self._shopping.catalogues.shop(shop)
        if profile is None:
            return []
        hours = self._shopping.front.of(shop).timetable(profile).hours.week
        return [
            (one.answer.question, one.answer.answer, one.source[:1].upper() + one.source[1:])
            for one in drafted(profile, bool(hours), assortment(()))
        ]

    def _products(self, shop: str, text: str, named: Sequence[str]) -> Sequence[Product]:
        known = [self._shopping.catalogues.product(shop, one) for one in named]
        found = self._shopping.search.find(shop, text, limit=PRODUCTS).products
        return list({one.id: one for one in (*known, *found) if one}.values())[: 2 * PRODUCTS]

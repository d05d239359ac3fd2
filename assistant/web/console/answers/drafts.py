"""The drafts of a shop's answers, as its pages open and keep them."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import select

from assistant.chat.tables import facts
from assistant.storage.transactions import reading
from assistant.web.console.answers.wanted import Wanted
from assistant.web.console.frame import Visit
from skills.fact import FactKind, Source
from skills.storefront import ShopAnswers
from skills.storefront.listing import Listed
from skills.storefront.zones import zone


def answers_of(visit: Visit) -> ShopAnswers:
    """All that the shop's people edit, with its answers."""
    return visit.house.shopping.answers


def today_of(visit: Visit) -> date:
    """The date at the shop."""
    return visit.now.astimezone(zone(visit.shop.time_zone)).date()


async def chosen(visit: Visit, wanted: Wanted) -> list[Listed]:
    """The lines that a list shows, on all its pages."""
    shop, shopping, engine = visit.shop.id, visit.house.shopping, visit.house.store.engine

    def find(words: str, limit: int) -> Sequence[str]:
        return [one.answer.id for one in shopping.desk.find(shop, words, limit)]

    def used() -> Collection[str]:
        told = facts.c.shop == shop, facts.c.kind == FactKind.ANSWERED.value, facts.c.source == Source.SHOP.value
        with reading(engine) as connection:
            return set(connection.execute(select(facts.c.subject).where(*told).distinct()).scalars())

    return await asyncio.to_thread(lambda: wanted.choose(shopping.listings.of(shop), today_of(visit), find, used))


async def folders_of(visit: Visit) -> list[str]:
    """Every folder that there is."""
    return await asyncio.to_thread(visit.house.shopping.listings.folders, visit.shop.id)

"""Answers that a shop has twice, or that contradict each other: compared beside the page, since that takes a while."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass

from sanic import Blueprint, HTTPResponse

from assistant.accounts.rights import Right
from assistant.web.console.answers.listed import AT
from assistant.web.console.frame import Visit, page
from skills.storefront import AnswerDesk
from skills.storefront.alike import Alike, Contradiction, contradictions, duplicates

blueprint = Blueprint("console_answer_check")

SHOPS = 32
"""Whose outcome is held."""
SHOWN = 50
AT_ONCE_S = 0.05
"""A page waits that long for what may be there at once."""


@dataclass(frozen=True)
class Compared:
    """The drafts as they were at a revision."""

    revision: int
    twice: list[Alike]
    contradicting: list[Contradiction]


class Comparing:
    """Compares a shop's drafts, once for each of their revisions, one shop at a time."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, Compared] = OrderedDict()
        self._running: dict[str, asyncio.Task[None]] = {}
        self._turn = asyncio.Lock()

    async def of(self, desk: AnswerDesk, shop: str, revision: int) -> tuple[Compared | None, bool]:
        """What is known, and whether it is of this revision; where it is not, it will be."""
        if not self._is(shop, revision) and shop not in self._running:
            self._running[shop] = asyncio.create_task(self._compare(desk, shop, revision))
        if task := self._running.get(shop):
            await asyncio.wait({task}, timeout=AT_ONCE_S)
        return self._known.get(shop), self._is(shop, revision)

    def _is(self, shop: str, revision: int) -> bool:
        known = self._known.get(shop)
        return known is not None and known.revision == revision

    async def _compare(self, desk: AnswerDesk, shop: str, revision: int) -> None:
        try:
            async with self._turn:
                twice = await asyncio.to_thread(duplicates, desk, shop)
                against = await asyncio.to_thread(contradictions, desk, shop)
            self._known[shop] = Compared(revision, twice, against)
            self._known.move_to_end(shop)
            while len(self._known) > SHOPS:
                self._known.popitem(last=False)
        finally:
            del self._running[shop]


comparing = Comparing()


@page(blueprint, f"{AT}/check", Right.VIEW)
async def check(visit: Visit) -> HTTPResponse:
    """What is known now; the page asks again while it is not known."""
    shopping, shop = visit.house.shopping, visit.shop.id
    revision = await asyncio.to_thread(shopping.answers.draft_revision, shop)
    known, is_new = await comparing.of(shopping.desk, shop, revision)
    against = known.contradicting if known else []
    told = {(one.alike.one.id, one.alike.other.id) for one in against}
    twice = [one for one in known.twice if (one.one.id, one.other.id) not in told] if known else []
    return await visit.render(
        "console/answers/check.html",
        known=known is not None,
        is_new=is_new,
        contradicting=against[:SHOWN],
        twice=twice[:SHOWN],
        more=max(len(against), len(twice)) > SHOWN,
    )

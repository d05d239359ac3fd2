"""A shop's own answers where they come before anything is understood."""

from __future__ import annotations

import asyncio
import re

from skills.shopping.answering import shop_of
from skills.shopping.catalogue import Catalogues
from skills.shopping.deciding.asking.question import is_question
from skills.shopping.deciding.own_answers import OwnAnswers
from skills.shopping.deciding.replying import of_shop
from skills.shopping.memory import ShoppingMemory
from skills.skill import Action, ActionRequest, ActionResult
from skills.storefront import Match
from skills.storefront.naming import same

OF_AN_ORDER = re.compile(
    r"\b(?:orders?|parcels?|packages?|returns?|cancel\w*|exchange\w*|refund\w*|money|cart)\b", re.IGNORECASE
)
"""What is asked about one's own order is looked up and done, rather than told about."""


class OwnFirst:
    """In a shop without products nothing can be looked for, put into a cart or ordered, so that "I want to order" and
    "where is my parcel" can only be questions to it. In any shop, whoever asks word for word what its people have
    answered means just that, however much "can I borrow a lamp?" sounds like looking for a lamp.
    """

    def __init__(self, catalogues: Catalogues, own: OwnAnswers, before: Action) -> None:
        """`before` answers still earlier."""
        self._catalogues, self._own, self._before = catalogues, own, before

    async def act(self, request: ActionRequest) -> ActionResult:
        """The answer; no reply where what was said has to be understood."""
        result = await self._before(request)
        return result if result.reply else await asyncio.to_thread(self._answer, request)

    def _answer(self, request: ActionRequest) -> ActionResult:
        shop, asked = shop_of(request), ShoppingMemory.read(request.memory).pending
        match = None
        if shop and not asked:
            text = request.understanding.text
            own = self._verbatim if self._catalogues.sells(shop) else self._own.fitting
            match = own(request, shop, text)
        return of_shop(request, match) if match else ActionResult(None, request.memory)

    def _verbatim(self, request: ActionRequest, shop: str, text: str) -> Match | None:
        if not is_question(text) or OF_AN_ORDER.search(text):
            return None
        best = next(iter(self._own.best(request, shop, text)), None)
        return best if best and _said(best.answer.question) == _said(text) else None


def _said(text: str) -> str:
    return same(text).rstrip(" ?!.")

"""Tells a chat what became of its checkout where nobody asked there: it was paid on the payment's page."""

from __future__ import annotations

import asyncio

import structlog

from assistant.chat.chat import Chat
from assistant.chat.records import Body
from assistant.chat.rows import Draft
from assistant.chat.server_messages import Sender
from assistant.chat.sessions import Shopper
from assistant.errors import ServiceError
from assistant.shopping import Shopping, utc_now
from skills.errors import SkillError
from skills.fact import ordered
from skills.shop_view import ShopView
from skills.shopping.buying.checkout import Checkout
from skills.shopping.buying.checkout_words import status_words
from skills.shopping.buying.views import checkout_view

log = structlog.get_logger(__name__)


class OrderNews:
    """Belongs to one event loop; `tell` may be called from any thread."""

    def __init__(self, chat: Chat, shopping: Shopping) -> None:
        self._chat, self._shopping = chat, shopping
        self._loop = asyncio.get_running_loop()
        self._tasks: set[asyncio.Task[None]] = set()

    def tell(self, checkout: Checkout) -> None:
        """Say in its conversation where a checkout stands now; returns at once."""
        self._loop.call_soon_threadsafe(self._spawn, checkout)

    def _spawn(self, checkout: Checkout) -> None:
        task = asyncio.create_task(self._tell(checkout))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _tell(self, checkout: Checkout) -> None:
        try:
            shop = await asyncio.to_thread(self._shopping.catalogues.shop, checkout.shop)
            found = await asyncio.to_thread(self._chat.log.anyones, checkout.conversation)
            if shop is None or found is None or (found.shop, found.shopper) != (checkout.shop, checkout.shopper):
                return  # it was bought by a program, or at a speaker that no chat shows
            text = status_words(checkout, shop)
            view = ShopView(checkout=checkout_view(checkout, shop, ""))
            shopper = Shopper(found.shop, found.shopper, found.customer)
            facts = (ordered(checkout.order),) if checkout.order else ()
            draft = Draft(Sender.BOT, Body(text=text, speech=text, shop=view), facts)
            await self._chat.telling.add(shopper, found.id, [draft], utc_now())
            count = await asyncio.to_thread(self._shopping.buying.carts.count, shopper.shop, shopper.id)
            self._chat.telling.cart(shopper, count)
        except (ServiceError, SkillError) as error:
            log.warning("a chat does not show what became of a checkout", why=str(error))

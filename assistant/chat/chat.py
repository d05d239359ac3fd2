"""All of a shop's chat: what the sockets, the HTTP interface and the shop's people share."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from pathlib import Path

from assistant.chat.agent_feed import AgentFeed
from assistant.chat.answering import Answering
from assistant.chat.archive import Archive
from assistant.chat.desk import Desk
from assistant.chat.hub import Hub
from assistant.chat.log import ChatLog
from assistant.chat.once import Once
from assistant.chat.pairing import Pairings
from assistant.chat.rules import Rules
from assistant.chat.sessions import Sessions, Shopper
from assistant.chat.speakers import Speakers
from assistant.chat.surroundings import Surroundings
from assistant.chat.telling import Telling
from assistant.chat.voices import Voices
from assistant.errors import ServiceError
from assistant.metrics import Metrics
from assistant.storage.store import Store
from assistant.turn_report import TurnReport
from skills.shopping.product import ShopId
from skills.turn import Channel, Utterance


class Chat:
    """`start` once, within the event loop; `stop` once."""

    def __init__(self, around: Surroundings, store: Store, folder: Path, metrics: Metrics) -> None:
        """`folder` holds the service's secret."""
        self.around = around
        self.metrics = metrics
        self.log = ChatLog(store.engine)
        self.hub = Hub()
        self.sessions = Sessions(folder)
        self.pairings = Pairings(store.engine)
        self.voices = Voices()
        feed = AgentFeed()
        self.telling = Telling(self.log, self.hub, feed, metrics)
        self.rules = Rules(around, self.log, self.telling, Once(store.engine))
        self.answering = Answering(around, self.log, self.hub, self.telling, self.rules, metrics)
        self.speakers = Speakers(self.log, self.telling, self.pairings, store.history)
        self.desk = Desk(self.log, self.telling, feed, around.shop, around.front)
        self.archive = Archive(store.engine)
        self.connections = 0
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Look at the clock from now on."""
        self._spawn(asyncio.create_task(self.desk.watch_time()))

    async def stop(self) -> None:
        """What is not answered yet is answered after the next start."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.answering.stop()

    async def who(self, shop: ShopId, session: str | None, identity: str | None) -> Shopper:
        """Who says hello: the customer whom the shop's site vouches for, else whose the session is, else somebody new.

        A visitor's cart goes with them when they sign in; what they wrote does not, and stays the visitor's.

        Raises:
            ServiceError: `identity_invalid`, `session_invalid`.
        """
        if identity is None:
            return self.sessions.read(session, shop, time.time()) if session else self.sessions.new(shop)
        customer = self.sessions.vouched(identity, shop, time.time())
        if session:
            with suppress(ServiceError):  # one that is over, as after the customer's last visit
                guest = self.sessions.read(session, shop, time.time())
                if guest.customer is None:
                    await asyncio.to_thread(self.around.take_cart, shop, guest.id, customer.id)
        return customer

    def heard(self, utterance: Utterance, report: TurnReport) -> None:
        """Something was said; a chat hears of it by itself only where it was said in it."""
        if utterance.channel is not Channel.WIDGET:
            self._spawn(asyncio.create_task(self.speakers.mirror(utterance, report)))

    def _spawn(self, task: asyncio.Task[None]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

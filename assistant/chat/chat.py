"""All of a shop's chat: what the sockets, the HTTP interface and the shop's people share."""

from __future__ import annotations

import asyncio
import secrets
import time
from pathlib import Path

import structlog

from assistant.chat.agent_feed import AgentFeed
from assistant.chat.answering import Answering
from assistant.chat.desk import Desk
from assistant.chat.hub import Hub
from assistant.chat.log import ChatLog, Draft
from assistant.chat.pairing import Paired, Pairings
from assistant.chat.performing import Presence
from assistant.chat.records import Body, a_title
from assistant.chat.server_messages import Sender, ShopFace
from assistant.chat.sessions import Sessions, Shopper
from assistant.chat.surroundings import Surroundings, now
from assistant.chat.telling import Telling
from assistant.chat.voices import Voices
from assistant.errors import ServiceError
from assistant.metrics import Metrics
from assistant.storage.store import Store
from skills.shopping.product import ShopId
from skills.shopping.shop import Shop
from skills.turn import Channel, Reply, Utterance

log = structlog.get_logger(__name__)

PAIRED_FOR_S = 12 * 3_600
"""How long another device may speak for a customer without the shop's site."""
HELLO = "Hello! I am the assistant of {shop}. What are you looking for?"


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
        self.answering = Answering(around, self.log, self.hub, self.telling, metrics)
        self.desk = Desk(self.log, self.telling, feed, around.shop)
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

    def who(self, shop: ShopId, session: str | None, identity: str | None) -> Shopper:
        """Who says hello: the customer whom the shop's site vouches for, else whose the session is, else somebody new.

        What an anonymous shopper wrote stays theirs: it is not given to a customer who signs in later.

        Raises:
            ServiceError: `identity_invalid`, `session_invalid`.
        """
        if identity:
            return self.sessions.vouched(identity, shop, time.time())
        if session:
            return self.sessions.read(session, shop, time.time())
        return self.sessions.new(shop)

    def face(self, shop: Shop) -> ShopFace:
        """The shop, as the widget's head shows it now."""
        presence = Presence.of(shop, now())
        return ShopFace(
            name=shop.name,
            greeting=shop.greeting or HELLO.format(shop=shop.name),
            suggestions=shop.suggestions,
            language=shop.language,
            open=presence.open,
            opens="" if presence.open else presence.opens,
        )

    async def pair(self, shop: ShopId, utterance: Utterance) -> str:
        """A code that opens an utterance's conversation, from wherever it came, on another device.

        Raises:
            ServiceError: `storage_failed`.
        """
        until = round(time.time()) + PAIRED_FOR_S if utterance.user else None
        shopper = Shopper(shop, utterance.listener or utterance.conversation, utterance.user, until)
        conversation = await asyncio.to_thread(self._shown, shopper, utterance)
        return await asyncio.to_thread(self.pairings.make, Paired(shopper, conversation), now())

    def _shown(self, shopper: Shopper, utterance: Utterance) -> str:
        """The conversation as a chat; a new one where the speaker's has become another shop's chat before."""
        found = self.log.conversation(utterance.conversation, shopper.shop, shopper.id)
        if found:
            return found.id
        self.log.begin(utterance.conversation, shopper, utterance.language, a_title(utterance.text), now())
        if self.log.conversation(utterance.conversation, shopper.shop, shopper.id):
            return utterance.conversation
        return secrets.token_hex(16)

    def heard(self, utterance: Utterance, reply: Reply) -> None:
        """Something was said at a speaker: a chat that shows the conversation shows it too."""
        is_media = bool(reply.directives or reply.cards)
        if utterance.channel is not Channel.WIDGET and reply.text and utterance.text and not is_media:
            self._spawn(asyncio.create_task(self._mirror(utterance, reply)))

    async def _mirror(self, utterance: Utterance, reply: Reply) -> None:
        try:
            found = await asyncio.to_thread(self.log.anyones, utterance.conversation)
            if found is None or found.shopper != (utterance.listener or utterance.conversation):
                return
            view = reply.shop.model_copy(update={"pair_code": ""}) if reply.shop else None
            drafts = [
                Draft(Sender.SHOPPER, Body(text=utterance.text)),
                Draft(Sender.BOT, Body(text=reply.text, speech=reply.speech, shop=view)),
            ]
            await self.telling.add(Shopper(found.shop, found.shopper, found.customer), found.id, drafts, now())
        except ServiceError as error:
            log.warning("a chat does not show what was said at the speaker", why=error.message)

    def _spawn(self, task: asyncio.Task[None]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

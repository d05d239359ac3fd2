"""Keeps messages and tells everybody concerned of them: the shopper's tabs, and the shop's people."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from assistant.chat.agent_feed import AgentFeed
from assistant.chat.handover import Thread
from assistant.chat.hub import Hub, Member, tell
from assistant.chat.log import ChatLog, Draft, Move
from assistant.chat.records import Kept
from assistant.chat.server_messages import Cart, Delta, Sender, ServerMessage, StateChanged, Typing
from assistant.chat.sessions import Shopper
from assistant.metrics import Metrics


class Telling:
    """One way for what is said in a conversation to be kept and heard. Call `kept` inside `Hub.order`."""

    def __init__(self, log: ChatLog, hub: Hub, feed: AgentFeed, metrics: Metrics) -> None:
        self._log = log
        self._hub = hub
        self._feed = feed
        self._metrics = metrics

    async def add(
        self, shopper: Shopper, conversation: str, drafts: Sequence[Draft], now: datetime, move: Move | None = None
    ) -> bool:
        """Keep and tell what was not asked for; False, with nothing kept, if somebody else has changed who answers."""
        async with self._hub.order(conversation):
            kept = await asyncio.to_thread(self._log.add, conversation, drafts, now, move)
            if kept is None:
                return False
            await self.kept(shopper, conversation, kept)
            if move:
                self.state(shopper, conversation, move.after)
        return True

    async def kept(
        self,
        shopper: Shopper,
        conversation: str,
        kept: Sequence[Kept],
        but: Member | None = None,
        *,
        first: bool = False,
    ) -> None:
        """These messages are in the log now, `first` where they have made the conversation; `but` knows it."""
        showing = self._hub.showing(shopper.shop, shopper.id, conversation)
        for one in kept:
            self._metrics.chat_messages.labels(one.sender.value).inc()
            if one.sender is not Sender.INTERNAL:
                tell(showing, one.message(), but)
        members = self._hub.of(shopper.shop, shopper.id)
        others = members if first else [one for one in members if one.conversation != conversation]
        if others and kept:
            listed = await asyncio.to_thread(self._log.of_shopper, shopper.shop, shopper.id)
            for found, unread in listed:
                if found.id == conversation:
                    tell(others, found.listed(unread))
        self._feed.changed(shopper.shop, conversation)

    def state(self, shopper: Shopper, conversation: str, thread: Thread) -> None:
        """Somebody else answers from now on."""
        changed = StateChanged(state=thread.state, name=thread.agent or None)
        tell(self._hub.showing(shopper.shop, shopper.id, conversation), changed)
        self._feed.changed(shopper.shop, conversation)

    def typing(self, shopper: Shopper, conversation: str, sender: Literal["bot", "agent"]) -> None:
        """Somebody is at an answer."""
        tell(self._hub.showing(shopper.shop, shopper.id, conversation), Typing(sender=sender))

    def pieces(self, shopper: Shopper, conversation: str, question: str, pieces: Sequence[str]) -> None:
        """An answer, piece by piece, before it is kept."""
        showing = self._hub.showing(shopper.shop, shopper.id, conversation)
        for piece in pieces:
            tell(showing, Delta(id=question, text=piece))

    def cart(self, shopper: Shopper, count: int) -> None:
        """The shopper's cart has so many things now, in every conversation."""
        tell(self._hub.of(shopper.shop, shopper.id), Cart(count=count))

    def show(self, shopper: Shopper, conversation: str, message: ServerMessage, but: Member | None = None) -> None:
        """Something that is not in the log."""
        tell(self._hub.showing(shopper.shop, shopper.id, conversation), message, but)

"""What the people of a shop do with conversations: take, write, note, close; and what ends by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from assistant.chat import wording
from assistant.chat.agent_feed import AgentFeed
from assistant.chat.handover import Outcome, State, Thread
from assistant.chat.log import ChatLog, Draft, Move
from assistant.chat.performing import Presence
from assistant.chat.records import Body, Conversation, Kept
from assistant.chat.server_messages import Sender
from assistant.chat.sessions import Shopper
from assistant.chat.surroundings import now
from assistant.chat.telling import Telling
from assistant.errors import ServiceError
from skills.shopping.shop import Shop

log = structlog.get_logger(__name__)

LOOK_EVERY_S = 5.0
TRANSCRIPT_MAX = 500


@dataclass(frozen=True)
class Agent:
    """A person of one shop, by the name that shoppers see."""

    shop: str
    name: str


class Desk:
    """The conversations of all shops, as their people see them."""

    def __init__(
        self, chat_log: ChatLog, telling: Telling, feed: AgentFeed, shop: Callable[[str], Shop | None]
    ) -> None:
        self._log = chat_log
        self._telling = telling
        self._shop = shop
        self.feed = feed

    async def threads(self, agent: Agent) -> list[Conversation]:
        """What waits for people, is held by them, or has left a message."""
        return await asyncio.to_thread(self._log.threads, agent.shop)

    async def thread(self, agent: Agent, identity: str) -> tuple[Conversation, list[Kept]]:
        """A conversation with its newest messages.

        Raises:
            ServiceError: `conversation_unknown`.
        """
        found = await self._found(agent, identity)
        return found, await asyncio.to_thread(self._log.whole, identity, TRANSCRIPT_MAX)

    async def take(self, agent: Agent, identity: str) -> None:
        """Answer instead of the assistant.

        Raises:
            ServiceError: `conversation_unknown`, `conversation_taken`.
        """
        found = await self._found(agent, identity)
        after, outcome = found.thread.take(agent.name, now())
        if outcome is Outcome.ALREADY_TAKEN:
            return
        note = Draft(Sender.NOTE, Body(text=wording.joined(agent.name)))
        if outcome is not Outcome.TAKEN or not await self._change(found, after, [note]):
            raise _taken()

    async def say(self, agent: Agent, identity: str, text: str) -> None:
        """Write to the shopper, in a conversation that one holds.

        Raises:
            ServiceError: `conversation_unknown`, `conversation_not_held`.
        """
        found = await self._held(agent, identity)
        draft = Draft(Sender.AGENT, Body(text=text, name=agent.name, speech=text))
        if not await self._change(found, found.thread.write(now()), [draft]):
            raise _not_held()

    async def note(self, agent: Agent, identity: str, text: str) -> None:
        """Write what only the shop's people see; raises ServiceError(`conversation_unknown`)."""
        found = await self._found(agent, identity)
        draft = Draft(Sender.INTERNAL, Body(text=text, name=agent.name))
        await self._telling.add(_shopper(found), found.id, [draft], now())

    async def typing(self, agent: Agent, identity: str) -> None:
        """Show the shopper that one writes; raises as `say`."""
        found = await self._held(agent, identity)
        self._telling.typing(_shopper(found), found.id, "agent")

    async def close(self, agent: Agent, identity: str) -> None:
        """End a conversation that one holds, or put a message away that was answered by mail; raises as `say`."""
        found = await self._found(agent, identity)
        if found.contact:
            await asyncio.to_thread(self._log.leave_contact, identity, "")
            if not found.thread.with_people:
                self.feed.changed(agent.shop, identity)
                return
        after, outcome = found.thread.close(agent.name)
        note = Draft(Sender.NOTE, Body(text=wording.closed(agent.name)))
        if outcome is not Outcome.CLOSED or not await self._change(found, after, [note]):
            raise _not_held()

    async def watch_time(self) -> None:
        """End what has waited, or been silent, for too long; until cancelled."""
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            try:
                await self.look_at(now())
            except ServiceError as error:
                log.warning("waiting chats were not looked at", why=error.message)

    async def look_at(self, at: datetime) -> None:
        """End what has waited, or been silent, for too long at a time."""
        for found in await asyncio.to_thread(self._log.overdue, at):
            after, outcome = found.thread.pass_time(at)
            shop = await asyncio.to_thread(self._shop, found.shop)
            opens = Presence.of(shop, at).opens if shop else ""
            text, view = wording.on_time(outcome, found.thread.agent, opens)
            await self._change(found, after, [Draft(Sender.NOTE, Body(text=text, shop=view))])

    async def _change(self, found: Conversation, after: Thread, drafts: list[Draft]) -> bool:
        return await self._telling.add(_shopper(found), found.id, drafts, now(), Move(found.thread, after))

    async def _found(self, agent: Agent, identity: str) -> Conversation:
        found = await asyncio.to_thread(self._log.conversation, identity[:64], agent.shop)
        if found is None:
            raise ServiceError("conversation_unknown", "There is no such conversation here.", 404)
        return found

    async def _held(self, agent: Agent, identity: str) -> Conversation:
        found = await self._found(agent, identity)
        if found.thread.state is not State.AGENT or found.thread.agent != agent.name:
            raise _not_held()
        return found


def _shopper(found: Conversation) -> Shopper:
    return Shopper(found.shop, found.shopper, found.customer)


def _taken() -> ServiceError:
    return ServiceError("conversation_taken", "Somebody else answers there.", 409)


def _not_held() -> ServiceError:
    return ServiceError("conversation_not_held", "Take this conversation first.", 409)

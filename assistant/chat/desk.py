"""What the people of a shop do with conversations: take, write, note, close; and what ends by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from assistant.chat import wording
from assistant.chat.agent_feed import AgentFeed
from assistant.chat.facts import agent_replied
from assistant.chat.handover import Outcome, State, Thread
from assistant.chat.log import ChatLog
from assistant.chat.performing import Presence
from assistant.chat.records import Body, Conversation, Kept
from assistant.chat.rows import Draft, Move
from assistant.chat.server_messages import Sender
from assistant.chat.sessions import Shopper
from assistant.chat.surroundings import now
from assistant.chat.telling import Telling
from assistant.errors import ServiceError
from skills.fact import Fact, FactKind, HandOver
from skills.shopping.shop import Shop
from skills.storefront.front import Storefront

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
        self,
        chat_log: ChatLog,
        telling: Telling,
        feed: AgentFeed,
        shop: Callable[[str], Shop | None],
        front: Callable[[str], Storefront],
    ) -> None:
        self._log = chat_log
        self._telling = telling
        self._shop = shop
        self._front = front
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
        came = Fact(kind=FactKind.HANDED_OVER, subject=HandOver.TAKEN)
        note = Draft(Sender.NOTE, Body(text=await self._says(agent, "person.joined")), (came,))
        if outcome is not Outcome.TAKEN or not await self._change(found, after, [note]):
            raise _taken()

    async def say(self, agent: Agent, identity: str, text: str) -> None:
        """Write to the shopper, in a conversation that one holds.

        Raises:
            ServiceError: `conversation_unknown`, `conversation_not_held`.
        """
        found = await self._held(agent, identity)
        asked_at = found.thread.asked_at or now()
        since = await asyncio.to_thread(self._log.waits_since, identity, asked_at)
        replied = (agent_replied(since, now()),)
        draft = Draft(Sender.AGENT, Body(text=text, name=agent.name, speech=text), replied)
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
        note = Draft(Sender.NOTE, Body(text=await self._says(agent, "person.closed")))
        if outcome is not Outcome.CLOSED or not await self._change(found, after, [note]):
            raise _not_held()

    async def hand_back(self, agent: Agent, identity: str) -> None:
        """Let the assistant go on, in a conversation that one holds or in which nobody can come; raises as `say`."""
        found = await self._found(agent, identity)
        after, outcome = found.thread.hand_back(agent.name)
        if found.thread.state is State.WAITING:
            note = await asyncio.to_thread(self._nobody, agent.shop, now())
        else:
            note = Draft(Sender.NOTE, Body(text=await self._says(agent, "person.handed_back")))
        if outcome is not Outcome.HANDED_BACK or not await self._change(found, after, [note]):
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
            note = await asyncio.to_thread(self._on_time, found, outcome, at)
            await self._change(found, after, [note])

    def _nobody(self, shop: str, at: datetime) -> Draft:
        """Nobody comes, as the shopper is told."""
        presence = self._presence(shop, at)
        text, view = wording.on_time(presence.says, Outcome.NOBODY_CAME, "", presence.opens)
        fact = Fact(kind=FactKind.HANDED_OVER, subject=HandOver.NOBODY_CAME)
        return Draft(Sender.NOTE, Body(text=text, shop=view), (fact,))

    def _on_time(self, found: Conversation, outcome: Outcome, at: datetime) -> Draft:
        if outcome is Outcome.NOBODY_CAME:
            return self._nobody(found.shop, at)
        presence = self._presence(found.shop, at)
        text, view = wording.on_time(presence.says, outcome, found.thread.agent, presence.opens)
        return Draft(Sender.NOTE, Body(text=text, shop=view))

    async def _says(self, agent: Agent, reply: str) -> str:
        presence = await asyncio.to_thread(self._presence, agent.shop, now())
        return presence.says.say(reply, agent=agent.name)

    def _presence(self, shop: str, at: datetime) -> Presence:
        found = self._shop(shop)
        return Presence.of(found, self._front(shop), at) if found else Presence(open=False, opens="")

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

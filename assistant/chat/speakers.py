"""Conversations that go on in a shop's chat after a speaker: the code that opens them, and what is said since."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable, Sequence
from datetime import timedelta

import structlog

from assistant.chat.facts import WROTE, facts_of
from assistant.chat.log import ChatLog
from assistant.chat.pairing import Paired, Pairings
from assistant.chat.records import HIDDEN, Body, a_title
from assistant.chat.rows import Draft
from assistant.chat.server_messages import Sender
from assistant.chat.sessions import Shopper
from assistant.chat.surroundings import now
from assistant.chat.telling import Telling
from assistant.errors import ServiceError
from assistant.storage.store import StoredTurn
from assistant.turn_report import TurnReport
from skills.fact import Fact
from skills.shopping.product import ShopId
from skills.turn import Reply, Utterance

log = structlog.get_logger(__name__)

PAIRED_FOR_S = 12 * 3_600
"""How long another device may speak for a customer without the shop's site."""
SHOWN = 5
"""Turns from before that the chat begins with."""


class Speakers:
    """What chats and speakers have in common."""

    def __init__(
        self,
        chat_log: ChatLog,
        telling: Telling,
        pairings: Pairings,
        history: Callable[[str, int], Sequence[StoredTurn]],
    ) -> None:
        """`history` gives the last turns of a conversation, oldest first."""
        self._log = chat_log
        self._telling = telling
        self._pairings = pairings
        self._history = history

    async def pair(self, shop: ShopId, utterance: Utterance) -> str:
        """A code that opens an utterance's conversation, from wherever it came, on another device.

        Raises:
            ServiceError: `storage_failed`.
        """
        until = round(time.time()) + PAIRED_FOR_S if utterance.user else None
        shopper = Shopper(shop, utterance.listener or utterance.conversation, utterance.user, until)
        conversation = await asyncio.to_thread(self._as_chat, shopper, utterance)
        return await asyncio.to_thread(self._pairings.make, Paired(shopper, conversation), now())

    async def mirror(self, utterance: Utterance, report: TurnReport) -> None:
        """Something was said at a speaker: a chat that shows the conversation shows it too."""
        took = timedelta(milliseconds=report.trace.total_ms)
        facts = facts_of(report.facts, report.reply.shop, took, private=report.private)
        drafts = _drafts(HIDDEN if report.private else report.transcript, report.reply, facts)
        if not drafts:
            return
        try:
            found = await asyncio.to_thread(self._log.anyones, utterance.conversation)
            if found and found.shopper == (utterance.listener or utterance.conversation):
                shopper = Shopper(found.shop, found.shopper, found.customer)
                await self._telling.add(shopper, found.id, drafts, now())
        except ServiceError as error:
            log.warning("a chat does not show what was said at the speaker", why=error.message)

    def _as_chat(self, shopper: Shopper, utterance: Utterance) -> str:
        """The conversation as a chat; a new one where the speaker's has become another shop's chat before."""
        found = self._log.conversation(utterance.conversation, shopper.shop, shopper.id)
        if found:
            return found.id
        turns = self._history(utterance.conversation, SHOWN)
        before = [draft for turn in turns for draft in _drafts(turn.said, Reply.model_validate(turn.reply))]
        title = a_title(before[0].body.text if before else utterance.text)
        self._log.begin(utterance.conversation, shopper, utterance.language, title, now())
        if self._log.conversation(utterance.conversation, shopper.shop, shopper.id) is None:
            return secrets.token_hex(16)
        self._log.add(utterance.conversation, before, now())
        return utterance.conversation


def _drafts(said: str, reply: Reply, facts: tuple[Fact, ...] = ()) -> list[Draft]:
    """A turn as messages; none for what was not the shop's."""
    if not said or not reply.text or reply.directives or reply.cards:
        return []
    view = reply.shop.model_copy(update={"pair_code": ""}) if reply.shop else None
    answer = Body(text=reply.text, speech=reply.speech, quick_replies=reply.quick_replies, shop=view)
    return [Draft(Sender.SHOPPER, Body(text=said), (WROTE,)), Draft(Sender.BOT, answer, facts)]

"""Answers what shoppers write: each message of a conversation in its turn, and each exactly once."""

from __future__ import annotations

import asyncio
import hashlib
import re
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace

import structlog

from assistant.chat import wording
from assistant.chat.facts import facts_of
from assistant.chat.handover import Thread
from assistant.chat.hub import Hub
from assistant.chat.log import ChatLog
from assistant.chat.performing import Call, Performed, Presence, failed, perform
from assistant.chat.records import Kept
from assistant.chat.rows import Draft
from assistant.chat.rules import Rules
from assistant.chat.server_messages import Error, Sender
from assistant.chat.sessions import Shopper
from assistant.chat.surroundings import Surroundings, now
from assistant.chat.telling import Telling
from assistant.errors import ServiceError
from assistant.metrics import Metrics
from assistant.turn_report import Outcome, TurnReport
from skills.fact import Fact, Missing, unanswered
from skills.shopping.system_replies import Wordings
from skills.storefront.front import Storefront
from skills.turn import Channel, Hypothesis, Reply, Utterance

log = structlog.get_logger(__name__)

WAITING_MAX = 8
"""Questions of one conversation that may wait; a person never has this many."""
TYPING_AFTER_S = 0.3
"""What is answered sooner needs no sign that it is being worked at."""
LONG = 240
"""Characters from which on an answer is shown piece by piece."""
_SENTENCE = re.compile(r"[^.!?]*[.!?]+\s*|[^.!?]+$")


@dataclass(frozen=True)
class Question:
    """What a shopper wrote, and who that is; `again` where the service was stopped before it could answer."""

    shopper: Shopper
    language: str
    kept: Kept
    again: bool = False

    @property
    def conversation(self) -> str:
        return self.kept.conversation


@dataclass(frozen=True)
class Recovered:
    """What is kept of a turn whose answer was not: a reply is kept only of turns that came to one."""

    reply: Reply
    private: bool
    outcome: Outcome = Outcome.ANSWERED
    failure: None = None
    facts: tuple[Fact, ...] = ()


class Answering:
    """The questions that are waiting, by conversation. The turn engine makes older utterances void when a newer one
    comes, as is right for somebody who speaks; what was written is answered, so here one waits for the other.
    """

    def __init__(
        self, around: Surroundings, chat_log: ChatLog, hub: Hub, telling: Telling, rules: Rules, metrics: Metrics
    ) -> None:
        self._around = around
        self._log = chat_log
        self._hub = hub
        self._telling = telling
        self._rules = rules
        self._metrics = metrics
        self._waiting: dict[str, deque[Question]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def check_room(self, conversation: str) -> None:
        """Whether one more question can wait.

        Raises:
            ServiceError: `conversation_busy`.
        """
        if len(self._waiting.get(conversation, ())) >= WAITING_MAX:
            raise ServiceError("conversation_busy", "One thing at a time, please: I am still answering.", 429)

    def put(self, question: Question) -> None:
        """Answer it once those before it are answered; one that is waiting already is not put in twice."""
        waiting = self._waiting.get(question.conversation)
        if waiting is None:
            self._waiting[question.conversation] = deque([question])
            task = asyncio.create_task(self._work(question.conversation))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        elif all(one.kept.seq != question.kept.seq for one in waiting):
            waiting.append(question)

    async def stop(self) -> None:
        """Leave what is not answered yet for the next start."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _work(self, conversation: str) -> None:
        waiting = self._waiting[conversation]
        try:
            while waiting:
                await self._attend(waiting[0])
                waiting.popleft()
        finally:
            del self._waiting[conversation]

    async def _attend(self, question: Question) -> None:
        """Whatever goes wrong with one, the next one is answered."""
        started = time.perf_counter()
        try:
            await self._answer(question)
        except ServiceError as error:  # the database: the question stays unanswered, and is asked when they come again
            about = Error.of(error, about=question.kept.client_id)
            self._telling.show(question.shopper, question.conversation, about)
        except Exception:
            log.exception("a chat message was not answered", conversation=question.conversation)
        self._metrics.chat_seconds.observe(time.perf_counter() - started)

    async def _answer(self, question: Question) -> None:
        shopper, conversation = question.shopper, question.conversation
        shop = await asyncio.to_thread(self._around.shop, shopper.shop)
        if shop is None:
            raise ServiceError("shop_unknown", "There is no such shop.", 404)
        rules = await asyncio.to_thread(self._around.front, shop.id)
        report = await self._report(question, rules.says(shop))
        call = await self._call(question, report, rules)
        self._telling.pieces(shopper, conversation, question.kept.client_id or "", pieces_of(report.reply.text))
        async with self._hub.order(conversation):
            for _ in range(3):  # an agent may take the conversation, or leave it, at this very moment
                concerns = call is not Call.NONE or bool(report.reply.action)
                thread, at = await self._thread(question) if concerns else Thread(), now()
                if fault := _fault(report):
                    lost = (unanswered(Missing.FAILED, question.kept.body.text),)
                    done = Performed(failed(fault, question.kept.body, private=report.private), facts=lost)
                else:
                    done = perform(report.reply, question.kept.body, thread, Presence.of(shop, rules, at), at, call)
                    done = replace(done, facts=(*report.facts, *done.facts))
                if await self._keep(question, done, private=report.private):
                    return

    async def _call(self, question: Question, report: TurnReport | Recovered, rules: Storefront) -> Call:
        """Whether the shop's rules call a person, who was not asked for."""
        body = question.kept.body
        if body.tap or report.failure or report.reply.action or not report.reply.text:
            return Call.NONE
        return await self._rules.call(rules, question.shopper.shop, question.conversation, body.text, report.facts)

    async def _thread(self, question: Question) -> Thread:
        """Who answers now."""
        shopper = question.shopper
        found = await asyncio.to_thread(self._log.conversation, question.conversation, shopper.shop, shopper.id)
        return found.thread if found else Thread()

    async def _keep(self, question: Question, done: Performed, *, private: bool) -> bool:
        shopper, conversation = question.shopper, question.conversation
        if done.contact:
            await asyncio.to_thread(self._log.leave_contact, conversation, done.contact)
        asked = replace(question.kept, body=question.kept.body.answered(private=private))
        at = now()
        facts = facts_of(done.facts, done.body.shop, at - asked.at, private=private)
        drafts = [Draft(Sender.BOT, done.body, facts)]
        kept = await asyncio.to_thread(self._log.answer, asked, drafts, at, done.move)
        if kept is None:
            return False
        await self._telling.kept(shopper, conversation, kept)
        if done.move:
            self._telling.state(shopper, conversation, done.move.after)
        view = done.body.shop
        if view and view.cart:
            self._telling.cart(shopper, view.cart.count)
        return True

    async def _report(self, question: Question, says: Wordings) -> TurnReport | Recovered:
        """The turn, or what is left of it where the service was killed after it."""
        utterance = _utterance(question)
        if question.again:
            request = utterance.dialog_request_id
            kept = await asyncio.to_thread(self._around.kept_turn, question.conversation, request)
            if kept:
                return Recovered(Reply.model_validate(kept.reply), private=not kept.said)
        turn = asyncio.ensure_future(self._around.turn(utterance))
        done, _ = await asyncio.wait({turn}, timeout=TYPING_AFTER_S)
        if not done:
            self._telling.typing(question.shopper, question.conversation, "bot")
        report = await turn
        if report.reply.text or report.reply.shop:
            return report
        not_caught = says.say("chat.not_caught")
        reply = report.reply.model_copy(update={"text": not_caught, "speech": not_caught})
        return report.model_copy(update={"reply": reply})


def _fault(report: TurnReport | Recovered) -> str:
    """What to say of a turn that failed."""
    if report.outcome is Outcome.SUPERSEDED:  # by something said at the speaker in the same conversation
        return wording.SPOILT
    return report.failure.message if report.failure else ""


def request_of(conversation: str, client_id: str) -> str:
    """The dialog request of a message: the same whenever it is asked, and no other conversation's."""
    return hashlib.sha256(f"{conversation} {client_id}".encode()).hexdigest()[:32]


def _utterance(question: Question) -> Utterance:
    kept, body = question.kept, question.kept.body
    return Utterance(
        conversation=kept.conversation,
        dialog_request_id=request_of(kept.conversation, kept.client_id or ""),
        channel=Channel.WIDGET,
        alternatives=body.heard or (Hypothesis(text=body.text),),
        spoken=bool(body.heard),
        unknown=body.unknown,
        language=question.language,
        store=question.shopper.shop,
        page_item=body.page.product if body.page else None,
        page_url=body.page.url if body.page else "",
        listener=question.shopper.id,
        user=question.shopper.customer,
        tap=body.tap,
    )


def pieces_of(text: str) -> Sequence[str]:
    """A long text by sentences; none of a short one, which comes whole."""
    return _SENTENCE.findall(text) if len(text) >= LONG else ()

"""Answers what shoppers write: each message of a conversation in its turn, and each exactly once."""

from __future__ import annotations

import asyncio
import hashlib
import re
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from assistant.chat import wording
from assistant.chat.hub import Hub
from assistant.chat.log import ChatLog, Draft
from assistant.chat.performing import Performed, Presence, failed, perform
from assistant.chat.records import Kept
from assistant.chat.server_messages import Error, Sender
from assistant.chat.sessions import Shopper
from assistant.chat.surroundings import Surroundings, now
from assistant.chat.telling import Telling
from assistant.errors import ServiceError
from assistant.metrics import Metrics
from assistant.turn_report import Outcome
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


class Answering:
    """The questions that are waiting, by conversation. The turn engine makes older utterances void when a newer one
    comes, as is right for somebody who speaks; what was written is answered, so here one waits for the other.
    """

    def __init__(self, around: Surroundings, chat_log: ChatLog, hub: Hub, telling: Telling, metrics: Metrics) -> None:
        self._around = around
        self._log = chat_log
        self._hub = hub
        self._telling = telling
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
        reply, fault = await self._reply(question)
        self._telling.pieces(shopper, conversation, question.kept.client_id or "", _pieces(reply.text))
        async with self._hub.order(conversation):
            for _ in range(3):  # an agent may take the conversation, or leave it, at this very moment
                found = await asyncio.to_thread(self._log.conversation, conversation, shopper.shop, shopper.id)
                if found is None:
                    return
                at = now()
                if fault:
                    done = Performed(failed(fault, question.kept.body))
                else:
                    done = perform(reply, question.kept.body, found.thread, Presence.of(shop, at), at)
                if await self._keep(question, done):
                    return

    async def _keep(self, question: Question, done: Performed) -> bool:
        shopper, conversation = question.shopper, question.conversation
        if done.contact:
            await asyncio.to_thread(self._log.leave_contact, conversation, done.contact)
        drafts = [Draft(Sender.BOT, done.body)]
        kept = await asyncio.to_thread(self._log.answer, question.kept, drafts, now(), done.move)
        if kept is None:
            return False
        await self._telling.kept(shopper, conversation, kept)
        if done.move:
            self._telling.state(shopper, conversation, done.move.after)
        view = done.body.shop
        if view and view.cart:
            self._telling.cart(shopper, view.cart.count)
        return True

    async def _reply(self, question: Question) -> tuple[Reply, str]:
        """The reply, and what to say where it failed."""
        utterance = _utterance(question)
        request = utterance.dialog_request_id
        if question.again:
            kept = await asyncio.to_thread(self._around.kept_reply, question.conversation, request)
            if kept:
                return kept, ""
        turn = asyncio.ensure_future(self._around.turn(utterance))
        done, _ = await asyncio.wait({turn}, timeout=TYPING_AFTER_S)
        if not done:
            self._telling.typing(question.shopper, question.conversation, "bot")
        report = await turn
        if report.outcome is Outcome.SUPERSEDED:  # by something said at the speaker in the same conversation
            return report.reply, wording.SPOILT
        if report.failure:
            return report.reply, report.failure.message
        if not report.reply.text and not report.reply.shop:
            return report.reply.model_copy(update={"text": wording.NOT_CAUGHT, "speech": wording.NOT_CAUGHT}), ""
        return report.reply, ""


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
        listener=question.shopper.id,
        user=question.shopper.customer,
        tap=body.tap,
    )


def _pieces(text: str) -> Sequence[str]:
    """A long text by sentences; none of a short one, which comes whole."""
    return _SENTENCE.findall(text) if len(text) >= LONG else ()

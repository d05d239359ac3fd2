"""One turn: from an utterance to a reply, through understanding, the skill's action and memory."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

import structlog
from structlog.contextvars import bound_contextvars

from assistant.dialogue import ActionCall, ActionResult, Dialogue, DialogueError, ResponseCall
from assistant.errors import ServiceError
from assistant.metrics import Metrics
from assistant.ordering import TurnOrder
from assistant.storage.store import Conversation, Store, StoredTurn
from assistant.trace import Trace
from assistant.turn_report import Failure, TurnReport
from skills.registry import Skills
from skills.skill import ActionRequest, Understanding
from skills.turn import QuickReply, Reply, Utterance

log = structlog.get_logger(__name__)

REQUEST = "dialog_request_id"
"""Names the running turn in the metadata that comes back with the dialogue's calls."""

NOTHING_HEARD = "I did not hear anything. Press the button and say it again, or type it."

ASK_AGAIN = "I have lost my train of thought, sorry. Please ask again in a few seconds."

NOTHING_TO_SAY = "I am not sure what to do with that. Say help to hear what I can do."

NOT_UNDERSTOOD = Understanding(text="", intent="", confidence=0.0)

STARTERS = (
    QuickReply(text="Find a talk", utterance="find me a talk about black holes"),
    QuickReply(text="Something calm", utterance="something calm for the evening"),
    QuickReply(text="Help", utterance="help"),
)


@dataclass
class _Running:
    """A turn while it runs, for the calls that the dialogue makes back."""

    utterance: Utterance
    conversation: Conversation
    trace: Trace
    memory: dict[str, Any]
    reply: Reply | None = None
    responses: list[str] = field(default_factory=list)


class TurnEngine:
    """Runs turns, one at a time within a conversation. Every turn ends: with a reply or with a named failure."""

    def __init__(self, *, skills: Skills, store: Store, metrics: Metrics, timeout_s: float, budget_ms: float) -> None:
        self._skills = skills
        self._store = store
        self._metrics = metrics
        self._timeout_s = timeout_s
        self._budget_ms = budget_ms
        self._order = TurnOrder()
        self._running: dict[str, _Running] = {}

    async def run(self, utterance: Utterance, dialogue: Dialogue, trace: Trace | None = None) -> TurnReport:
        """Answer one utterance; never raises for what a user or a part of the house can cause."""
        with bound_contextvars(conversation=utterance.conversation, dialog_request_id=utterance.dialog_request_id):
            return await self._run(utterance, dialogue, trace or Trace())

    async def _run(self, utterance: Utterance, dialogue: Dialogue, trace: Trace) -> TurnReport:
        understanding, failure = NOT_UNDERSTOOD, None
        try:
            async with self._order.turn(utterance.conversation):
                reply, understanding = await self._answer(utterance, dialogue, trace)
        except (ServiceError, DialogueError) as error:
            failure = _failure(error)
            log.warning("turn failed", code=failure.code, error=str(error))
            reply = self._apology(utterance, failure)
        except Exception:
            # A fault of ours must not leave somebody waiting for an answer that never comes.
            log.exception("turn failed")
            failure = Failure(code="internal_error", message=ASK_AGAIN)
            reply = self._apology(utterance, failure)
        self._metrics.turn(trace, utterance.channel, failure.code if failure else "", self._budget_ms)
        # What was said is the speaker's own business: the log has what was made of it.
        log.info("turn", channel=utterance.channel.value, intent=understanding.intent, milliseconds=trace.total_ms)
        return TurnReport.of(utterance, understanding, reply, failure, trace)

    async def _answer(self, utterance: Utterance, dialogue: Dialogue, trace: Trace) -> tuple[Reply, Understanding]:
        with trace.stage("memory"):
            conversation = await asyncio.to_thread(self._store.conversation, utterance.conversation)
        running = _Running(utterance, conversation, trace, dict(conversation.memory))
        self._running[utterance.dialog_request_id] = running
        try:
            if utterance.text.strip():
                understanding = await self._converse(running, dialogue)
            else:
                understanding = NOT_UNDERSTOOD
                running.responses.append(NOTHING_HEARD)
        finally:
            del self._running[utterance.dialog_request_id]
        reply = running.reply or self._fixed_reply(running)
        if utterance.text.strip():
            await self._remember(running, understanding, reply)
        return reply, understanding

    async def _converse(self, running: _Running, dialogue: Dialogue) -> Understanding:
        utterance = running.utterance
        metadata = {REQUEST: utterance.dialog_request_id}
        turn = await dialogue.turn(utterance.conversation, utterance.text, metadata, self._timeout_s)
        running.trace.add("understanding", turn.timings.understanding)
        running.trace.add("dialogue", turn.timings.total - turn.timings.understanding - turn.timings.callbacks)
        return turn.understanding

    async def on_action(self, call: ActionCall) -> ActionResult:
        """Run the skill's action that the dialogue chose; what it says goes into the running turn's reply."""
        running = self._running.get(call.metadata[REQUEST])
        if running is None:
            return ActionResult()  # the turn has been given up meanwhile: nobody waits for what this would say
        skill, action = self._skills.find(call.name)
        request = ActionRequest(running.utterance, call.understanding, running.memory.get(skill, {}))
        started = time.perf_counter()
        result = await action(request)
        inside = sum(result.stages_ms.values())
        running.trace.add("action", max(0.0, (time.perf_counter() - started) * 1000 - inside))
        for stage, milliseconds in result.stages_ms.items():
            running.trace.add(stage, milliseconds)
        running.memory[skill] = dict(result.memory)
        running.reply = result.reply
        return ActionResult([{"event": "slot", "name": name, "value": value} for name, value in result.slots.items()])

    async def on_response(self, call: ResponseCall) -> str:
        """Word a fixed response: its variants take turns, so that chance never decides what is said."""
        running = self._running.get(call.metadata[REQUEST])
        if running is None:
            return call.variants[0]
        text = call.variants[running.conversation.turns % len(call.variants)]
        running.responses.append(text)
        return text

    def _fixed_reply(self, running: _Running) -> Reply:
        text = " ".join(running.responses) or NOTHING_TO_SAY
        return Reply(
            dialog_request_id=running.utterance.dialog_request_id, speech=text, text=text, quick_replies=STARTERS
        )

    def _apology(self, utterance: Utterance, failure: Failure) -> Reply:
        return Reply(dialog_request_id=utterance.dialog_request_id, speech=failure.message, text=failure.message)

    async def _remember(self, running: _Running, understanding: Understanding, reply: Reply) -> None:
        stored = StoredTurn(
            conversation=running.utterance.conversation,
            dialog_request_id=running.utterance.dialog_request_id,
            channel=running.utterance.channel.value,
            said=running.utterance.text,
            intent=understanding.intent,
            reply=reply.model_dump(mode="json"),
        )
        with running.trace.stage("memory"):
            await asyncio.to_thread(self._store.save, stored, running.memory)


def _failure(error: ServiceError | DialogueError) -> Failure:
    if isinstance(error, ServiceError):
        return Failure(code=error.code, message=error.message)
    return Failure(code=error.code, message=_DIALOGUE_MESSAGES.get(error.code, ASK_AGAIN))


_DIALOGUE_MESSAGES = {
    "dialogue_busy": "One thing at a time, please: I am still answering.",
    "dialogue_bad_text": "I could not read that. Please say it in words.",
    "dialogue_timeout": "That took me too long, sorry. Please ask again.",
}

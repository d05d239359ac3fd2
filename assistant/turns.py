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
from assistant.hypotheses import Choice, Decision
from assistant.interpreter import Interpreter
from assistant.metrics import Metrics
from assistant.ordering import Place, TurnOrder
from assistant.prompts import prompt
from assistant.rehearsals import Keeps, Rehearsals
from assistant.reprompts import Miss, Reprompt, after_miss
from assistant.standing_replies import (
    ASK_AGAIN,
    PLAYER_IGNORED,
    after_note,
    apology,
    failure_of,
    question,
    silent,
    two_options,
    words,
)
from assistant.storage.store import Conversation, Store, StoredTurn
from assistant.trace import Trace
from assistant.turn_memory import KEY, Option, TurnMemory
from assistant.turn_report import (
    ChoiceReport,
    Failure,
    Outcome,
    TurnReport,
    report_choice,
    report_trace,
    report_understanding,
)
from skills.errors import UnknownActionError
from skills.face import Face, face_of
from skills.fact import Fact, Missing, unanswered
from skills.registry import Skills
from skills.skill import Action, ActionRequest, Understanding
from skills.skill import ActionResult as SkillResult
from skills.turn import Hypothesis, Reply, Tap, Trigger, Utterance

log = structlog.get_logger(__name__)

REQUEST = "dialog_request_id"
"""Names the running turn in the metadata that comes back with the dialogue's calls."""

NOTHING_TO_SAY = "I am not sure what to do with that. Say help to hear what I can do."

NOT_UNDERSTOOD = Understanding(text="", intent="", confidence=0.0)

FALLBACK, BEYOND_US = "utter_fallback", "utter_out_of_scope"
"""Responses by which the dialogue says that it has not understood, or that it cannot help."""

SAY_AGAIN = "repeat"
"""The intent of "say that again": after a question of the house's own, no skill knows what was said."""


@dataclass
class _Running:
    """A turn while it runs, for the calls that the dialogue makes back."""

    utterance: Utterance
    trace: Trace
    place: Place
    conversation: Conversation
    memory: dict[str, Any]
    turns: TurnMemory
    """As the turn found it."""
    face: Face
    following: TurnMemory = field(default_factory=TurnMemory)
    """As the turn leaves it; whatever is understood ends a row of misses and an open question."""
    outcome: Outcome = Outcome.ANSWERED
    understanding: Understanding = NOT_UNDERSTOOD
    choice: ChoiceReport | None = None
    reply: Reply | None = None
    responses: list[str] = field(default_factory=list)
    private: bool = False
    """What was said is not to be kept."""
    facts: tuple[Fact, ...] = ()
    is_turn: bool = True
    """False for what is no turn of the conversation, since nothing was heard in it that could be answered."""

    @property
    def request(self) -> str:
        return self.utterance.dialog_request_id


class TurnEngine:
    """Runs turns, one at a time within a conversation. Every turn ends: with a reply or with a named failure.

    A new utterance makes the older ones of its conversation void: what they have not done yet is not done, and their
    replies are empty.
    """

    def __init__(self, *, skills: Skills, store: Store, metrics: Metrics, timeout_s: float, budget_ms: float) -> None:
        self._skills = skills
        self._store = store
        self._rehearsals = Rehearsals()
        self._metrics = metrics
        self._timeout_s = timeout_s
        self._budget_ms = budget_ms
        self._order = TurnOrder()
        self._running: dict[str, _Running] = {}

    async def run(self, utterance: Utterance, dialogue: Dialogue, trace: Trace | None = None) -> TurnReport:
        """Answer one utterance; never raises for what a user or a part of the house can cause."""
        with bound_contextvars(conversation=utterance.conversation, dialog_request_id=utterance.dialog_request_id):
            report = await self._run(utterance, dialogue, trace or Trace())
            # What was said is the speaker's own business: the log has what was made of it.
            log.info(
                "turn",
                channel=utterance.channel.value,
                outcome=report.outcome.value,
                intent=report.understanding.intent,
                milliseconds=report.trace.total_ms,
            )
            return report

    async def _run(self, utterance: Utterance, dialogue: Dialogue, trace: Trace) -> TurnReport:
        try:
            async with self._order.turn(utterance.conversation) as place:
                if place.superseded:
                    return self._report(utterance, trace, silent(utterance.dialog_request_id), Outcome.SUPERSEDED)
                return await self._answer(utterance, dialogue, trace, place)
        except (ServiceError, DialogueError) as error:
            failure = failure_of(error)
            log.warning("turn failed", code=failure.code, error=str(error))
        except Exception:
            # A fault of ours must not leave somebody waiting for an answer that never comes.
            log.exception("turn failed")
            failure = Failure(code="internal_error", message=ASK_AGAIN)
        reply = apology(utterance.dialog_request_id, failure)
        return self._report(utterance, trace, reply, Outcome.FAILED, failure=failure)

    def _report(
        self,
        utterance: Utterance,
        trace: Trace,
        reply: Reply,
        outcome: Outcome,
        *,
        understanding: Understanding = NOT_UNDERSTOOD,
        choice: ChoiceReport | None = None,
        failure: Failure | None = None,
        private: bool = False,
        facts: tuple[Fact, ...] = (),
    ) -> TurnReport:
        code = failure.code if failure else ""
        if not utterance.trial:
            self._metrics.turn(trace, utterance.channel, outcome.value, code, self._budget_ms)
        return TurnReport(
            dialog_request_id=utterance.dialog_request_id,
            outcome=outcome,
            transcript=utterance.text,
            alternatives=utterance.alternatives,
            choice=choice,
            understanding=report_understanding(understanding),
            reply=reply,
            failure=failure,
            trace=report_trace(trace),
            private=private,
            facts=facts,
        )

    async def _answer(self, utterance: Utterance, dialogue: Dialogue, trace: Trace, place: Place) -> TurnReport:
        with trace.stage("memory"):
            conversation = await asyncio.to_thread(self._kept(utterance).conversation, utterance.conversation)
        memory = dict(conversation.memory)
        running = _Running(
            utterance, trace, place, conversation, memory, TurnMemory.read(memory), face_of(utterance, memory)
        )
        self._running[running.request] = running
        try:
            reply = await self._respond(running, dialogue)
        finally:
            del self._running[running.request]
        if utterance.ignored and reply.text:
            reply = after_note(reply, PLAYER_IGNORED)
        if not place.superseded:
            await self._remember(running, reply)
        if place.superseded:
            running.outcome, reply = Outcome.SUPERSEDED, silent(running.request)
        return self._report(
            running.utterance,
            trace,
            reply,
            running.outcome,
            understanding=running.understanding,
            choice=running.choice,
            private=running.private,
            facts=running.facts,
        )

    async def _respond(self, running: _Running, dialogue: Dialogue) -> Reply:
        utterance, turns = running.utterance, running.turns
        if utterance.tap:
            return await self._tapped(running, utterance.tap)
        if not any(one.text.strip() for one in utterance.alternatives):
            return self._miss(running, Miss.NO_MATCH if utterance.unknown else Miss.NO_INPUT)
        if reply := await self._before(running):
            return reply
        interpreter = Interpreter(self._skills, dialogue, self._timeout_s, running.face)
        option = None
        if utterance.spoken:
            with running.trace.stage("interpretation"):
                choice = await interpreter.interpret(utterance, running.memory)
            self._take(running, choice)
            if choice.decision is Decision.REJECT or self._is_overheard(running, choice):
                return self._miss(running, Miss.NO_MATCH)
            if choice.decision is Decision.ASK and not turns.options:  # a question is not answered by another
                return self._ask(running, two_options(choice))
        elif turns.options:
            running.understanding = await interpreter.understand(utterance.text)
        if turns.options:
            if running.understanding.intent == SAY_AGAIN:
                return self._ask(running, turns.options)
            option = turns.answered_by(running.understanding)
        return await self._converse(running, dialogue, option.text if option else running.utterance.text)

    async def _before(self, running: _Running) -> Reply | None:
        """What is answered without being understood; a question of the house's own that is open comes first."""
        asked = None if running.turns.options else self._skills.before(running.face)
        if asked is None:
            return None
        said = Understanding(running.utterance.text, "keyword", 1.0)
        result = await self._act(running, *asked, said)
        if result.reply:
            running.understanding = said
        return result.reply

    def _take(self, running: _Running, choice: Choice) -> None:
        """Make the reading that was chosen the one that was said."""
        candidates = [weighed.candidate for weighed in choice.readings]
        alternatives = tuple(Hypothesis(text=one.text, confidence=one.acoustic) for one in candidates)
        running.choice = report_choice(choice, running.utterance.unknown)
        running.utterance = running.utterance.model_copy(update={"alternatives": alternatives})
        running.understanding = choice.winner.understanding

    def _is_overheard(self, running: _Running, choice: Choice) -> bool:
        """Whether a microphone that nobody opened has picked up what is no request."""
        trigger = running.utterance.trigger
        uninvited = trigger is Trigger.BARGE_IN or (trigger is Trigger.FOLLOW_UP and not running.turns.asked)
        return uninvited and not choice.winner.is_ours

    def _miss(self, running: _Running, miss: Miss) -> Reply:
        running.is_turn = False
        reprompt = self._reprompt(running, miss)
        if reprompt.prompt is None:
            running.following = running.turns
            return silent(running.request)
        text = prompt(reprompt.prompt, running.conversation.turns)
        return words(
            running.request,
            text,
            running.following.options,
            expects_reply=reprompt.expects_reply,
            face=running.face,
        )

    def _reprompt(self, running: _Running, miss: Miss) -> Reprompt:
        """Count a miss; an open question stays open until the closing line."""
        asked, trigger = running.turns.asked, running.utterance.trigger
        reprompt = after_miss(running.turns.missed, miss, trigger, asked=asked)
        running.outcome = Outcome(miss.value)
        options = running.turns.options if reprompt.expects_reply else ()
        running.following = TurnMemory(missed=reprompt.missed, options=options)
        return reprompt

    def _ask(self, running: _Running, options: tuple[Option, ...]) -> Reply:
        running.outcome = Outcome.CLARIFY
        running.following = TurnMemory(missed=running.turns.missed, options=options)
        return question(running.request, options, running.conversation.turns)

    async def _converse(self, running: _Running, dialogue: Dialogue, text: str) -> Reply:
        conversation, metadata = running.utterance.conversation, {REQUEST: running.request}
        turn = await dialogue.turn(conversation, text, metadata, self._timeout_s, running.face)
        running.trace.add("understanding", turn.timings.understanding)
        running.trace.add("dialogue", turn.timings.total - turn.timings.understanding - turn.timings.callbacks)
        running.understanding = turn.understanding
        if running.reply:
            return running.reply
        text = " ".join(running.responses) or NOTHING_TO_SAY
        return words(running.request, text, expects_reply=running.following.missed > 0, face=running.face)

    async def on_action(self, call: ActionCall) -> ActionResult:
        """Run the skill's action that the dialogue chose; what it says goes into the running turn's reply."""
        running = self._running.get(call.metadata[REQUEST])
        if running is None or running.place.superseded:
            return ActionResult()  # nobody waits for what this would say, or wants what it would do
        result = await self._act(running, *self._skills.find(call.name, running.face), call.understanding)
        return ActionResult([{"event": "slot", "name": name, "value": value} for name, value in result.slots.items()])

    async def _tapped(self, running: _Running, tap: Tap) -> Reply:
        """A button says what is wanted: there is nothing to understand, and the dialogue is not asked."""
        running.understanding = Understanding(running.utterance.text, f"tap {tap.name}", 1.0)
        try:
            skill, action = self._skills.find_tap(tap.name, running.face)
        except UnknownActionError as error:
            raise ServiceError("tap_unknown", "This button does nothing any more.", 422) from error
        result = await self._act(running, skill, action, running.understanding)
        return result.reply or words(running.request, NOTHING_TO_SAY, face=running.face)

    async def _act(self, running: _Running, skill: str, action: Action, understanding: Understanding) -> SkillResult:
        request = ActionRequest(running.utterance, understanding, running.memory.get(skill, {}))
        started = time.perf_counter()
        result = await action(request)
        inside = sum(result.stages_ms.values())
        running.trace.add("action", max(0.0, (time.perf_counter() - started) * 1000 - inside))
        for stage, milliseconds in result.stages_ms.items():
            running.trace.add(stage, milliseconds)
        running.memory[skill] = dict(result.memory)
        running.reply = result.reply
        running.private = running.private or result.private
        running.facts += result.facts
        return result

    async def on_response(self, call: ResponseCall) -> str:
        """Word a fixed response: its variants take turns, so that chance never decides what is said."""
        running = self._running.get(call.metadata[REQUEST])
        if running is None:
            return call.variants[0]
        text = call.variants[running.conversation.turns % len(call.variants)]
        if own := self._skills.words(running.face):
            text = own(running.utterance, call.name) or text
        if call.name == FALLBACK:
            running.facts += (unanswered(Missing.UNCLEAR, running.utterance.text),)
            reprompt = self._reprompt(running, Miss.NO_MATCH)
            if reprompt.prompt and running.turns.missed:  # the first time, the dialogue's own words will do
                ours = own(running.utterance, reprompt.prompt) if own else None
                text = ours or prompt(reprompt.prompt, running.conversation.turns)
        elif call.name == BEYOND_US:
            running.outcome = Outcome.OUT_OF_SCOPE
            running.facts += (unanswered(Missing.BEYOND, running.utterance.text),)
        running.responses.append(text)
        return text

    def _kept(self, utterance: Utterance) -> Keeps:
        return self._rehearsals if utterance.trial else self._store

    async def _remember(self, running: _Running, reply: Reply) -> None:
        if not running.is_turn and running.following == running.turns:
            return  # a false alarm leaves no trace
        kept = self._kept(running.utterance)
        following = running.following.model_copy(update={"asked": reply.expects_reply})
        memory = {**running.memory, KEY: following.model_dump(mode="json")}
        with running.trace.stage("memory"):
            if not running.is_turn:
                await asyncio.to_thread(kept.remember, running.utterance.conversation, memory)
                return
            stored = StoredTurn(
                conversation=running.utterance.conversation,
                dialog_request_id=running.request,
                channel=running.utterance.channel.value,
                said="" if running.private else running.utterance.text,
                intent=running.understanding.intent,
                reply=reply.model_dump(mode="json"),
            )
            await asyncio.to_thread(kept.save, stored, memory)

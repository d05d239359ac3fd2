"""Asking the assistant, in writing or aloud: what customers wanted, and what the shop shall answer from now on."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import time
from collections.abc import Sequence
from functools import partial

from pydantic import BaseModel, Field
from sanic import Blueprint, HTTPResponse
from sanic.response import empty, json, raw

from assistant.accounts.rights import Right
from assistant.errors import ServiceError
from assistant.trace import Trace
from assistant.turn_report import TurnReport
from assistant.web.console.doorway import NO_STORE
from assistant.web.console.fields import NO_PROBLEMS, FormProblems
from assistant.web.console.frame import Visit, form, page
from assistant.web.sound import hypotheses, recognised, spoken
from skills.seller import SAID
from skills.turn import Channel, Hypothesis, Reply, Utterance

blueprint = Blueprint("console_asking")

SAID_MAX = 500
SHOWN = 30
"""Turns of the conversation that are shown."""
LOOKED_AT = 5
"""Versions among which a turn's own is looked for."""
QUESTIONS = (
    "What did customers fail to find this week?",
    "Which questions could you not answer?",
    "How many orders came in this month?",
    "Read me my returns answer",
)
CHANGE = "Change my shipping answer to three days"
"""An example for those who may."""


class Said(BaseModel):
    """What was written."""

    said: str = Field(min_length=1, max_length=SAID_MAX)


@page(blueprint, "/console/<shop:str>/ask", Right.VIEW)
async def ask(visit: Visit) -> HTTPResponse:
    """The conversation so far."""
    return await _page(visit)


@form(blueprint, "/console/<shop:str>/ask", Right.VIEW)
async def say(visit: Visit) -> HTTPResponse:
    """One thing that was written, or tapped."""
    read = await visit.read(Said)
    if isinstance(read, FormProblems):
        return await _page(visit, problems=read)
    await _turn(visit, (Hypothesis(text=read.said.strip()[:SAID_MAX]),))
    return await visit.go("ask#newest")


@form(blueprint, "/console/<shop:str>/ask/recording", Right.VIEW)
async def hear(visit: Visit) -> HTTPResponse:
    """One thing that was said: the recording is the request's body. Says what was heard, and what is to be said."""
    trace = Trace()
    transcript = await recognised(visit.house, visit.request.body, trace)
    if not transcript.text:
        raise ServiceError("not_heard", "I did not hear anything. Please try again.", 422)
    report = await _turn(visit, hypotheses(transcript), spoken=True, unknown=transcript.unknown, trace=trace)
    return json({"heard": report.transcript, "speech": report.reply.speech}, headers=NO_STORE)


@page(blueprint, "/console/<shop:str>/ask/speech", Right.VIEW)
async def speech(visit: Visit) -> HTTPResponse:
    """The newest answer as it is said, a WAV file."""
    turns = await asyncio.to_thread(visit.house.store.history, _conversation(visit), 1)
    said = Reply.model_validate(turns[0].reply).speech if turns else ""
    if not said:
        return empty(404)
    return raw(await spoken(visit.house, said), content_type="audio/wav", headers=NO_STORE)


async def _page(visit: Visit, problems: FormProblems = NO_PROBLEMS) -> HTTPResponse:
    turns = await asyncio.to_thread(visit.house.store.history, _conversation(visit), SHOWN)
    talk = [(turn.said, Reply.model_validate(turn.reply)) for turn in turns]
    may_edit = _may_edit(visit)
    examples = (*QUESTIONS, CHANGE) if may_edit else QUESTIONS
    return await visit.render(
        "console/ask.html", problems=problems, talk=talk, examples=examples, may_edit=may_edit, said_max=SAID_MAX
    )


async def _turn(
    visit: Visit,
    alternatives: Sequence[Hypothesis],
    *,
    spoken: bool = False,
    unknown: float = 0.0,
    trace: Trace | None = None,
) -> TurnReport:
    """A turn of the assistant's; a change that was confirmed is in the log of the shop as what its editor did."""
    if not visit.house.askers.take(visit.account.id, time.monotonic()):
        raise ServiceError("too_many_requests", "One thing at a time, please.", 429)
    may_edit = _may_edit(visit)
    utterance = Utterance(
        conversation=_conversation(visit),
        dialog_request_id=secrets.token_hex(16),
        channel=Channel.CONSOLE,
        alternatives=tuple(alternatives),
        spoken=spoken,
        unknown=unknown,
        store=visit.shop.id,
        editor=visit.account.name if may_edit else "",
    )
    before = await asyncio.to_thread(visit.house.shopping.entries.revision, visit.shop.id)
    report = await visit.house.turns.run(utterance, visit.house.dialogue, trace)
    if may_edit:
        await _note_published(visit, before)
    if report.failure:
        raise ServiceError(report.failure.code, report.failure.message, 503)
    return report


async def _note_published(visit: Visit, before: int) -> None:
    """Log what this turn has published; colleagues may have published something at the same time."""
    versions = partial(visit.house.shopping.entries.versions, visit.shop.id, limit=LOOKED_AT)
    for one in await asyncio.to_thread(versions):
        if one.number > before and (one.by, one.note) == (visit.account.name, SAID):
            await visit.note("published", f"Version {one.number}", SAID)


def _may_edit(visit: Visit) -> bool:
    """What is said here is published at once."""
    return visit.can(Right.EDIT) and visit.can(Right.PUBLISH)


def _conversation(visit: Visit) -> str:
    """One for each session and shop: what somebody asked is nobody else's."""
    return hashlib.sha256(f"console {visit.session.id} {visit.shop.id}".encode()).hexdigest()[:32]

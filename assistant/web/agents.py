"""What the people of a shop use: conversations that wait for them, over HTTP."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, Field, ValidationError
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import empty

from assistant.chat.client_messages import plain
from assistant.chat.desk import Agent
from assistant.chat.handover import State
from assistant.chat.records import Conversation, Kept
from assistant.chat.server_messages import Sender
from assistant.chat.summary import Summary, summary
from assistant.errors import ServiceError
from assistant.house import House
from assistant.storage.api_keys import agent_of
from assistant.web.authentication import authenticated
from assistant.web.responses import model_response
from skills.message import Message
from skills.turn import MAX_TEXT

blueprint = Blueprint("agents")

PING_EVERY_S = 15.0


class AgentThread(Message):
    """A conversation in the list; `waiting_since` where a person was asked for, `contact` where a message was left."""

    id: str
    title: str
    state: State
    agent: str
    customer: str | None
    """Whom the shop's site has vouched for."""
    contact: str
    waiting_since: datetime | None
    used_at: datetime


class AgentThreads(Message):
    """What a shop's people have to do with, those who have waited longest first."""

    threads: tuple[AgentThread, ...]


class TranscriptMessage(Message):
    """One message; those from `internal` only agents see."""

    seq: int
    sender: Sender = Field(serialization_alias="from")
    name: str | None
    at: datetime
    text: str
    products: tuple[str, ...]
    """The names of what was shown with it."""
    page: str
    """Where the shopper was."""


class AgentTranscript(Message):
    """A conversation with what one has to know of it."""

    thread: AgentThread
    summary: Summary
    messages: tuple[TranscriptMessage, ...]


class AgentWords(Message):
    """What an agent writes."""

    text: Annotated[str, Field(min_length=1, max_length=MAX_TEXT), AfterValidator(plain), Field(min_length=1)]


@blueprint.get("/api/v1/agent/threads")
async def threads(request: Request) -> HTTPResponse:
    """What waits, is held, or has left a message."""
    house, agent = await _who(request)
    found = await house.chat.desk.threads(agent)
    return model_response(AgentThreads(threads=tuple(map(_thread, found))))


@blueprint.get("/api/v1/agent/threads/<thread:str>")
async def transcript(request: Request, thread: str) -> HTTPResponse:
    """One conversation."""
    house, agent = await _who(request)
    found, kept = await house.chat.desk.thread(agent, thread)
    return model_response(
        AgentTranscript(thread=_thread(found), summary=summary(kept), messages=tuple(map(_message, kept)))
    )


@blueprint.post("/api/v1/agent/threads/<thread:str>/take")
async def take(request: Request, thread: str) -> HTTPResponse:
    """Answer instead of the assistant."""
    house, agent = await _who(request)
    await house.chat.desk.take(agent, thread)
    return empty()


@blueprint.post("/api/v1/agent/threads/<thread:str>/messages")
async def say(request: Request, thread: str) -> HTTPResponse:
    """Write to the shopper."""
    house, agent = await _who(request)
    await house.chat.desk.say(agent, thread, _words(request))
    return empty()


@blueprint.post("/api/v1/agent/threads/<thread:str>/typing")
async def typing(request: Request, thread: str) -> HTTPResponse:
    """Show the shopper that somebody writes."""
    house, agent = await _who(request)
    await house.chat.desk.typing(agent, thread)
    return empty()


@blueprint.post("/api/v1/agent/threads/<thread:str>/notes")
async def note(request: Request, thread: str) -> HTTPResponse:
    """Write what only the shop's people see."""
    house, agent = await _who(request)
    await house.chat.desk.note(agent, thread, _words(request))
    return empty()


@blueprint.post("/api/v1/agent/threads/<thread:str>/close")
async def close(request: Request, thread: str) -> HTTPResponse:
    """End it, or put a message away that was answered by mail."""
    house, agent = await _who(request)
    await house.chat.desk.close(agent, thread)
    return empty()


@blueprint.get("/api/v1/agent/events")
async def events(request: Request) -> None:
    """Which conversation has changed, as server-sent events; what has changed in it is to be asked for."""
    house, agent = await _who(request)
    response = await request.respond(content_type="text/event-stream", headers={"Cache-Control": "no-store"})
    with house.chat.desk.feed.watching(agent.shop) as outbox:
        await response.send(": listening\n\n")
        while True:
            try:
                async with asyncio.timeout(PING_EVERY_S):
                    changed = await outbox.get()
            except TimeoutError:
                await response.send(": still here\n\n")
                continue
            if changed is None:  # too slow: it comes again, and reads the list
                break
            await response.send(f"data: {changed}\n\n")
    await response.eof()


async def _who(request: Request) -> tuple[House, Agent]:
    """The person of the shop in `?store=` whose key was shown."""
    shop = request.args.get("store", "")
    key = await authenticated(request, agent_of(shop))
    return request.app.ctx.house, Agent(shop, key.name)


def _words(request: Request) -> str:
    try:
        return AgentWords.model_validate_json(request.body).text
    except ValidationError as error:
        raise ServiceError("request_invalid", f"text: from 1 to {MAX_TEXT} characters", 422) from error


def _thread(found: Conversation) -> AgentThread:
    thread = found.thread
    return AgentThread(
        id=found.id,
        title=found.title,
        state=thread.state,
        agent=thread.agent,
        customer=found.customer,
        contact=found.contact,
        waiting_since=thread.asked_at if thread.state is State.WAITING else None,
        used_at=found.used_at,
    )


def _message(kept: Kept) -> TranscriptMessage:
    body = kept.body
    return TranscriptMessage(
        seq=kept.seq,
        sender=kept.sender,
        name=body.name,
        at=kept.at,
        text=body.text,
        products=tuple(card.title for card in body.shop.products) if body.shop else (),
        page=(body.page.title or body.page.url) if body.page else "",
    )

"""Conversations: who waits, what was said, and what agents do with it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable

from sanic import Blueprint, HTTPResponse
from sanic.response import raw

from assistant.accounts.rights import Right
from assistant.chat.archive import View
from assistant.chat.desk import Agent
from assistant.chat.handover import State
from assistant.chat.records import Conversation
from assistant.chat.server_messages import Sender
from assistant.chat.transcript import transcript
from assistant.errors import ServiceError
from assistant.web.console.conversation_view import show, state_of
from assistant.web.console.frame import Visit, form, page
from assistant.web.reading import whole
from skills.turn import MAX_TEXT

blueprint = Blueprint("console_conversations")

PLACE = "/console/<shop:str>/conversations"
VIEWS = {View.WAITING: "Waiting", View.MINE: "Mine", View.ALL: "All", View.CLOSED: "Closed"}
PAGES_MAX = 1_000


@page(blueprint, PLACE, Right.VIEW)
async def conversations(visit: Visit) -> HTTPResponse:
    """The list: waiting first, since that is what somebody has to do something about."""
    asked = visit.request.args
    words = asked.get("q", "").strip()
    view = _view(asked.get("view", ""), words)
    number = whole(asked.get("page", ""), 1, PAGES_MAX) or 1
    archive = visit.house.chat.archive
    listing, waiting = await asyncio.gather(
        asyncio.to_thread(archive.listing, visit.shop.id, view, agent_of(visit).name, words, number),
        asyncio.to_thread(archive.waiting, visit.shop.id),
    )
    return await visit.render(
        "console/conversations.html",
        listing=listing,
        view=view,
        views=VIEWS,
        words=words,
        number=number,
        waiting=waiting,
        state_of=lambda found: state_of(found, agent_of(visit).name),
    )


@page(blueprint, PLACE + "/<conversation:str>", Right.VIEW)
async def conversation(visit: Visit, conversation: str) -> HTTPResponse:
    """One conversation, at a message (`?at=`) or at its end."""
    return await _conversation(visit, conversation)


@page(blueprint, PLACE + "/<conversation:str>/transcript", Right.VIEW)
async def download(visit: Visit, conversation: str) -> HTTPResponse:
    """The conversation as a text to keep or to send; notes of colleagues are not in it."""
    found = await find(visit, conversation)
    said = await asyncio.to_thread(visit.house.chat.archive.said, found.id)
    text = transcript(visit.shop.name, said, visit.local)
    name = f"{visit.shop.id}-{found.started_at:%Y-%m-%d}-{found.id[:8]}.txt"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return raw(text.encode(), headers=headers, content_type="text/plain; charset=utf-8")


@form(blueprint, PLACE + "/<conversation:str>/take", Right.TALK)
async def take(visit: Visit, conversation: str) -> HTTPResponse:
    """Answer instead of the bot."""
    return await _done(visit, conversation, visit.house.chat.desk.take(agent_of(visit), conversation), "taken over")


@form(blueprint, PLACE + "/<conversation:str>/hand-back", Right.TALK)
async def hand_back(visit: Visit, conversation: str) -> HTTPResponse:
    """Let the bot go on."""
    act = visit.house.chat.desk.hand_back(agent_of(visit), conversation)
    return await _done(visit, conversation, act, "handed back")


@form(blueprint, PLACE + "/<conversation:str>/close", Right.TALK)
async def close(visit: Visit, conversation: str) -> HTTPResponse:
    """End it, or put a message away that was answered by mail."""
    return await _done(visit, conversation, visit.house.chat.desk.close(agent_of(visit), conversation), "closed")


@form(blueprint, PLACE + "/<conversation:str>/write", Right.TALK)
async def write(visit: Visit, conversation: str) -> HTTPResponse:
    """Write to the customer, or a note that only colleagues see."""
    text = visit.fields().get("text").strip()
    if not 0 < len(text) <= MAX_TEXT:
        why = f"Please write at most {MAX_TEXT:,} characters." if text else "Please write something first."
        return await _conversation(visit, conversation, wrong=why, written=text)
    desk, who = visit.house.chat.desk, agent_of(visit)
    is_note = visit.fields().get("do") == "note"
    try:
        await (desk.note(who, conversation, text) if is_note else desk.say(who, conversation, text))
    except ServiceError as error:
        if error.code == "conversation_unknown":
            raise
        return await _conversation(visit, conversation, wrong=_why_not(error), written=text)
    return await visit.go(f"conversations/{conversation}")


@form(blueprint, PLACE + "/<conversation:str>/typing", Right.TALK)
async def typing(visit: Visit, conversation: str) -> HTTPResponse:
    """Show the customer that somebody writes; of no account where one does not hold the conversation."""
    try:
        await visit.house.chat.desk.typing(agent_of(visit), conversation)
    except ServiceError as error:
        if error.code != "conversation_not_held":
            raise
    return HTTPResponse(status=204)


def agent_of(visit: Visit) -> Agent:
    """The account as shoppers meet it."""
    return Agent(visit.shop.id, visit.account.name[:80])


async def find(visit: Visit, identity: str) -> Conversation:
    """A conversation of the shop.

    Raises:
        ServiceError: `conversation_unknown`.
    """
    found = await asyncio.to_thread(visit.house.chat.log.conversation, identity[:64], visit.shop.id)
    if found is None:
        raise ServiceError("conversation_unknown", "There is no such conversation here.", 404)
    return found


async def _conversation(visit: Visit, identity: str, wrong: str = "", written: str = "") -> HTTPResponse:
    found = await find(visit, identity)
    asked = visit.request.args
    first, at = (whole(asked.get(name, ""), 1, 10**6) for name in ("from", "at"))
    shown = await asyncio.to_thread(show, visit.house, visit.shop, found, first, at)
    chosen = asked.get("reply", "")
    held = found.thread.state is State.AGENT
    return await visit.render(
        "console/conversation.html",
        status=422 if wrong else 200,
        shown=shown,
        found=found,
        state=state_of(found, agent_of(visit).name),
        mine=held and found.thread.agent == agent_of(visit).name,
        held=held,
        waits=found.thread.state is State.WAITING,
        at=at,
        wrong=wrong,
        written=written or next((text for one, text in shown.canned if one.id == chosen), ""),
        senders=Sender,
        longest=MAX_TEXT,
    )


async def _done(visit: Visit, identity: str, act: Awaitable[None], done: str) -> HTTPResponse:
    """Do it and say so, or say why it could not be done."""
    try:
        await act
    except ServiceError as error:
        if error.code == "conversation_unknown":
            raise
        return await visit.go(f"conversations/{identity}", notice=_why_not(error))
    await visit.note(f"conversation {done}", identity)
    return await visit.go(f"conversations/{identity}")


def _why_not(error: ServiceError) -> str:
    sentences = {
        "conversation_taken": "A colleague answers there already. You can leave a note for them.",
        "conversation_not_held": "This conversation is not with you any more. Take it over first.",
    }
    return sentences.get(error.code, error.message)


def _view(asked: str, words: str) -> View:
    if asked in set(View):
        return View(asked)
    return View.ALL if words else View.WAITING

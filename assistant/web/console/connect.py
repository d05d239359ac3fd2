"""Connecting a shop: the line for its pages, its own systems' addresses, and what was told to them."""

from __future__ import annotations

import asyncio
import json
from typing import Annotated

from pydantic import Field
from sanic import Blueprint, HTTPResponse

from assistant.accounts.rights import Right
from assistant.errors import ServiceError
from assistant.web.addresses import base_url
from assistant.web.console.fields import NO_PROBLEMS, FormProblems
from assistant.web.console.frame import Visit, form, page
from assistant.web.console.setup.colours import style_of
from skills.message import Message
from skills.shopping.webhooks import EVENTS, CallState, Endpoint, Refused

blueprint = Blueprint("console_connect")

BODY_SHOWN = 2_000
STATES = {CallState.ARRIVED: ("good", "Arrived"), CallState.WAITING: ("warn", "Tried again later"),
          CallState.GIVEN_UP: ("bad", "Given up")}  # fmt: skip


class EndpointFields(Message):
    """What is told where."""

    url: Annotated[str, Field(min_length=1, max_length=2_000)]
    events: tuple[str, ...] = Field(default=(), max_length=len(EVENTS))
    paused: bool = False


@page(blueprint, "/console/<shop:str>/connect", Right.VIEW)
async def connect(visit: Visit) -> HTTPResponse:
    """The line that brings the chat onto a page, and what else can be connected."""
    return await _overview(visit, NO_PROBLEMS)


@form(blueprint, "/console/<shop:str>/connect/webhooks", Right.CONNECT)
async def add_webhook(visit: Visit) -> HTTPResponse:
    """A new address."""
    read = await _read(visit)
    if isinstance(read, FormProblems):
        return await _overview(visit, read)
    webhooks = visit.house.shopping.webhooks
    made = await asyncio.to_thread(webhooks.add, visit.shop.id, read.url, read.events, visit.now)
    if isinstance(made, Refused):
        await visit.note("was refused an address", read.url[:200], made.sentence)
        return await _overview(visit, FormProblems({"url": made.sentence}, visit.fields()))
    await visit.note("added an address", made.url, ", ".join(made.events))
    return await visit.go(f"connect/webhooks/{made.id}", notice="Added. Now try whether it arrives.")


@page(blueprint, "/console/<shop:str>/connect/webhooks/<webhook:str>", Right.CONNECT)
async def webhook(visit: Visit, webhook: str) -> HTTPResponse:
    """One address, its secret, and what was told to it."""
    return await _one(visit, webhook, NO_PROBLEMS)


@form(blueprint, "/console/<shop:str>/connect/webhooks/<webhook:str>", Right.CONNECT)
async def change_webhook(visit: Visit, webhook: str) -> HTTPResponse:
    """Another address, other events, or a pause."""
    read = await _read(visit)
    if isinstance(read, FormProblems):
        return await _one(visit, webhook, read)
    before = await _found(visit, webhook)
    change = visit.house.shopping.webhooks.change
    changed = await asyncio.to_thread(change, visit.shop.id, before.id, read.url, read.events, paused=read.paused)
    if isinstance(changed, Refused):
        await visit.note("was refused an address", read.url[:200], changed.sentence)
        return await _one(visit, webhook, FormProblems({"url": changed.sentence}, visit.fields()))
    await visit.note("changed an address", read.url, ", ".join(read.events))
    return await visit.go(f"connect/webhooks/{before.id}", notice="Saved.")


@form(blueprint, "/console/<shop:str>/connect/webhooks/<webhook:str>/test", Right.CONNECT)
async def test_webhook(visit: Visit, webhook: str) -> HTTPResponse:
    """Tell it something now."""
    await _found(visit, webhook)
    done = await asyncio.to_thread(visit.house.shopping.webhooks.test, visit.shop.id, webhook, visit.now)
    arrived = done is not None and done.state is CallState.ARRIVED
    notice = "The test has arrived." if arrived else f"The test has not arrived. {done.problem if done else ''}"
    return await visit.go(f"connect/webhooks/{webhook}", notice=notice)


@form(blueprint, "/console/<shop:str>/connect/webhooks/<webhook:str>/renew", Right.CONNECT)
async def renew_webhook(visit: Visit, webhook: str) -> HTTPResponse:
    """A new secret."""
    found = await _found(visit, webhook)
    await asyncio.to_thread(visit.house.shopping.webhooks.renew, visit.shop.id, found.id, visit.now)
    await visit.note("renewed a secret", found.url)
    notice = "Calls bear both signatures for a day. Put the new secret into your system by then."
    return await visit.go(f"connect/webhooks/{webhook}", notice=notice)


@form(blueprint, "/console/<shop:str>/connect/webhooks/<webhook:str>/remove", Right.CONNECT)
async def remove_webhook(visit: Visit, webhook: str) -> HTTPResponse:
    """Tell it nothing any more."""
    found = await _found(visit, webhook)
    await asyncio.to_thread(visit.house.shopping.webhooks.remove, visit.shop.id, found.id)
    await visit.note("removed an address", found.url)
    return await visit.go("connect", notice="Removed. Nothing is sent there any more.")


@form(blueprint, "/console/<shop:str>/connect/webhooks/<webhook:str>/calls/<call:str>", Right.CONNECT)
async def call_again(visit: Visit, webhook: str, call: str) -> HTTPResponse:
    """Make a call that has ended once more."""
    again = visit.house.shopping.webhooks.again
    if not await asyncio.to_thread(again, visit.shop.id, webhook, call, visit.now):
        raise ServiceError("not_found", "There is no such call, or it is still being made.", 404)
    return await visit.go(f"connect/webhooks/{webhook}", notice="It is sent once more, in a moment.")


async def _overview(visit: Visit, problems: FormProblems) -> HTTPResponse:
    webhooks = await asyncio.to_thread(visit.house.shopping.webhooks.all, visit.shop.id)
    return await visit.render(
        "console/connect.html",
        problems=problems,
        webhooks=webhooks,
        events=EVENTS,
        here=base_url(visit.request),
        style=style_of(visit.shop.accent),
        sites=visit.shop.origins,
    )


async def _one(visit: Visit, identity: str, problems: FormProblems) -> HTTPResponse:
    found = await _found(visit, identity)
    calls = await asyncio.to_thread(visit.house.shopping.webhooks.calls, visit.shop.id, found.id)
    told = [(call, *STATES[call.state], _indented(call.body)) for call in calls]
    return await visit.render("console/webhook.html", problems=problems, webhook=found, calls=told, events=EVENTS)


async def _read(visit: Visit) -> EndpointFields | FormProblems:
    read = await visit.read(EndpointFields)
    if isinstance(read, FormProblems):
        return read
    if not set(read.events) <= EVENTS.keys() or not read.events:
        return FormProblems({"events": "Please choose what shall be told."}, visit.fields())
    return read.model_copy(update={"url": read.url.strip()})


async def _found(visit: Visit, identity: str) -> Endpoint:
    found = await asyncio.to_thread(visit.house.shopping.webhooks.one, visit.shop.id, identity)
    if found is None:
        raise ServiceError("not_found", "There is no such address.", 404)
    return found


def _indented(body: str) -> str:
    return json.dumps(json.loads(body), indent=2)[:BODY_SHOWN]

"""A shop's API keys: made here, shown once, taken back."""

from __future__ import annotations

import asyncio
from typing import Annotated

from pydantic import Field
from sanic import Blueprint, HTTPResponse

from assistant.accounts.rights import Right
from assistant.errors import ServiceError
from assistant.storage.api_keys import ApiKeys
from assistant.web.console.fields import NO_PROBLEMS, FormProblems
from assistant.web.console.frame import Visit, form, page
from assistant.web.console.joining import PersonName
from assistant.web.console.key_scopes import SCOPES, explained
from skills.message import Message

blueprint = Blueprint("console_keys")

KEYS_MAX = 50
"""Of one shop."""


class NewKey(Message):
    """What a key is for."""

    name: PersonName
    scopes: Annotated[tuple[str, ...], Field(min_length=1, max_length=len(SCOPES))]


@page(blueprint, "/console/<shop:str>/keys", Right.CONNECT)
async def keys(visit: Visit) -> HTTPResponse:
    """The keys that still work."""
    return await _show(visit, NO_PROBLEMS)


@form(blueprint, "/console/<shop:str>/keys", Right.CONNECT)
async def make(visit: Visit) -> HTTPResponse:
    """Make one; the page that answers is the only place where it is ever shown."""
    read = await visit.read(NewKey)
    if isinstance(read, FormProblems):
        return await _show(visit, read)
    if not set(read.scopes) <= SCOPES.keys():
        return await _show(visit, FormProblems({"scopes": "Please choose one of these."}, visit.fields()))
    scopes = [SCOPES[one].scope(visit.shop.id) for one in read.scopes]

    def add() -> str | None:
        known = ApiKeys(visit.house.store.engine)
        if len(known.of(visit.shop.id)) >= KEYS_MAX:
            return None
        return known.add(read.name, scopes, visit.shop.id)[1]

    secret = await asyncio.to_thread(add)
    if secret is None:
        problem = f"A shop can have {KEYS_MAX} keys. Please take back one that is not used any more."
        return await _show(visit, FormProblems({"": problem}, visit.fields()))
    await visit.note("made a key", read.name, explained(scopes))
    return await _show(visit, NO_PROBLEMS, made=read.name, secret=secret)


@form(blueprint, "/console/<shop:str>/keys/<key:str>/revoke", Right.CONNECT)
async def revoke(visit: Visit, key: str) -> HTTPResponse:
    """Let nobody in with it any more."""

    def end() -> str | None:
        known = ApiKeys(visit.house.store.engine)
        name = next((one.name for one in known.of(visit.shop.id) if one.id == key), None)
        return name if name is not None and known.revoke(key, visit.shop.id) else None

    name = await asyncio.to_thread(end)
    if name is None:
        raise ServiceError("not_found", "There is no such key.", 404)
    await visit.note("took back a key", name)
    return await visit.go("keys", notice=f"The key “{name}” lets nobody in any more.")


async def _show(visit: Visit, problems: FormProblems, made: str = "", secret: str = "") -> HTTPResponse:
    found = await asyncio.to_thread(ApiKeys(visit.house.store.engine).of, visit.shop.id)
    return await visit.render(
        "console/keys.html",
        problems=problems,
        keys=[(key, explained(key.scopes)) for key in found],
        scopes=SCOPES,
        made=made,
        secret=secret,
    )

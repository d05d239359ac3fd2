"""Persons' data: given out, or erased, when somebody asks for it. What is looked for never stands in an address."""

from __future__ import annotations

import asyncio
import json
from typing import Annotated

from pydantic import Field
from sanic import Blueprint, HTTPResponse
from sanic.response import raw

from assistant.accounts.rights import Right
from assistant.persons import Person, Persons
from assistant.web.console.doorway import NO_STORE
from assistant.web.console.fields import NO_PROBLEMS, FormProblems
from assistant.web.console.frame import Visit, form, page
from skills.message import Message

blueprint = Blueprint("console_privacy")

NOBODY = "Nothing is kept of anybody with this e-mail address or number."


class Told(Message):
    """What somebody tells of themselves."""

    who: Annotated[str, Field(min_length=3, max_length=254)]
    sure: bool = False


@page(blueprint, "/console/<shop:str>/privacy", Right.DATA)
async def privacy(visit: Visit) -> HTTPResponse:
    """Where somebody's data are looked for."""
    return await visit.render("console/privacy.html", who="", held=None)


@form(blueprint, "/console/<shop:str>/privacy", Right.DATA)
async def look(visit: Visit) -> HTTPResponse:
    """What there is of somebody."""
    found = await _found(visit)
    if isinstance(found, FormProblems):
        return await _show(visit, found)
    told, person = found
    return await _show(visit, NO_PROBLEMS, told.who, person)


@form(blueprint, "/console/<shop:str>/privacy/export", Right.DATA)
async def export(visit: Visit) -> HTTPResponse:
    """All of it, as a file."""
    found = await _found(visit)
    if isinstance(found, FormProblems):
        return await _show(visit, found)
    data = await asyncio.to_thread(_persons(visit).export, found[1], visit.now)
    await visit.note("gave out a person's data", "", _counted(data))
    body = json.dumps(data, indent=2, ensure_ascii=False).encode()
    disposition = {"Content-Disposition": 'attachment; filename="personal-data.json"'}
    return raw(body, content_type="application/json; charset=utf-8", headers=NO_STORE | disposition)


@form(blueprint, "/console/<shop:str>/privacy/erase", Right.DATA)
async def erase(visit: Visit) -> HTTPResponse:
    """Forget somebody, once that is confirmed."""
    found = await _found(visit)
    if isinstance(found, FormProblems):
        return await _show(visit, found)
    told, person = found
    if not told.sure:
        problem = FormProblems({"sure": "Please tick that you are sure."}, visit.fields())
        return await _show(visit, problem, told.who, person)
    there = await asyncio.to_thread(_persons(visit).erase, person)
    # Who it was is what is forgotten: the log says only that it was done.
    await visit.note("erased a person's data", "", f"{there.conversations} conversations, {there.orders} orders")
    kept = " What is still on the way keeps its address: please come back once it has arrived."
    notice = "Erased. Orders stay in your books without a name." + (kept if there.open_orders else "")
    return await visit.go("privacy", notice=notice)


async def _found(visit: Visit) -> tuple[Told, Person] | FormProblems:
    read = await visit.read(Told)
    if isinstance(read, FormProblems):
        return read
    person = await asyncio.to_thread(_persons(visit).find, visit.shop.id, read.who)
    return (read, person) if person else FormProblems({"who": NOBODY}, visit.fields())


async def _show(visit: Visit, problems: FormProblems, who: str = "", person: Person | None = None) -> HTTPResponse:
    held = await asyncio.to_thread(_persons(visit).held, person) if person else None
    return await visit.render("console/privacy.html", problems=problems, who=who, held=held)


def _persons(visit: Visit) -> Persons:
    return Persons(visit.house.store.engine)


def _counted(data: dict[str, object]) -> str:
    return ", ".join(
        f"{len(part)} {name.replace('_', ' ')}" for name, part in data.items() if isinstance(part, list) and part
    )

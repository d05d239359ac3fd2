"""Accepting an invitation: with a new account, or with the one that the address has already."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, Field
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect

from assistant.accounts.invitations import Invitation
from assistant.accounts.rights import EXPLAINED
from assistant.errors import ServiceError
from assistant.house import House
from assistant.web.console.doorway import NO_STORE, doorway
from assistant.web.console.fields import NO_PROBLEMS, FormProblems, read_fields, read_model
from assistant.web.console.frame import signed_in
from assistant.web.console.guard import is_ours, is_own_form, out_of_date
from assistant.web.console.signing_in import HOME, enter
from skills.message import Message

blueprint = Blueprint("console_joining")

PATH = "/console/invitation/<secret:str>"


def one_line(text: str) -> str:
    """A name without what nobody sees."""
    name = " ".join(text.split())
    if not name.isprintable():
        raise ValueError("Please write letters only.")
    return name


PersonName = Annotated[str, Field(min_length=1, max_length=80), AfterValidator(one_line)]


class NewAccount(Message):
    """Who accepts."""

    name: PersonName
    password: str


@blueprint.get(PATH)
async def invitation(request: Request, secret: str) -> HTTPResponse:
    """What somebody is invited to."""
    return await _show(request, secret, NO_PROBLEMS)


@blueprint.post(PATH)
async def accept(request: Request, secret: str) -> HTTPResponse:
    """Accept it."""
    if not is_ours(request) or not is_own_form(request):
        raise out_of_date()
    house: House = request.app.ctx.house
    office, now = house.office, datetime.now(UTC)
    asked = await _find(house, secret)
    session = await signed_in(request, now)
    leads = f"/console/{asked.shop}/" if asked.shop else HOME
    if session and session.account.email == asked.email:
        if not await asyncio.to_thread(office.invitations.accept, secret, session.account, now):
            raise _gone()
        await asyncio.to_thread(office.log.note, asked.shop, session.account, "joined", asked.email, asked.role, now)
        return redirect(leads, status=303, headers=NO_STORE)
    if await asyncio.to_thread(office.people.find, asked.email):
        return await _show(request, secret, NO_PROBLEMS)
    fields = read_fields(request)
    read = read_model(fields, NewAccount)
    if isinstance(read, NewAccount) and (problem := office.problem(read.password, asked)):
        read = FormProblems({"password": problem}, fields)
    if isinstance(read, FormProblems):
        return await _show(request, secret, read)
    account = await asyncio.to_thread(office.join, secret, asked, read.name, fields.get("password"), now)
    if account is None:
        raise _gone()
    await asyncio.to_thread(office.log.note, asked.shop, account, "joined", asked.email, asked.role, now)
    return await enter(request, account, now, after=leads)


async def _show(request: Request, secret: str, problems: FormProblems) -> HTTPResponse:
    house: House = request.app.ctx.house
    asked = await _find(house, secret)
    session = await signed_in(request, datetime.now(UTC))

    def look() -> tuple[str, bool]:
        shop = house.shopping.catalogues.shop(asked.shop) if asked.shop else None
        return shop.name if shop else "Sori", house.office.people.find(asked.email) is not None

    shop, has_account = await asyncio.to_thread(look)
    return await doorway(
        request,
        "console/invitation.html",
        status=422 if problems else 200,
        asked=asked,
        shop=shop,
        explained=EXPLAINED[asked.role],
        has_account=has_account,
        signed_in_as=session.account.email if session else "",
        here=f"/console/invitation/{secret}",
        problems=problems,
    )


async def _find(house: House, secret: str) -> Invitation:
    found = await asyncio.to_thread(house.office.invitations.find, secret, datetime.now(UTC))
    if found is None:
        raise _gone()
    return found


def _gone() -> ServiceError:
    told = "This invitation was used, taken back, or is older than a week. Please ask for a new one."
    return ServiceError("invitation_gone", told, 404)

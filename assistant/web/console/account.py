"""Somebody's own account: name, password, where they are signed in, their shops."""

from __future__ import annotations

import asyncio

from sanic import Blueprint, HTTPResponse

from assistant.accounts.attempts import told
from assistant.accounts.letters import changed_letter, post
from assistant.accounts.office import Refused, Wait
from assistant.accounts.people import Changed
from assistant.accounts.rights import Right
from assistant.web.console.fields import NO_PROBLEMS, FormProblems
from assistant.web.console.frame import Signed, Visit, form, own_form, own_page
from assistant.web.console.joining import PersonName
from assistant.web.console.signing_in import came_from, enter
from skills.message import Message

blueprint = Blueprint("console_account")

PAGE = "/console/account"
NEEDS_OWNER = "A shop needs an owner. Make somebody else an owner first, then you can leave."


class Own(Message):
    """What everybody says of themselves."""

    name: PersonName


@own_page(blueprint, PAGE)
async def account(visit: Signed) -> HTTPResponse:
    """Everything of one's own."""
    return await _show(visit, NO_PROBLEMS)


@own_form(blueprint, PAGE)
async def rename(visit: Signed) -> HTTPResponse:
    """Be called otherwise."""
    read = await visit.read(Own)
    if isinstance(read, FormProblems):
        return await _show(visit, read)
    await asyncio.to_thread(visit.office.people.rename, visit.account, read.name)
    return await visit.go(PAGE, notice="Saved.")


@own_form(blueprint, f"{PAGE}/password")
async def change_password(visit: Signed) -> HTTPResponse:
    """Set another password, which ends every session; this browser gets a new one."""
    fields, office = visit.fields(), visit.office
    password = fields.get("password")
    if problem := office.problem(password, visit.account):
        return await _show(visit, FormProblems({"password": problem}, fields))
    before, address = fields.get("before")[:1_000], came_from(visit.request)
    found = await asyncio.to_thread(office.check, visit.account.email, before, address, visit.now)
    if isinstance(found, Wait):
        problem = f"Too many wrong passwords. Please wait {told(found.time)}, then try again."
        return await _show(visit, FormProblems({"before": problem}, fields), status=429)
    if isinstance(found, Refused):
        return await _show(visit, FormProblems({"before": "This is not your password."}, fields))

    def keep() -> None:
        office.change_password(visit.account, password, visit.now)
        post(visit.house.paths.mail, changed_letter(visit.account.email, visit.now))

    await asyncio.to_thread(keep)
    notice = "Your password is changed. Other browsers are signed out."
    return await enter(visit.request, visit.account, visit.now, after=PAGE, notice=notice)


@own_form(blueprint, f"{PAGE}/sessions/<session:str>/end")
async def end_session(visit: Signed, session: str) -> HTTPResponse:
    """Sign out in another browser."""
    ended = await asyncio.to_thread(visit.office.sessions.end, visit.account, session)
    return await visit.go(PAGE, notice="Signed out there." if ended else "That browser was signed out already.")


@own_form(blueprint, f"{PAGE}/sessions/end")
async def end_sessions(visit: Signed) -> HTTPResponse:
    """Sign out everywhere else."""
    await asyncio.to_thread(visit.office.sessions.end_others, visit.session)
    return await visit.go(PAGE, notice="Signed out everywhere else.")


@form(blueprint, "/console/<shop:str>/leave", Right.VIEW)
async def leave(visit: Visit) -> HTTPResponse:
    """Be no member of a shop any more."""
    left = await asyncio.to_thread(visit.office.people.set_role, visit.shop.id, visit.account.id, None)
    if left is Changed.LAST_OWNER:
        return await visit.go(PAGE, notice=NEEDS_OWNER)
    await visit.note("left", visit.account.email)
    return await visit.go(PAGE, notice=f"You are no member of {visit.shop.name} any more.")


async def _show(visit: Signed, problems: FormProblems, status: int = 200) -> HTTPResponse:
    def look() -> tuple[object, object]:
        roles = visit.office.people.shops(visit.account)
        names = {shop.id: shop.name for shop in visit.house.shopping.catalogues.shops() if shop.id in roles}
        shops = [(shop, names[shop], role) for shop, role in roles.items() if shop in names]
        return visit.office.sessions.of(visit.account, visit.now), shops

    sessions, shops = await asyncio.to_thread(look)
    return await visit.render("console/account.html", status=status, problems=problems, sessions=sessions, shops=shops)

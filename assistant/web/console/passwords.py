"""A new password for somebody who has forgotten theirs, by a link that is mailed."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from sanic import Blueprint, HTTPResponse, Request

from assistant.accounts.attempts import by_letters, told
from assistant.accounts.letters import changed_letter, post, reset_letter
from assistant.errors import ServiceError
from assistant.house import House
from assistant.web.console.doorway import doorway
from assistant.web.console.fields import NO_PROBLEMS, FormProblems, read_fields
from assistant.web.console.guard import is_ours, is_own_form, out_of_date
from assistant.web.console.links import link
from assistant.web.console.signing_in import came_from, enter

blueprint = Blueprint("console_passwords")

ASK, SET = "/console/password", "/console/password/<secret:str>"


@blueprint.get(ASK)
async def ask(request: Request) -> HTTPResponse:
    """Where one asks for the link."""
    return await doorway(request, "console/password_ask.html", asked="", problem="")


@blueprint.post(ASK)
async def send(request: Request) -> HTTPResponse:
    """Send it to who has an account; everybody is told the same, and as soon."""
    if not is_ours(request) or not is_own_form(request):
        raise out_of_date()
    house: House = request.app.ctx.house
    email, now = read_fields(request).get("email").strip()[:254], datetime.now(UTC)
    office = house.office
    if waiting := await asyncio.to_thread(office.attempts.begin, [by_letters(came_from(request))], now):
        problem = f"Too many letters were asked for. Please wait {told(waiting)}, then try again."
        return await doorway(request, "console/password_ask.html", status=429, asked="", problem=problem)

    def post_it() -> None:
        account = office.people.find(email)
        secret = office.resets.make(account, now) if account else None
        if account and secret:
            address = link(request, f"/console/password/{secret}")
            post(house.paths.mail, reset_letter(account.email, address, now))

    # After the answer, which would tell by its time whether there is such an account.
    request.app.add_task(asyncio.to_thread(post_it))
    return await doorway(request, "console/password_ask.html", asked=email, problem="")


@blueprint.get(SET)
async def show(request: Request, secret: str) -> HTTPResponse:
    """Where one sets it."""
    return await _show(request, secret, NO_PROBLEMS)


@blueprint.post(SET)
async def change(request: Request, secret: str) -> HTTPResponse:
    """Set it, sign out everywhere, and sign in here."""
    if not is_ours(request) or not is_own_form(request):
        raise out_of_date()
    house: House = request.app.ctx.house
    office, now = house.office, datetime.now(UTC)
    account = await asyncio.to_thread(office.resets.find, secret, now)
    if account is None:
        raise _gone()
    fields = read_fields(request)
    password = fields.get("password")
    if problem := office.problem(password, account):
        return await _show(request, secret, FormProblems({"password": problem}, fields))

    def keep() -> bool:
        if not office.reset_password(secret, account, password, now):
            return False
        post(house.paths.mail, changed_letter(account.email, now))
        return True

    if not await asyncio.to_thread(keep):
        raise _gone()
    return await enter(request, account, now)


async def _show(request: Request, secret: str, problems: FormProblems) -> HTTPResponse:
    house: House = request.app.ctx.house
    account = await asyncio.to_thread(house.office.resets.find, secret, datetime.now(UTC))
    if account is None:
        raise _gone()
    here, status = f"/console/password/{secret}", 422 if problems else 200
    return await doorway(
        request, "console/password_set.html", status=status, email=account.email, here=here, problems=problems
    )


def _gone() -> ServiceError:
    return ServiceError("link_gone", "This link was used, or is older than an hour. Please ask for a new one.", 404)

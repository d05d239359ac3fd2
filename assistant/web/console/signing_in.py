"""Signing in and out."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect

from assistant.accounts.attempts import told
from assistant.accounts.office import Wait
from assistant.accounts.people import Account
from assistant.house import House
from assistant.web.console import cookie, unsent
from assistant.web.console.device import device
from assistant.web.console.doorway import NO_STORE, sign_in_page
from assistant.web.console.fields import read_fields
from assistant.web.console.frame import Signed, own_form, signed_in
from assistant.web.console.guard import is_ours, is_own_form, out_of_date

blueprint = Blueprint("console_signing_in")

HOME = "/console/"
WRONG = "This e-mail address and password do not go together."
TOO_MANY = "Too many wrong passwords. Please wait {}, then try again."


@blueprint.get(HOME)
async def home(request: Request) -> HTTPResponse:
    """The sign-in page, or the shops of who is signed in."""
    now = datetime.now(UTC)
    after = request.args.get("next", "")
    session = await signed_in(request, now)
    if session is None:
        return await sign_in_page(request, after=after if unsent.is_console(after) else "")
    if unsent.is_console(after):
        return redirect(after, status=303, headers=NO_STORE)
    return await _choose(Signed(request, session, now))


@blueprint.post("/console/sign-in")
async def sign_in(request: Request) -> HTTPResponse:
    """Check the password and begin a session, with a cookie that nobody has seen before."""
    if not is_ours(request) or not is_own_form(request):
        raise out_of_date()
    house: House = request.app.ctx.house
    fields, now = read_fields(request), datetime.now(UTC)
    email, password = fields.get("email")[:254], fields.get("password")[:1_000]
    after, carried = fields.get("after"), fields.get("carried")
    found = await asyncio.to_thread(house.office.check, email, password, came_from(request), now)
    if isinstance(found, Account):
        return await enter(request, found, now, after=after, carried=carried)
    again = {"email": email, "after": after, "carried": carried}
    if isinstance(found, Wait):
        return await sign_in_page(request, status=429, problem=TOO_MANY.format(told(found.time)), **again)
    return await sign_in_page(request, status=422, problem=WRONG, **again)


@own_form(blueprint, "/console/sign-out")
async def sign_out(visit: Signed) -> HTTPResponse:
    """End the session; `next` is a page for who signs in afterwards."""
    await asyncio.to_thread(visit.office.sessions.end, visit.account, visit.session.id)
    after = visit.fields().get("next")
    response = redirect(after if unsent.is_console(after) else HOME, status=303, headers=NO_STORE)
    cookie.drop(response)
    return response


async def enter(
    request: Request, account: Account, now: datetime, *, after: str = "", carried: str = "", notice: str = ""
) -> HTTPResponse:
    """Begin a session and go on: to the form that was carried along, to `after`, or to the shops."""
    house: House = request.app.ctx.house
    form = unsent.read_unsent(carried)
    about = {
        "address": came_from(request),
        "device": device(request.headers.get("user-agent", "")),
        "notice": notice,
        "unsent": form.text() if form else "",
    }
    secret = await asyncio.to_thread(house.office.sessions.begin, account, now, **about)
    leads = unsent.PAGE if form else after if unsent.is_console(after) else HOME
    response = redirect(leads, status=303, headers=NO_STORE)
    cookie.put(request, response, secret)
    return response


def came_from(request: Request) -> str:
    """The address that asks, by which wrong passwords are counted."""
    return request.remote_addr or request.ip


async def _choose(visit: Signed) -> HTTPResponse:
    house, account = visit.house, visit.account

    def look() -> list[tuple[str, str, str]]:
        names = {shop.id: shop.name for shop in house.shopping.catalogues.shops()}
        if account.operator:
            return [(identity, name, "operator") for identity, name in names.items()]
        return [(shop, names[shop], role) for shop, role in house.office.people.shops(account).items() if shop in names]

    shops = await asyncio.to_thread(look)
    if len(shops) == 1 and not account.operator:
        return redirect(f"/console/{shops[0][0]}/", status=303, headers=NO_STORE)
    return await visit.render("console/shops.html", shops=shops)

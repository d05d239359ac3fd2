"""The console's frame: who visits a page, what they may, and how pages and forms are written.

A page's module has a blueprint and handlers like these; `<shop:str>` stands in every path of a shop:

    @page(blueprint, "/console/<shop:str>/answers", Right.VIEW)
    async def answers(visit: Visit) -> HTTPResponse:
        return await visit.render("console/answers.html", answers=...)

    @form(blueprint, "/console/<shop:str>/answers", Right.EDIT)
    async def save(visit: Visit) -> HTTPResponse:
        read = await visit.read(AnswerFields)
        if isinstance(read, FormProblems):
            return await visit.render("console/answers.html", problems=read, answers=...)
        ...
        return await visit.go("answers", notice="Saved.")
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect

from assistant.accounts.rights import Right, Role
from assistant.accounts.sessions import Session
from assistant.errors import ServiceError
from assistant.house import House
from assistant.web.console import cookie, unsent
from assistant.web.console.doorway import NO_STORE, arrival, is_arriving
from assistant.web.console.guard import is_ours, is_own_form
from assistant.web.console.visit import Signed, Visit
from skills.shopping.shop import Shop

__all__ = [
    "NO_STORE",
    "ROUTES",
    "Route",
    "Signed",
    "Visit",
    "form",
    "nothing_here",
    "own_form",
    "own_page",
    "page",
    "signed_in",
]

P = ParamSpec("P")
Pages = Callable[..., Any]


@dataclass(frozen=True)
class Route:
    """A page (GET) or form (POST), and what it takes at a shop; None where it is no shop's."""

    method: str
    path: str
    right: Right | None


ROUTES: list[Route] = []
"""Everything that asks who is signed in."""


def page(
    blueprint: Blueprint, path: str, right: Right
) -> Callable[[Callable[Concatenate[Visit, P], Awaitable[HTTPResponse | None]]], Callable[..., Any]]:
    """A page of a shop, for those who have `right` there; others are told so (403), strangers that there is no such
    page (404), and who is not signed in comes back after signing in.
    """
    return _route(blueprint, path, "GET", right)


def form(
    blueprint: Blueprint, path: str, right: Right
) -> Callable[[Callable[Concatenate[Visit, P], Awaitable[HTTPResponse]]], Callable[..., Any]]:
    """What a form of a shop is sent to (POST): the same, and only what one of our own pages has sent. What comes when
    nobody is signed in is kept until somebody is.
    """
    return _route(blueprint, path, "POST", right)


def own_page(blueprint: Blueprint, path: str, *, operator: bool = False) -> Callable[[Pages], Pages]:
    """A page that is no shop's, for everybody who is signed in, or for operators; its handler takes `Signed`."""
    return _own_route(blueprint, path, "GET", operator)


def own_form(blueprint: Blueprint, path: str, *, operator: bool = False) -> Callable[[Pages], Pages]:
    """What a form of such a page is sent to."""
    return _own_route(blueprint, path, "POST", operator)


async def signed_in(request: Request, now: datetime) -> Session | None:
    """The session of the browser's cookie."""
    house: House = request.app.ctx.house
    secret = cookie.secret(request)
    return await asyncio.to_thread(house.office.sessions.find, secret, now) if secret else None


def _route(blueprint: Blueprint, path: str, method: str, right: Right) -> Callable[[Pages], Pages]:
    def decorate(handler: Pages) -> Pages:
        @wraps(handler)
        async def answer(request: Request, shop: str, **parts: str) -> HTTPResponse | None:
            found = await _enter(request)
            if isinstance(found, HTTPResponse):
                return found
            session, now = found
            visit = await _visit(request, session, now, shop)
            if not visit.can(right):
                raise ServiceError("not_allowed", _refusal(visit.role), 403)
            return await _answered(handler, visit, parts)

        ROUTES.append(Route(method, path, right))
        blueprint.add_route(answer, path, methods=[method], name=handler.__name__, unquote=True)
        return handler

    return decorate


def _own_route(blueprint: Blueprint, path: str, method: str, operator: bool) -> Callable[[Pages], Pages]:
    def decorate(handler: Pages) -> Pages:
        @wraps(handler)
        async def answer(request: Request, **parts: str) -> HTTPResponse | None:
            found = await _enter(request)
            if isinstance(found, HTTPResponse):
                return found
            session, now = found
            if operator and not session.account.operator:
                raise nothing_here()
            return await _answered(handler, Signed(request, session, now), parts)

        ROUTES.append(Route(method, path, None))
        blueprint.add_route(answer, path, methods=[method], name=handler.__name__, unquote=True)
        return handler

    return decorate


async def _enter(request: Request) -> tuple[Session, datetime] | HTTPResponse:
    """Who is signed in, and that a form is one of ours; or where to go first."""
    now = datetime.now(UTC)
    posted = request.method == "POST"
    if posted and not is_ours(request):
        raise ServiceError("form_refused", "This form was sent from another site. Nothing was changed.", 403)
    session = await signed_in(request, now)
    if session is None:
        if posted:
            return await unsent.ask_to_sign_in(request)
        if is_arriving(request):
            return await arrival(request)
        # In the browser's own spelling, so that it leads to the same page.
        address = request.path + (f"?{request.query_string}" if request.query_string else "")
        return redirect(f"/console/?{urlencode({'next': address})}", status=303, headers=NO_STORE)
    if posted and not is_own_form(request):
        return await unsent.keep(request, session)
    return session, now


async def _visit(request: Request, session: Session, now: datetime, identity: str) -> Visit:
    house: House = request.app.ctx.house

    def look() -> tuple[Shop | None, Role | None]:
        role = house.office.people.role(session.account, identity)
        return (house.shopping.catalogues.shop(identity) if role else None), role

    shop, role = await asyncio.to_thread(look)
    if shop is None or role is None:
        raise nothing_here()
    return Visit(request, session, now, shop, role)


async def _answered(handler: Pages, visit: Signed, parts: dict[str, str]) -> HTTPResponse | None:
    response: HTTPResponse | None = await handler(visit, **parts)
    if response and visit.request.method == "POST" and unsent.is_sent(visit.session, visit.request):
        await asyncio.to_thread(visit.office.sessions.keep_unsent, visit.session, "")
    return response


def nothing_here() -> ServiceError:
    """What everybody is told about a shop that they are not a member of, and about one that there is not."""
    return ServiceError("not_found", "There is nothing here.", 404)


def _refusal(role: Role) -> str:
    article = "an" if role in (Role.AGENT, Role.OWNER) else "a"
    return f"As {article} {role} of this shop you cannot do this. One of its owners can, or can change what you may do."

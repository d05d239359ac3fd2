"""Who visits a page of the console: what they sent, what they may, and how they are answered."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TypeVar
from urllib.parse import quote

from markupsafe import Markup
from pydantic import BaseModel
from sanic import HTTPResponse, Request
from sanic.response import redirect

from assistant.accounts.office import Office
from assistant.accounts.people import Account
from assistant.accounts.rights import RIGHTS, Right, Role
from assistant.accounts.sessions import Session, form_token
from assistant.house import House
from assistant.web.console import cookie
from assistant.web.console.doorway import NO_STORE
from assistant.web.console.fields import NO_PROBLEMS, FormProblems, MultiFields, read_fields, read_model
from assistant.web.console.navigation import MENU
from assistant.web.pages import page
from skills.shopping.shop import Shop
from skills.storefront.zones import zone

Model = TypeVar("Model", bound=BaseModel)


class Signed:
    """Somebody who is signed in, at a page that is no shop's."""

    def __init__(self, request: Request, session: Session, now: datetime) -> None:
        self.request = request
        self.house: House = request.app.ctx.house
        self.office: Office = self.house.office
        self.session = session
        self.account: Account = session.account
        self.now = now
        """In UTC."""
        self._fields: MultiFields | None = None

    def fields(self) -> MultiFields:
        """What the form has sent; ServiceError(`form_invalid`, `too_large`)."""
        if self._fields is None:
            self._fields = read_fields(self.request).without("csrf")
        return self._fields

    async def read(self, model: type[Model]) -> Model | FormProblems:
        """What the form has sent as a message, or what is wrong with it, to be rendered with the page."""
        return read_model(self.fields(), model)

    async def render(self, template: str, *, status: int = 200, **values: object) -> HTTPResponse:
        """A page, with `csrf` for its forms and with `problems` of the form that it answers, if there were any."""
        problems = values.pop("problems", NO_PROBLEMS)
        if problems and status == 200:
            status = 422
        # A page that its script reads again by itself does not take what is said to a person once.
        notice = "" if "sori-live" in self.request.headers else self.session.notice
        if notice:
            await asyncio.to_thread(self.office.sessions.tell, self.session, "")
        token = form_token(cookie.secret(self.request))
        values = {
            "visit": self,
            "notice": notice,
            "csrf": Markup('<input type="hidden" name="csrf" value="{}">').format(token),
            "csrf_token": token,
            "problems": problems,
        } | values
        response = await page(template, status=status, **values)
        response.headers.update(NO_STORE)
        return response

    async def go(self, path: str, notice: str = "") -> HTTPResponse:
        """Elsewhere after a form, where `notice` is said once; `path` from the root."""
        if notice:
            await asyncio.to_thread(self.office.sessions.tell, self.session, notice)
        return redirect(path, status=303, headers=NO_STORE)

    def local(self, at: datetime) -> str:
        """A time to be read."""
        return f"{at.astimezone(UTC):%-d %b %Y, %H:%M} UTC"


class Visit(Signed):
    """Somebody at a page of a shop that they are a member of."""

    def __init__(self, request: Request, session: Session, now: datetime, shop: Shop, role: Role) -> None:
        super().__init__(request, session, now)
        self.shop = shop
        self.role = role
        self.rights = RIGHTS[role]
        self.menu = MENU

    @property
    def at(self) -> str:
        """Where the shop's pages begin, with a slash at the end."""
        return f"/console/{quote(self.shop.id)}/"

    @property
    def place(self) -> str:
        """The first part of the path below the shop: which line of the menu this page belongs to."""
        return self.request.path.removeprefix(self.at).partition("/")[0]

    def can(self, right: Right) -> bool:
        """Whether the account may do this here."""
        return right in self.rights

    async def go(self, path: str, notice: str = "") -> HTTPResponse:
        """Elsewhere after a form, where `notice` is said once; `path` from the root, or below the shop."""
        return await super().go(path if path.startswith("/") else self.at + path, notice)

    async def note(self, action: str, subject: str = "", detail: str = "") -> None:
        """Write into the shop's log that the account has done something ("published", "Version 12", "3 answers")."""
        await asyncio.to_thread(self.office.log.note, self.shop.id, self.account, action, subject, detail, self.now)

    def local(self, at: datetime) -> str:
        """A time to be read, as clocks are at the shop."""
        return f"{at.astimezone(zone(self.shop.time_zone)):%-d %b %Y, %H:%M}"

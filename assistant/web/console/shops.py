"""What operators do: open a shop and invite its owner, in one form."""

from __future__ import annotations

import asyncio

from pydantic import field_validator
from sanic import Blueprint, HTTPResponse

from assistant.accounts.reserved import RESERVED
from assistant.accounts.rights import Role
from assistant.web.console.fields import NO_PROBLEMS, FormProblems
from assistant.web.console.frame import Signed, own_form, own_page
from assistant.web.console.inviting import invite
from assistant.web.console.joining import PersonName
from assistant.web.console.team import Email
from skills.message import Message
from skills.shopping.money import Currency
from skills.shopping.product import ShopId
from skills.shopping.shop import Shop

blueprint = Blueprint("console_shops")

PAGE = "/console/shops"


class NewShop(Message):
    """A shop, and who owns it."""

    id: ShopId
    name: PersonName
    currency: Currency
    email: Email

    @field_validator("id")
    @classmethod
    def _not_ours(cls, identity: str) -> str:
        if identity in RESERVED:
            raise ValueError("This name is taken. Please choose another.")
        return identity


@own_page(blueprint, PAGE, operator=True)
async def new(visit: Signed) -> HTTPResponse:
    """The form."""
    return await visit.render("console/new_shop.html", problems=NO_PROBLEMS)


@own_form(blueprint, PAGE, operator=True)
async def add(visit: Signed) -> HTTPResponse:
    """Open the shop; whoever did so already in another tab changes nothing."""
    read = await visit.read(NewShop)
    if isinstance(read, FormProblems):
        return await visit.render("console/new_shop.html", problems=read)
    shop = Shop(id=read.id, name=read.name, currency=read.currency)

    def open_it() -> bool:
        catalogues = visit.house.shopping.catalogues
        if catalogues.shop(shop.id):
            return False
        catalogues.put_shop(shop)
        visit.office.log.note(shop.id, visit.account, "opened the shop", shop.name, "", visit.now)
        return True

    if not await asyncio.to_thread(open_it):
        problems = FormProblems({"id": "There is a shop of this name already."}, visit.fields())
        return await visit.render("console/new_shop.html", problems=problems)
    await invite(visit, shop, read.email, Role.OWNER)
    return await visit.go("/console/", notice=f"{shop.name} is open, and {read.email} is invited to own it.")

"""The test provider's payment page: it works without script, and nothing but its own style is let in.

Its address is the key to one payment, so no other page may learn it, and no cookie is looked at: a form sent from
elsewhere knows neither the address nor the form's own token.
"""

from __future__ import annotations

import asyncio

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect

from assistant.errors import ServiceError
from assistant.house import House
from assistant.web.pages import page
from skills.shopping.buying.providers import PaymentStatus
from skills.shopping.buying.test_provider import BANK_CODE, TestPayment

blueprint = Blueprint("pay", url_prefix="/pay")

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex",
}
CARDS = (
    ("4242 4242 4242 4242", "is accepted"),
    ("4000 0000 0000 0002", "is declined"),
    ("4000 0000 0000 3220", "is accepted after one more step"),
)
FIELD_MAX = 200


@blueprint.get("/<token:str>", unquote=True)
async def show(request: Request, token: str) -> HTTPResponse:
    """What is to be paid, and how far that is."""
    house: House = request.app.ctx.house
    payment = await _payment(house, token)
    buying, shop = house.shopping.buying, await asyncio.to_thread(house.shopping.catalogues.shop, payment.shop)
    known = await asyncio.to_thread(buying.payments.find, payment.id)
    response = await page(
        "pay.html",
        payment=payment,
        step=payment.status.value,
        order=known.order if known else "",
        shop=shop.name if shop else "",
        back=(shop.origins[0] if shop and shop.origins else f"/demo/shop/{payment.shop}/"),
        form=buying.forms.token(f"{payment.id}.{payment.status.value}"),
        cards=CARDS,
        bank_code=BANK_CODE,
    )
    response.headers.update(HEADERS)
    return response


@blueprint.post("/<token:str>", unquote=True)
async def pay(request: Request, token: str) -> HTTPResponse:
    """A card, or the bank's code; the page then says what has come of it."""
    house: House = request.app.ctx.house
    payment = await _payment(house, token)
    buying = house.shopping.buying
    form: dict[str, list[str]] = dict(request.form or {})
    step = buying.forms.read(_first(form, "form"))
    if step == f"{payment.id}.{PaymentStatus.CHALLENGED.value}":
        await asyncio.to_thread(buying.provider.confirm, payment.id, _first(form, "code"))
    elif step.startswith(f"{payment.id}."):
        await asyncio.to_thread(buying.provider.pay, payment.id, _first(form, "card"))
    else:
        raise ServiceError("form_refused", "This form was made for another page. Please open it again.", 403)
    # What was sent is not sent again by a reload.
    return redirect(request.path, status=303, headers=HEADERS)


async def _payment(house: House, token: str) -> TestPayment:
    """The payment that an address is the key to.

    Raises:
        ServiceError: `not_found`.
    """
    try:
        identity = house.shopping.buying.pages.read(token)
    except ServiceError:
        identity = ""
    found = await asyncio.to_thread(house.shopping.buying.provider.find, identity) if identity else None
    if found is None:
        raise ServiceError("not_found", "There is no payment here.", 404)
    return found


def _first(form: dict[str, list[str]], name: str) -> str:
    return next(iter(form.get(name, [])), "")[:FIELD_MAX]

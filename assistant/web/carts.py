"""A shopper's cart, over HTTP."""

from __future__ import annotations

import asyncio

from sanic import Blueprint, HTTPResponse, Request

from assistant.errors import ServiceError
from assistant.house import House
from assistant.web.asking_rate import limit_rate
from assistant.web.buying_messages import CartCoupon, LineQuantity, NewCart, ShopperCart
from assistant.web.buying_requests import PRIVATE, buying, once, read, the_shop, who
from assistant.web.responses import model_response
from skills.shopping.buying.basket import Edited, Held, Outcome
from skills.shopping.buying.views import cart_view

blueprint = Blueprint("carts", url_prefix="/api/v1/shops/<shop:str>/carts")
blueprint.on_request(limit_rate)

REFUSALS = {
    Outcome.SOLD_OUT: ("sold_out", "This is sold out.", 409),
    Outcome.SHORT: ("too_few_left", "There are only {left} left.", 409),
    Outcome.TOO_MANY: ("too_many", "A line can have 99 at most, and a cart 50 lines.", 422),
    Outcome.UNKNOWN: ("sku_unknown", "The shop has nothing of this sku.", 404),
    Outcome.STALE: ("cart_changed", "The cart has changed since that revision.", 409),
}


@blueprint.post("")
async def create(request: Request, shop: str) -> HTTPResponse:
    """A new shopper with an empty cart."""
    house: House = request.app.ctx.house
    found = await the_shop(request, shop)
    shopper = house.chat.sessions.new(found.id)
    held = await asyncio.to_thread(buying(request).basket.held, found, shopper.id)
    cart = NewCart(**dict(_view(held)), session=house.chat.sessions.token(shopper))
    return model_response(cart, 201, PRIVATE)


@blueprint.get("/mine")
async def mine(request: Request, shop: str) -> HTTPResponse:
    """The shopper's cart."""
    found = await the_shop(request, shop)
    held = await asyncio.to_thread(buying(request).basket.held, found, who(request, found).shopper)
    return _answer(held)


@blueprint.put("/mine/lines/<sku:str>", unquote=True)
async def put_line(request: Request, shop: str, sku: str) -> HTTPResponse:
    """Make it so many of a variant."""
    found = await the_shop(request, shop)
    buyer, wanted = who(request, found), read(LineQuantity, request)

    async def act() -> HTTPResponse:
        done = await asyncio.to_thread(
            buying(request).basket.set, found, buyer.shopper, sku[:120], wanted.quantity, wanted.revision
        )
        _refuse(done)
        return _answer(done)

    return await once(request, found, buyer, act)


@blueprint.delete("/mine/lines")
async def clear(request: Request, shop: str) -> HTTPResponse:
    """Take everything out."""
    found = await the_shop(request, shop)
    return _answer(await asyncio.to_thread(buying(request).basket.clear, found, who(request, found).shopper))


@blueprint.put("/mine/coupon")
async def put_coupon(request: Request, shop: str) -> HTTPResponse:
    """Use a code, or none."""
    found = await the_shop(request, shop)
    buyer, wanted = who(request, found), read(CartCoupon, request)
    return _answer(await asyncio.to_thread(buying(request).basket.coupon, found, buyer.shopper, wanted.code))


def _answer(held: Held) -> HTTPResponse:
    return model_response(_view(held), headers=PRIVATE)


def _view(held: Held) -> ShopperCart:
    view = cart_view(held.cart, held.quote).model_copy(update={"buttons": ()})
    return ShopperCart(**dict(view), refused=held.quote.refused)


def _refuse(done: Edited) -> None:
    """Raise ServiceError for what was not done."""
    if done.outcome is not Outcome.DONE:
        code, message, status = REFUSALS[done.outcome]
        raise ServiceError(code, message.format(left=done.left), status)

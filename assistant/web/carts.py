"""A shopper's cart, over HTTP."""

from __future__ import annotations

import asyncio

from sanic import Blueprint, HTTPResponse, Request

from assistant.errors import ServiceError
from assistant.house import House
from assistant.web.buying_messages import CartCoupon, LineQuantity, ShopperCart
from assistant.web.buying_requests import PRIVATE, buying, once, read, the_shop
from assistant.web.listener import bearer, known_listener
from assistant.web.responses import model_response
from skills.shopping.buying.basket import Edited, Held, Outcome
from skills.shopping.buying.views import cart_view

blueprint = Blueprint("carts", url_prefix="/api/v1/shops/<shop:str>/carts")

REFUSALS = {
    Outcome.SOLD_OUT: ("sold_out", "This is sold out.", 409),
    Outcome.SHORT: ("too_few_left", "There are only {left} left.", 409),
    Outcome.TOO_MANY: ("too_many", "A line can have 99 at most, and a cart 50 lines.", 422),
    Outcome.UNKNOWN: ("sku_unknown", "The shop has nothing of this sku.", 404),
    Outcome.STALE: ("cart_changed", "The cart has changed since that revision.", 409),
}


@blueprint.post("")
async def create(request: Request, shop: str) -> HTTPResponse:
    """The cart of who asks; who brings no token becomes a new shopper."""
    house: House = request.app.ctx.house
    return await _cart(request, shop, bearer(request) or house.listeners.new(), status=201)


@blueprint.get("/mine")
async def mine(request: Request, shop: str) -> HTTPResponse:
    """The shopper's cart."""
    return await _cart(request, shop, known_listener(request))


@blueprint.put("/mine/lines/<sku:str>", unquote=True)
async def put_line(request: Request, shop: str, sku: str) -> HTTPResponse:
    """Make it so many of a variant."""
    found, shopper, wanted = await the_shop(request, shop), known_listener(request), read(LineQuantity, request)

    async def act() -> HTTPResponse:
        done = await asyncio.to_thread(
            buying(request).basket.set, found, shopper, sku[:120], wanted.quantity, wanted.revision
        )
        _refuse(done)
        return _answer(request, shopper, done)

    return await once(request, found, act)


@blueprint.delete("/mine/lines")
async def clear(request: Request, shop: str) -> HTTPResponse:
    """Take everything out."""
    found, shopper = await the_shop(request, shop), known_listener(request)
    return _answer(request, shopper, await asyncio.to_thread(buying(request).basket.clear, found, shopper))


@blueprint.put("/mine/coupon")
async def put_coupon(request: Request, shop: str) -> HTTPResponse:
    """Use a code, or none."""
    found, shopper, wanted = await the_shop(request, shop), known_listener(request), read(CartCoupon, request)
    held = await asyncio.to_thread(buying(request).basket.coupon, found, shopper, wanted.code)
    return _answer(request, shopper, held)


async def _cart(request: Request, shop: str, shopper: str, status: int = 200) -> HTTPResponse:
    found = await the_shop(request, shop)
    held = await asyncio.to_thread(buying(request).basket.held, found, shopper)
    return _answer(request, shopper, held, status)


def _answer(request: Request, shopper: str, held: Held, status: int = 200) -> HTTPResponse:
    house: House = request.app.ctx.house
    view = cart_view(held.cart, held.quote).model_copy(update={"buttons": ()})
    cart = ShopperCart(**dict(view), session=house.listeners.token(shopper), refused=held.quote.refused)
    return model_response(cart, status, PRIVATE)


def _refuse(done: Edited) -> None:
    """Raise ServiceError for what was not done."""
    if done.outcome is not Outcome.DONE:
        code, message, status = REFUSALS[done.outcome]
        raise ServiceError(code, message.format(left=done.left), status)

"""Checkouts over HTTP, in the Universal Commerce Protocol's terms: create, get, update, complete, cancel."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TypeVar

from sanic import Blueprint, HTTPResponse, Request

from assistant.errors import ServiceError
from assistant.web.buying_messages import CheckoutDetails, CheckoutSession, Completion
from assistant.web.buying_requests import PRIVATE, buying, once, read, the_shop
from assistant.web.listener import known_listener
from assistant.web.responses import model_response
from skills.shopping.buying.checkout import Checkout
from skills.shopping.buying.checkouts import Buyer
from skills.shopping.buying.details import Details
from skills.shopping.buying.views import checkout_view
from skills.shopping.shop import Shop

Found = TypeVar("Found")

blueprint = Blueprint("checkout_sessions", url_prefix="/api/v1/shops/<shop:str>/checkout-sessions")


@blueprint.post("")
async def create(request: Request, shop: str) -> HTTPResponse:
    """Check out what is in the cart now; while one checkout is under way, it is that one."""
    found, shopper, given = await the_shop(request, shop), known_listener(request), read(CheckoutDetails, request)

    async def act() -> HTTPResponse:
        checkouts, values = buying(request).checkouts, given.model_dump(exclude_none=True)
        checkout = await asyncio.to_thread(checkouts.start, found, Buyer(shopper), Details())
        errors: dict[str, str] = {}
        if values:
            checkout, errors = _known(await asyncio.to_thread(checkouts.update, found, shopper, checkout.id, values))
        return await _answer(request, found, checkout, errors, status=201)

    return await once(request, found, act)


@blueprint.get("/<identity:str>")
async def get(request: Request, shop: str, identity: str) -> HTTPResponse:
    """A checkout as it is now, with present prices and stock."""
    found, shopper = await the_shop(request, shop), known_listener(request)
    checkout = _known(await asyncio.to_thread(buying(request).checkouts.find, found, shopper, identity))
    return await _answer(request, found, checkout)


@blueprint.put("/<identity:str>")
async def update(request: Request, shop: str, identity: str) -> HTTPResponse:
    """Fill in who gets it, where, and how."""
    found, shopper, given = await the_shop(request, shop), known_listener(request), read(CheckoutDetails, request)
    values = given.model_dump(exclude_none=True)
    done = await asyncio.to_thread(buying(request).checkouts.update, found, shopper, identity, values)
    checkout, errors = _known(done)
    return await _answer(request, found, checkout, errors)


@blueprint.post("/<identity:str>/complete")
async def complete(request: Request, shop: str, identity: str) -> HTTPResponse:
    """The buyer wants to buy for the total that they have seen; as often as it is said, there is one order."""
    found, shopper, wanted = await the_shop(request, shop), known_listener(request), read(Completion, request)

    async def act() -> HTTPResponse:
        done = await asyncio.to_thread(
            buying(request).checkouts.complete, found, Buyer(shopper), identity, wanted.total
        )
        return await _answer(request, found, _known(done))

    return await once(request, found, act)


@blueprint.post("/<identity:str>/cancel")
async def cancel(request: Request, shop: str, identity: str) -> HTTPResponse:
    """The buyer has changed their mind."""
    found, shopper = await the_shop(request, shop), known_listener(request)
    checkout = _known(await asyncio.to_thread(buying(request).checkouts.cancel, found, shopper, identity))
    return await _answer(request, found, checkout)


async def _answer(
    request: Request, shop: Shop, checkout: Checkout, errors: Mapping[str, str] | None = None, status: int = 200
) -> HTTPResponse:
    url = await asyncio.to_thread(buying(request).checkouts.continue_url, checkout)
    view = checkout_view(checkout, shop, url).model_copy(update={"buttons": ()})
    session = CheckoutSession(**dict(view), missing=checkout.missing, errors=dict(errors or {}))
    return model_response(session, status, PRIVATE)


def _known(found: Found | None) -> Found:
    """What was found; another shopper's checkout looks like one that does not exist."""
    if found is None:
        raise ServiceError("checkout_unknown", "There is no such checkout.", 404)
    return found

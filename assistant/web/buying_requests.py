"""What every request about buying says: which shop, whose session, and under which Idempotency-Key."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Awaitable, Callable
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from sanic import HTTPResponse, Request

from assistant.buying import Buying, now
from assistant.errors import ServiceError
from assistant.house import House
from assistant.web.listener import known_listener
from skills.shopping.buying.answered import Answered
from skills.shopping.shop import Shop

PRIVATE = {"Cache-Control": "no-store"}
KEY = re.compile(r"[\x21-\x7e]{1,64}")

Read = TypeVar("Read", bound=BaseModel)


def buying(request: Request) -> Buying:
    """The service's buying."""
    house: House = request.app.ctx.house
    return house.shopping.buying


async def the_shop(request: Request, shop: str) -> Shop:
    """The shop of this id.

    Raises:
        ServiceError: `shop_unknown`.
    """
    house: House = request.app.ctx.house
    found = await asyncio.to_thread(house.shopping.catalogues.shop, shop[:40])
    if found is None:
        raise ServiceError("shop_unknown", "There is no such shop.", 404)
    return found


def read(model: type[Read], request: Request) -> Read:
    """The body of a request.

    Raises:
        ServiceError: `request_invalid`, naming the field.
    """
    try:
        return model.model_validate_json(request.body or b"{}")
    except ValidationError as error:
        problem = error.errors()[0]
        field = ".".join(str(part) for part in problem["loc"]) or "body"
        raise ServiceError("request_invalid", f"{field}: {problem['msg']}", 422) from error


async def once(request: Request, shop: Shop, act: Callable[[], Awaitable[HTTPResponse]]) -> HTTPResponse:
    """The answer of `act`; the same again to who asks the same again under the same Idempotency-Key.

    Raises:
        ServiceError: `idempotency_key_invalid`; `idempotency_conflict`, the key was used for something else.
    """
    key = request.headers.get("idempotency-key")
    if key is None:
        return await act()
    if not KEY.fullmatch(key):
        raise ServiceError("idempotency_key_invalid", "Idempotency-Key: up to 64 printable characters.")
    shopper, kept = known_listener(request), buying(request).answered
    asked = hashlib.sha256(b"\n".join((request.method.encode(), request.path.encode(), request.body))).hexdigest()
    before = await asyncio.to_thread(kept.find, shop.id, shopper, key)
    if before is None:
        response = await act()
        if response.status >= 300 or response.body is None:
            return response
        answer = Answered(asked, response.status, response.body.decode())
        await asyncio.to_thread(kept.keep, shop.id, shopper, key, answer, now())
        before = await asyncio.to_thread(kept.find, shop.id, shopper, key)
        if before is None:
            return response
    if before.request != asked:
        raise ServiceError("idempotency_conflict", "This Idempotency-Key was used for another request.", 409)
    return HTTPResponse(before.body, status=before.status, headers=PRIVATE, content_type="application/json")

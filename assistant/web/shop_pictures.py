"""Pictures of products whose feeds name them elsewhere on the web."""

from __future__ import annotations

import asyncio

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import file

from assistant.errors import ServiceError
from assistant.house import House

blueprint = Blueprint("shop_pictures", url_prefix="/shops")

FETCHED_AT_ONCE = 4
"""Pictures, of all shops; whoever wants another one waits."""
FOREVER = 31_536_000
"""Seconds; another picture has another name."""
_turns = asyncio.Semaphore(FETCHED_AT_ONCE)


@blueprint.get(r"/<shop:str>/pictures/<product:str>/<name:[0-9a-f]{20}\.jpg>", unquote=True)
async def picture(request: Request, shop: str, product: str, name: str) -> HTTPResponse:
    """A picture that the product names, small, from our own disk once it was fetched."""
    house: House = request.app.ctx.house
    found = await asyncio.to_thread(house.shopping.catalogues.product, shop, product)
    if found is None:
        raise _unknown()
    pictures, digest = house.shopping.pictures, name.removesuffix(".jpg")
    path = await asyncio.to_thread(pictures.kept, found, digest)
    if path is None:
        async with _turns:
            path = await asyncio.to_thread(pictures.fetched, found, digest)
    if path is None:
        raise _unknown()
    headers = {"Cache-Control": f"public, max-age={FOREVER}, immutable"}
    return await file(path, mime_type="image/jpeg", headers=headers)


def _unknown() -> ServiceError:
    return ServiceError("picture_unknown", "There is no such picture.", 404)

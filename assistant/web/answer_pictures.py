"""Pictures of shops' answers, for whoever meets them in a chat."""

from __future__ import annotations

import asyncio

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import file

from assistant.errors import ServiceError
from assistant.house import House

blueprint = Blueprint("answer_pictures", url_prefix="/shops")

FOREVER = 31_536_000
"""Seconds; another picture has another name."""


@blueprint.get(r"/<shop:str>/answers/<name:[0-9a-f]{20}\.jpg>", unquote=True)
async def picture(request: Request, shop: str, name: str) -> HTTPResponse:
    """A picture that the shop's people have uploaded."""
    house: House = request.app.ctx.house
    known = await asyncio.to_thread(house.shopping.catalogues.shop, shop)
    path = await asyncio.to_thread(house.shopping.answer_pictures.path, known.id, name) if known else None
    if path is None:
        raise ServiceError("picture_unknown", "There is no such picture.", 404)
    headers = {"Cache-Control": f"public, max-age={FOREVER}, immutable", "Access-Control-Allow-Origin": "*"}
    return await file(path, mime_type="image/jpeg", headers=headers)

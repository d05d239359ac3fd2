"""Recordings and covers."""

from __future__ import annotations

from sanic import Blueprint, HTTPResponse, Request
from sanic.handlers import ContentRangeHandler
from sanic.response import file, file_stream
from sanic.response.types import ResponseStream

from assistant.errors import ServiceError
from assistant.house import House
from skills.media.artwork import cover

blueprint = Blueprint("media", url_prefix="/media")

FOREVER = 31_536_000
"""Seconds; a recording's name changes with its content."""


@blueprint.get("/recordings/<name:str>")
async def recording(request: Request, name: str) -> HTTPResponse | ResponseStream:
    """A recording, or the range of it that was asked for; only names that the catalogue itself gave out are served."""
    house: House = request.app.ctx.house
    found = house.library.recording(name.split(".", 1)[0])
    if found is None or found.path.name != name or not found.path.exists():
        raise ServiceError("not_found", "There is no such recording.", 404)
    headers = {"Accept-Ranges": "bytes"}
    if "range" not in request.headers:
        return await file(found.path, mime_type="audio/mpeg", headers=headers, max_age=FOREVER)
    size = ContentRangeHandler(request, found.path.stat())
    return await file_stream(found.path, mime_type="audio/mpeg", headers=headers, _range=size)


@blueprint.get(r"/covers/<item:([\w.:-]+)\.svg>")
async def picture(request: Request, item: str) -> HTTPResponse:
    """An item's cover."""
    house: House = request.app.ctx.house
    found = house.library.items.get(item)
    if found is None:
        raise ServiceError("not_found", "There is no such item.", 404)
    return HTTPResponse(cover(found), content_type="image/svg+xml", headers={"Cache-Control": "max-age=86400"})

"""Recordings, their captions and scenes, to whom has a link; and covers, to everybody."""

from __future__ import annotations

import asyncio
import hashlib

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import file

from assistant.errors import ServiceError
from assistant.house import House
from assistant.web.linked import check_link
from assistant.web.ranges import is_known, send_file
from skills.media.artwork import cover
from skills.media.errors import ContentError
from skills.media.recordings import Recording
from skills.media.timeline import picture, vtt

blueprint = Blueprint("media", url_prefix="/media")

FOREVER = 31_536_000
"""Seconds; a cover's name changes with its content."""
ASK_AGAIN = "private, no-cache"
"""What a link leads to is for one listener's own cache, which asks each time whether the link is still good."""


async def recording(request: Request, name: str) -> HTTPResponse | None:
    """A recording, or the range of it that was asked for."""
    check_link(request)
    found = _recording(request, name.rsplit(".", 2)[0])
    if found.name != name or not found.path.exists():
        raise _missing("recording")
    return await send_file(request, found.path, found.media_type, hashlib.sha256(name.encode()).hexdigest(), ASK_AGAIN)


async def captions(request: Request, name: str) -> HTTPResponse:
    """What is said in an item, as WebVTT; its name is the item's, with `.vtt`."""
    check_link(request)
    house: House = request.app.ctx.house
    item_id = name.removesuffix(".vtt")
    found = _recording(request, item_id)
    text = await asyncio.to_thread(vtt, house.library.items[item_id], found)
    tag = hashlib.sha256(text.encode()).hexdigest()
    headers = {"Cache-Control": ASK_AGAIN, "ETag": f'"{tag}"'}
    if is_known(request, tag):
        return HTTPResponse(status=304, headers=headers)
    return HTTPResponse(text, content_type="text/vtt; charset=utf-8", headers=headers)


async def slide(request: Request, item: str, name: str) -> HTTPResponse | None:
    """The picture of one of an item's scenes; its name is its SHA-256, with `.jpg`."""
    check_link(request)
    sha256 = name.removesuffix(".jpg")
    path = await asyncio.to_thread(picture, _recording(request, item), sha256)
    if path is None:
        raise _missing("picture")
    return await send_file(request, path, "image/jpeg", sha256, ASK_AGAIN)


for _handler, _path in (
    (recording, "/recordings/<name:str>"),
    (captions, "/captions/<name:str>"),
    (slide, "/slides/<item:str>/<name:str>"),
):
    blueprint.add_route(_handler, _path, methods=("GET", "HEAD"), unquote=True)


@blueprint.get(r"/covers/<item:([\w.:-]+)\.svg>")
async def drawn(request: Request, item: str) -> HTTPResponse:
    """The cover that is drawn for an item."""
    house: House = request.app.ctx.house
    found = house.library.items.get(item)
    if found is None:
        raise _missing("item")
    return HTTPResponse(cover(found), content_type="image/svg+xml", headers={"Cache-Control": "max-age=86400"})


@blueprint.get(r"/covers/<name:([\w.:-]+)\.jpg>")
async def artwork(request: Request, name: str) -> HTTPResponse:
    """The picture that an item came with; its name changes with its content."""
    house: House = request.app.ctx.house
    item, _, version = name.rpartition(".")
    found = house.library.artwork(item)
    if found is None or found[:12] != version:
        raise _missing("picture")
    try:
        stored = await asyncio.to_thread(house.studio.contents.find, found)
    except ContentError as error:
        raise _missing("picture") from error
    return await file(stored.path, mime_type="image/jpeg", max_age=FOREVER)


def _recording(request: Request, item: str) -> Recording:
    house: House = request.app.ctx.house
    found = house.library.recording(item)
    if found is None or item not in house.library.items:
        raise _missing("recording")
    return found


def _missing(what: str) -> ServiceError:
    return ServiceError("not_found", f"There is no such {what}.", 404)

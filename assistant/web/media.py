"""Recordings and covers."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import file

from assistant.errors import ServiceError
from assistant.house import House
from skills.media.artwork import cover
from skills.media.content import ContentStore
from skills.media.errors import ContentError

blueprint = Blueprint("media", url_prefix="/media")

FOREVER = 31_536_000
"""Seconds; a recording's name changes with its content."""
PIECE = 1 << 18
"""Bytes of a recording that are in memory at a time, for each listener."""

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


@blueprint.get("/recordings/<name:str>")
async def recording(request: Request, name: str) -> None:
    """A recording, or the range of it that was asked for; only names that the catalogue itself gave out are served."""
    house: House = request.app.ctx.house
    found = house.library.recording(name.rsplit(".", 2)[0])
    if found is None or found.name != name or not found.path.exists():
        raise ServiceError("not_found", "There is no such recording.", 404)
    size = found.path.stat().st_size
    part = requested_part(request.headers.get("range", ""), size)
    headers = {"Accept-Ranges": "bytes", "Cache-Control": f"max-age={FOREVER}"}
    if part is not None:
        headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{size}"
    status, wanted = (200, range(size)) if part is None else (206, part)
    headers["Content-Length"] = str(len(wanted))
    response = await request.respond(status=status, headers=headers, content_type=found.media_type)
    assert isinstance(response, HTTPResponse)
    async for piece in _pieces(found.path, wanted):
        await response.send(piece)
    await response.send(end_stream=True)


def requested_part(header: str, size: int) -> range | None:
    """The bytes that a Range header asks for (RFC 9110, 14.1.2); None, which is all, for what is no single range.

    Raises:
        ServiceError: `range_invalid`, the file has none of these bytes.
    """
    found = _RANGE.fullmatch(header.replace(" ", ""))
    if not found or found[0] == "bytes=-":
        return None
    first, last = found[1], found[2]
    if first and last and int(first) > int(last):
        return None
    part = range(int(first), min(int(last or size), size - 1) + 1) if first else range(max(0, size - int(last)), size)
    if not part:
        raise ServiceError("range_invalid", f"The recording has {size} bytes, and none of those asked for.", 416)
    return part


async def _pieces(path: Path, wanted: range) -> AsyncIterator[bytes]:
    with await asyncio.to_thread(path.open, "rb") as recording:
        recording.seek(wanted.start)
        left = len(wanted)
        while left and (piece := await asyncio.to_thread(recording.read, min(left, PIECE))):
            left -= len(piece)
            yield piece


@blueprint.get(r"/covers/<item:([\w.:-]+)\.svg>")
async def drawn(request: Request, item: str) -> HTTPResponse:
    """The cover that is drawn for an item."""
    house: House = request.app.ctx.house
    found = house.library.items.get(item)
    if found is None:
        raise ServiceError("not_found", "There is no such item.", 404)
    return HTTPResponse(cover(found), content_type="image/svg+xml", headers={"Cache-Control": "max-age=86400"})


@blueprint.get(r"/covers/<name:([\w.:-]+)\.jpg>")
async def picture(request: Request, name: str) -> HTTPResponse:
    """The picture that an item came with; its name changes with its content."""
    house: House = request.app.ctx.house
    item, _, version = name.rpartition(".")
    picture = house.library.artwork(item)
    if picture is None or picture[:12] != version:
        raise ServiceError("not_found", "There is no such picture.", 404)
    try:
        stored = await asyncio.to_thread(ContentStore(house.paths.media).find, picture)
    except ContentError as error:
        raise ServiceError("not_found", "There is no such picture.", 404) from error
    return await file(stored.path, mime_type="image/jpeg", max_age=FOREVER)

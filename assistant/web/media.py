"""Recordings and covers."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import file

from assistant.errors import ServiceError
from assistant.house import House
from skills.media.artwork import cover

blueprint = Blueprint("media", url_prefix="/media")

FOREVER = 31_536_000
"""Seconds; a recording's name changes with its content."""

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


@blueprint.get("/recordings/<name:str>")
async def recording(request: Request, name: str) -> HTTPResponse:
    """A recording, or the range of it that was asked for; only names that the catalogue itself gave out are served."""
    house: House = request.app.ctx.house
    found = house.library.recording(name.split(".", 1)[0])
    if found is None or found.path.name != name or not found.path.exists():
        raise ServiceError("not_found", "There is no such recording.", 404)
    size = found.path.stat().st_size
    part = requested_part(request.headers.get("range", ""), size)
    headers = {"Accept-Ranges": "bytes"}
    if part is None:
        return await file(found.path, mime_type="audio/mpeg", headers=headers, max_age=FOREVER)
    headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{size}"
    content = await asyncio.to_thread(_read, found.path, part)
    return HTTPResponse(content, status=206, headers=headers, content_type="audio/mpeg")


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


def _read(path: Path, part: range) -> bytes:
    with path.open("rb") as file:
        file.seek(part.start)
        return file.read(len(part))


@blueprint.get(r"/covers/<item:([\w.:-]+)\.svg>")
async def picture(request: Request, item: str) -> HTTPResponse:
    """An item's cover."""
    house: House = request.app.ctx.house
    found = house.library.items.get(item)
    if found is None:
        raise ServiceError("not_found", "There is no such item.", 404)
    return HTTPResponse(cover(found), content_type="image/svg+xml", headers={"Cache-Control": "max-age=86400"})

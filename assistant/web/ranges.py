"""Files over HTTP: whole, or the range that was asked for, and only if they have changed (RFC 9110, 13 and 14)."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

from sanic import HTTPResponse, Request

from assistant.errors import ServiceError

PIECE = 1 << 18
"""Bytes of a file that are in memory at a time, for each listener."""

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


async def send_file(request: Request, path: Path, media_type: str, tag: str, cache: str) -> HTTPResponse | None:
    """Answer with a file, in pieces; `tag` names its content, `cache` is what caches may do with it."""
    headers = {"Accept-Ranges": "bytes", "Cache-Control": cache, "ETag": f'"{tag}"'}
    if is_known(request, tag):
        return HTTPResponse(status=304, headers=headers)
    size = (await asyncio.to_thread(path.stat)).st_size
    unchanged = request.headers.get("if-range", f'"{tag}"') == f'"{tag}"'
    part = requested_part(request.headers.get("range", "") if unchanged else "", size)
    if part is not None:
        headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{size}"
    status, wanted = (200, range(size)) if part is None else (206, part)
    headers["Content-Length"] = str(len(wanted))
    response = await request.respond(status=status, headers=headers, content_type=media_type)
    assert isinstance(response, HTTPResponse)
    if request.method != "HEAD":
        async for piece in _pieces(path, wanted):
            await response.send(piece)
    await response.send(end_stream=True)
    return None


def is_known(request: Request, tag: str) -> bool:
    """Whether the client has it already."""
    known = request.headers.get("if-none-match", "")
    return known.strip() == "*" or f'"{tag}"' in {one.strip().removeprefix("W/") for one in known.split(",")}


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
        raise ServiceError("range_invalid", f"There are {size} bytes, and none of those asked for.", 416)
    return part


async def _pieces(path: Path, wanted: range) -> AsyncIterator[bytes]:
    with await asyncio.to_thread(path.open, "rb") as file:
        file.seek(wanted.start)
        left = len(wanted)
        while left and (piece := await asyncio.to_thread(file.read, min(left, PIECE))):
            left -= len(piece)
            yield piece

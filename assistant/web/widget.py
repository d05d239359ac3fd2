"""The chat widget as pages load it: one module, compressed, made of those in static/chat."""

from __future__ import annotations

import hashlib
import zlib
from functools import lru_cache
from pathlib import Path

from sanic import Blueprint, HTTPResponse, Request

from assistant.web.one_module import one_module

GZIP = 16 + zlib.MAX_WBITS
ENTRY = Path(__file__).parent / "static" / "chat" / "sori-chat.js"

blueprint = Blueprint("widget")


def widget() -> tuple[bytes, bytes, str]:
    """The module, the same compressed (gzip), and its entity tag; made anew when one of its files has changed."""
    return _made(max(file.stat().st_mtime_ns for file in ENTRY.parent.glob("*.js")))


@lru_cache(maxsize=1)
def _made(_changed: int) -> tuple[bytes, bytes, str]:
    module = one_module(ENTRY).encode()
    return module, _compressed(module), f'"{hashlib.sha256(module).hexdigest()[:32]}"'


def _compressed(module: bytes) -> bytes:
    """As gzip, as small as zlib can: how much it looks at before it begins a block changes the size by a percent."""
    sizes = (zlib.compressobj(9, zlib.DEFLATED, GZIP, memory) for memory in range(5, 10))
    return min((one.compress(module) + one.flush() for one in sizes), key=len)


@blueprint.get("/static/chat/sori-chat.js")
async def script(request: Request) -> HTTPResponse:
    """The browser asks each time, and gets 304 until the widget has changed."""
    module, compressed, tag = widget()
    headers = {"ETag": tag, "Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
    if tag in request.headers.get("if-none-match", ""):
        return HTTPResponse(status=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        module = compressed
    return HTTPResponse(module, headers=headers, content_type="text/javascript; charset=utf-8")

"""The chat widget as pages load it: one module, compressed, made of those in static/chat."""

from __future__ import annotations

import gzip
import hashlib
from functools import cache
from pathlib import Path

from sanic import Blueprint, HTTPResponse, Request

from assistant.web.one_module import one_module

ENTRY = Path(__file__).parent / "static" / "chat" / "sori-chat.js"

blueprint = Blueprint("widget")


@cache
def widget() -> tuple[bytes, bytes, str]:
    """The module, the same compressed (gzip), and its entity tag."""
    module = one_module(ENTRY).encode()
    return module, gzip.compress(module, mtime=0), f'"{hashlib.sha256(module).hexdigest()[:32]}"'


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

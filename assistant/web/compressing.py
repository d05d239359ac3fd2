"""Pages, styles and scripts leave compressed, to browsers that take it so."""

from __future__ import annotations

import gzip
from functools import lru_cache

from sanic import Request
from sanic.response import BaseHTTPResponse

LEAST = 1_024
"""Bytes; smaller ones fit into one packet anyway."""
TYPES = ("text/html", "text/css", "text/javascript", "application/javascript", "image/svg+xml")
PLACES = ("/static/", "/console")
"""A page that holds a secret beside what a stranger has put into the address must not be compressed (BREACH). The
console's may: its cookie is SameSite=Strict, so no other site can have one of its pages fetched."""


async def compress(request: Request, response: BaseHTTPResponse) -> None:
    """A response middleware."""
    body = response.body or b""
    kind = (response.content_type or "").partition(";")[0]
    if not request.path.startswith(PLACES) or kind not in TYPES or len(body) < LEAST:
        return
    if response.status == 206 or "content-encoding" in response.headers:
        return
    response.headers["Vary"] = "Accept-Encoding"
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return
    response.body = _kept(body) if request.path.startswith("/static/") else gzip.compress(body, 5, mtime=0)
    response.headers["Content-Encoding"] = "gzip"
    response.headers.pop("content-length", None)


@lru_cache(maxsize=256)
def _kept(body: bytes) -> bytes:
    """A file's, which is asked for again and again."""
    return gzip.compress(body, 9, mtime=0)

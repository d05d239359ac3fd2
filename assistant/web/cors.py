"""What pages of other sites may read of our answers (CORS, Fetch standard): what a player needs, and no more.

Of all that is asked about items the exact origin is named, never a wildcard, and no cookies or other credentials are
taken.
"""

from __future__ import annotations

import re

from sanic import HTTPResponse, Request
from sanic.response import BaseHTTPResponse

from assistant.errors import ServiceError
from assistant.web.addresses import permitted_origin

_SHARED = re.compile(r"/media/.*|/oembed|/api/v1/items/[^/]+/(player|moments)")
"""What may be read by the sites that have the player."""
PROGRAM = "/static/player/"
"""The player itself may be read by everybody: where it may not play, it says so."""

_EXPOSED = "Accept-Ranges, Content-Length, Content-Range, ETag"
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD",
    "Access-Control-Allow-Headers": "Range, If-Range, If-None-Match",
    "Access-Control-Max-Age": "600",
}


async def answer_preflight(request: Request) -> HTTPResponse | None:
    """A browser's question whether a page may ask; what it may read is said by `add_headers`."""
    shared = _SHARED.fullmatch(request.path) or request.path.startswith(PROGRAM)
    if request.method != "OPTIONS" or not shared:
        return None
    return HTTPResponse(status=204, headers=_PREFLIGHT)


async def add_headers(request: Request, response: BaseHTTPResponse) -> None:
    """Let the page that asks read the answer, if its site has the player; also why it is refused."""
    if request.path.startswith(PROGRAM):
        response.headers["Access-Control-Allow-Origin"] = "*"
    if not _SHARED.fullmatch(request.path):
        return
    response.headers["Vary"] = "Origin"
    origin = request.headers.get("origin", "")
    if not origin:
        return
    try:
        permitted_origin(request)
    except ServiceError:
        if response.status != 403 or request.method == "OPTIONS":
            return
    response.headers["Access-Control-Allow-Origin"] = origin
    response.headers["Access-Control-Expose-Headers"] = _EXPOSED

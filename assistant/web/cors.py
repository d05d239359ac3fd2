"""What pages of other sites may read of our answers (CORS, Fetch standard): what a player or a chat needs, and no more.

Of all that is asked about items and in chats the exact origin is named, never a wildcard, and no cookies or other
credentials are taken.
"""

from __future__ import annotations

import re

from sanic import HTTPResponse, Request
from sanic.response import BaseHTTPResponse

from assistant.errors import ServiceError
from assistant.web.addresses import permitted_origin
from assistant.web.chat_access import the_shop

_SHARED = re.compile(r"/media/.*|/oembed|/api/v1/items/[^/]+/(player|moments)")
"""What may be read by the sites that have the player."""
_CHAT = re.compile(r"/api/v1/chat/.*")
"""What may be read by the sites that have the chat of the shop in `?store=`."""
PROGRAMS = ("/static/player/", "/static/chat/")
"""The player and the chat themselves may be read by everybody: where they may not be, they say so."""

_EXPOSED = "Accept-Ranges, Content-Length, Content-Range, ETag"
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD",
    "Access-Control-Allow-Headers": "Range, If-Range, If-None-Match",
    "Access-Control-Max-Age": "600",
}
_CHAT_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "Authorization, Content-Type",
    "Access-Control-Max-Age": "600",
}


async def answer_preflight(request: Request) -> HTTPResponse | None:
    """A browser's question whether a page may ask; what it may read is said by `add_headers`."""
    if request.method != "OPTIONS":
        return None
    if _CHAT.fullmatch(request.path):
        return HTTPResponse(status=204, headers=_CHAT_PREFLIGHT)
    shared = _SHARED.fullmatch(request.path) or request.path.startswith(PROGRAMS)
    return HTTPResponse(status=204, headers=_PREFLIGHT) if shared else None


async def add_headers(request: Request, response: BaseHTTPResponse) -> None:
    """Let the page that asks read the answer, if its site has the player or the chat; also why it is refused."""
    if request.path.startswith(PROGRAMS):
        response.headers["Access-Control-Allow-Origin"] = "*"
    is_chat = _CHAT.fullmatch(request.path)
    if not is_chat and not _SHARED.fullmatch(request.path):
        return
    response.headers["Vary"] = "Origin"
    origin = request.headers.get("origin", "")
    if not origin:
        return
    try:
        if is_chat:
            await the_shop(request)
        else:
            permitted_origin(request)
    except ServiceError:
        if response.status != 403 or request.method == "OPTIONS":
            return
    response.headers["Access-Control-Allow-Origin"] = origin
    response.headers["Access-Control-Expose-Headers"] = _EXPOSED

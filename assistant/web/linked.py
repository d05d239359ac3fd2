"""Links to media for whoever asks, and the check of one that comes back."""

from __future__ import annotations

import time
from urllib.parse import unquote

from sanic import Request

from assistant.errors import ServiceError
from assistant.house import House
from assistant.media_links import Link
from assistant.web.addresses import permitted_origin


def link_for(request: Request, path: str) -> Link:
    """A link to `path`, unquoted, for the page that asks, or for a program.

    Raises:
        ServiceError: `origin_refused`.
    """
    house: House = request.app.ctx.house
    return house.links.link(path, permitted_origin(request), time.time())


def check_link(request: Request) -> None:
    """A link is for players: a browser that would show what it leads to, or hides which page asks, gets nothing.

    Raises:
        ServiceError: like `MediaLinks.check`, and `origin_refused`.
    """
    house: House = request.app.ctx.house
    origin = permitted_origin(request)
    house.links.check(unquote(request.path), request.query_string, origin, time.time())
    # Browsers say with each request where it comes from (Fetch Metadata); what is no browser does not.
    is_hidden = origin is None and "sec-fetch-site" in request.headers
    if is_hidden or request.headers.get("sec-fetch-mode") == "navigate":
        raise ServiceError("link_origin", "This link is for a player that says which page it is on.", 403)

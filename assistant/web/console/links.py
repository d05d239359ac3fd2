"""Links to the console in letters."""

from __future__ import annotations

from sanic import Request

from assistant.house import House


def link(request: Request, path: str) -> str:
    """Where a page of ours is for somebody who reads a letter.

    The header `Host` is not asked: whoever has a letter sent to somebody else would write it.
    """
    house: House = request.app.ctx.house
    assert request.conn_info
    return (house.settings.public_url or f"http://{request.conn_info.server}") + path

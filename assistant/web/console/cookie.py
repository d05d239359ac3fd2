"""The console's one cookie: a secret that says who is signed in, and that keys the browser's forms."""

from __future__ import annotations

from sanic import HTTPResponse, Request

from assistant.accounts.sessions import WHOLE
from assistant.house import House

NAME = "sori_console"
SECRET_MAX = 64


def secret(request: Request) -> str:
    """What the browser's cookie holds; "" without one."""
    found: str | None = request.cookies.get(NAME)
    return found if found and len(found) <= SECRET_MAX else ""


def put(request: Request, response: HTTPResponse, held: str) -> None:
    """Have the browser hold this from now on: for no script, no other site, and nobody on the way."""
    house: House = request.app.ctx.house
    response.add_cookie(
        NAME,
        held,
        path="/console",
        httponly=True,
        samesite="Strict",
        secure=house.settings.public_url.startswith("https:"),
        max_age=int(WHOLE.total_seconds()),
    )


def drop(response: HTTPResponse) -> None:
    """Have the browser forget it."""
    response.delete_cookie(NAME, path="/console")

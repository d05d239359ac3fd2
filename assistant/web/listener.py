"""Which listener a request speaks for: `Authorization: Bearer TOKEN`."""

from __future__ import annotations

from sanic import Request

from assistant.errors import ServiceError
from assistant.house import House


def bearer(request: Request) -> str | None:
    """The listener's id; None where the request brings no token.

    Raises:
        ServiceError: `listener_invalid`.
    """
    house: House = request.app.ctx.house
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    return house.listeners.read(token) if kind.lower() == "bearer" and token else None


def known_listener(request: Request) -> str:
    """The listener's id.

    Raises:
        ServiceError: `listener_missing`, `listener_invalid`.
    """
    listener = bearer(request)
    if listener is None:
        raise ServiceError("listener_missing", "Say which listener is meant: Authorization: Bearer TOKEN.", 401)
    return listener

"""How often one client may ask about items: many times what a person at a player brings about."""

from __future__ import annotations

import time

from sanic import Request

from assistant.errors import ServiceError
from assistant.house import House


async def limit_rate(request: Request) -> None:
    """Let the request pass, or not.

    Behind a proxy a client's address is the one that the proxy forwards, where Sanic is told to believe it.

    Raises:
        ServiceError: `too_many_requests`.
    """
    house: House = request.app.ctx.house
    if not house.askers.take(request.remote_addr or request.ip, time.monotonic()):
        raise ServiceError("too_many_requests", "That is more than one player asks. Please wait a moment.", 429)

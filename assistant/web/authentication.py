"""Who asks: the key in `Authorization: Bearer`. No cookie is looked at, so no other site can ask in somebody's name."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime

from sanic import Request

from assistant.channels.allowance import Allowances
from assistant.errors import ServiceError
from assistant.house import House
from assistant.storage.api_keys import ApiKey

FAILURES_PER_S, FAILURES_AT_ONCE = 1 / 10, 20
"""Wrong keys that one address may show."""
ADDRESSES = 10_000
"""That are remembered."""


def failures() -> Allowances:
    """Wrong keys, by the address that shows them."""
    return Allowances(FAILURES_PER_S, FAILURES_AT_ONCE, ADDRESSES)


async def authenticated(request: Request, scope: str) -> ApiKey:
    """The key that was shown.

    Raises:
        ServiceError: `key_missing`, `key_invalid`, `key_scope`, `key_failures`, `storage_failed`.
    """
    house: House = request.app.ctx.house
    kind, _, secret = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not secret:
        raise ServiceError("key_missing", "This needs a key: ./sori keys add NAME makes one.", 401)
    key = await asyncio.to_thread(house.studio.keys.check, secret.strip(), datetime.now(UTC))
    if key is None:
        left: Allowances = request.app.ctx.failures
        if not left.take(request.remote_addr or request.ip, time.monotonic()):
            raise ServiceError("key_failures", "Too many wrong keys. Please wait a minute.", 429)
        raise ServiceError("key_invalid", "This key is not valid, or has been revoked.", 401)
    if scope not in key.scopes:
        raise ServiceError("key_scope", f"This key is not meant for {scope}.", 403)
    return key

"""Who may use a shop's chat: pages of the shop's sites and our own, shoppers by their sessions, and not too often."""

from __future__ import annotations

import asyncio
import re
import time

from sanic import Request

from assistant.channels.allowance import Allowances
from assistant.chat.sessions import Shopper
from assistant.errors import ServiceError
from assistant.house import House
from assistant.origins import is_own
from assistant.web.addresses import asking_origin
from skills.shopping.shop import Shop

ADDRESSES = 10_000
"""That are remembered."""
_SHOP = re.compile(r"[a-z0-9-]{1,40}")


class Limits:
    """What one address may do: many shoppers behind one, but no flood, and no guessing of codes."""

    def __init__(self) -> None:
        self.hellos = Allowances(per_s=50, burst=1_000, clients=ADDRESSES)
        self.messages = Allowances(per_s=100, burst=1_000, clients=ADDRESSES)
        self.recordings = Allowances(per_s=1, burst=20, clients=ADDRESSES)
        self.codes = Allowances(per_s=1 / 30, burst=10, clients=ADDRESSES)


def limits(request: Request) -> Limits:
    """Those of the application."""
    found: Limits = request.app.ctx.chat_limits
    return found


def take(allowances: Allowances, request: Request) -> None:
    """One more of this address.

    Raises:
        ServiceError: `too_many_requests`.
    """
    if not allowances.take(request.remote_addr or request.ip, time.monotonic()):
        raise ServiceError("too_many_requests", "That is more than anybody needs. Please wait a moment.", 429)


async def the_shop(request: Request) -> Shop:
    """The shop in `?store=`, for a page that may have its chat, or a program.

    Raises:
        ServiceError: `shop_unknown`, `origin_refused`.
    """
    house: House = request.app.ctx.house
    named = request.args.get("store", "")
    shop = await asyncio.to_thread(house.chat.around.shop, named) if _SHOP.fullmatch(named) else None
    if shop is None:
        raise ServiceError("shop_unknown", "There is no such shop here.", 404)
    origin = asking_origin(request)
    if origin and not is_own(origin, request.host) and origin not in (house.settings.public_url, *shop.origins):
        raise ServiceError("origin_refused", "This page may not have this shop's chat.", 403)
    return shop


def the_shopper(request: Request, shop: Shop) -> Shopper:
    """The shopper whose session is in `Authorization: Bearer`.

    Raises:
        ServiceError: `session_missing`, `session_invalid`.
    """
    house: House = request.app.ctx.house
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token:
        raise ServiceError("session_missing", "Say whose chat is meant: Authorization: Bearer SESSION.", 401)
    return house.chat.sessions.read(token.strip(), shop.id, time.time())

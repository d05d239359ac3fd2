"""Who asks, where we are, and from where on something is to be played: what addresses and headers say of it."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from sanic import Request

from assistant.errors import ServiceError
from assistant.house import House
from assistant.origins import read_origin

_START = re.compile(r"(?:(\d{1,2})h)?(?:(\d{1,4})m)?(?:(\d{1,5})(?:\.\d{1,9})?s?)?", re.ASCII)
"""`75`, `75.5`, `75s`, `1m15s`, `1h2m3s`, as the large sites write the time in a link."""


def asking_origin(request: Request) -> str | None:
    """The origin of the page that asks; None where no page does.

    Browsers send `Origin` with what may cross origins, and on the same origin, under our Referrer-Policy, `Referer`.

    Raises:
        ServiceError: `origin_refused`, an origin that any page can have (`null`), or that cannot be read.
    """
    named, referrer = request.headers.get("origin"), request.headers.get("referer")
    if named is None and not referrer:
        return None
    try:
        return read_origin(_origin_of(referrer) if named is None else named)
    except ValueError as error:
        raise refused() from error


def _origin_of(url: str | None) -> str:
    parts = urlsplit(url or "")
    return f"{parts.scheme}://{parts.netloc}"


def permitted_origin(request: Request) -> str | None:
    """The same, and it may play what is here.

    Raises:
        ServiceError: `origin_refused`.
    """
    house: House = request.app.ctx.house
    origin = asking_origin(request)
    if origin is not None and not house.origins.allow(origin, request.host):
        raise refused()
    return origin


def refused() -> ServiceError:
    """What a page of a site is told that is not among those that may."""
    return ServiceError("origin_refused", "This site may not play what is here.", 403)


def base_url(request: Request) -> str:
    """Where others reach the service, without a slash at the end.

    Raises:
        ServiceError: `bad_request`, the header `Host` is none.
    """
    house: House = request.app.ctx.house
    try:
        return house.settings.public_url or read_origin(f"{request.scheme}://{request.host}")
    except ValueError as error:
        raise ServiceError("bad_request", "The request does not say which host it is for.") from error


def start_s(text: str) -> int:
    """From which second on, as `t` in a shared link says it; 0 for what says nothing."""
    found = _START.fullmatch(text[:20])
    if not found or not text:
        return 0
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return min(86_400, hours * 3600 + minutes * 60 + seconds)

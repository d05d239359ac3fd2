"""The oEmbed endpoint: a link to an item's page becomes a player on another site."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from urllib.parse import parse_qs, urlencode

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import json as json_response

from assistant.errors import ServiceError
from assistant.house import House
from assistant.oembed import Picture, as_xml, oembed, page_of, watch_url
from assistant.origins import is_own, read_origin
from assistant.web.addresses import base_url, start_s
from assistant.web.asking_rate import limit_rate
from skills.media.artwork import SIZE
from skills.media.catalogue import Item
from skills.media.content import ContentStore
from skills.media.errors import MediaError
from skills.media.images import read_info

blueprint = Blueprint("oembed")
blueprint.on_request(limit_rate)

URL_MAX = 2_000
TYPES = {"json": "application/json+oembed", "xml": "text/xml+oembed"}


@blueprint.get("/oembed")
async def answer(request: Request) -> HTTPResponse:
    """What another site needs to show the page at `url` as a player."""
    house: House = request.app.ctx.house
    form = request.args.get("format", "json")
    if form not in TYPES:
        raise ServiceError("format_unknown", "format: json or xml.", 501)
    item, start = _asked(request)
    if not house.settings.embed_origins:
        raise ServiceError("embedding_refused", "This may be linked to, and not be shown on other sites.", 401)
    size = [_pixels(request, name) for name in ("maxwidth", "maxheight")]
    base = base_url(request)
    picture = await asyncio.to_thread(_picture, house, item, base)
    found = oembed(item, base, start, picture, *size)
    return HTTPResponse(as_xml(found), content_type="text/xml") if form == "xml" else json_response(found)


def discovery(request: Request, item: str, start: int) -> Sequence[tuple[str, str]]:
    """Type and address of the answers about an item's page from a second on, for its <link>s."""
    base = base_url(request)
    page = watch_url(base, item, start)
    return [(kind, f"{base}/oembed?{urlencode({'url': page, 'format': form})}") for form, kind in TYPES.items()]


def _asked(request: Request) -> tuple[Item, int]:
    """The item whose page's address was given, and from which second on."""
    house: House = request.app.ctx.house
    url = request.args.get("url", "")
    try:
        if len(url) > URL_MAX:
            raise ValueError("it is too long")
        origin, item, query = page_of(url)
        origin = read_origin(origin)
    except ValueError as error:
        raise _nothing() from error
    found = house.library.items.get(item)
    if found is None or not (is_own(origin, request.host) or origin == house.settings.public_url):
        raise _nothing()
    return found, start_s(parse_qs(query).get("t", [""])[0])


def _nothing() -> ServiceError:
    return ServiceError("not_found", "url: the address of an item's page here.", 404)


def _pixels(request: Request, name: str) -> int | None:
    """A limit in pixels, if one was given."""
    given = request.args.get(name)
    if given is None:
        return None
    if not (given.isascii() and given.isdigit() and 0 < len(given) < 6 and int(given) > 0):
        raise ServiceError("request_invalid", f"{name}: a number of pixels.", 400)
    return int(given)


def _picture(house: House, item: Item, base: str) -> Picture | None:
    """The item's cover; None where it came with one that is lost."""
    url, sha256 = f"{base}{house.library.card(item).image_url}", house.library.artwork(item.id)
    if sha256 is None:
        return Picture(url, SIZE, SIZE)
    try:
        info = read_info(ContentStore(house.paths.media).find(sha256).path.read_bytes())
    except (MediaError, OSError):
        return None
    return Picture(url, info.width, info.height)

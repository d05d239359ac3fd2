"""The items of a channel, over HTTP."""

from __future__ import annotations

import re
from datetime import date

from sanic import Blueprint, HTTPResponse, Request

from assistant.errors import ServiceError
from assistant.house import House
from assistant.web.responses import model_response
from skills.media.catalogue import Item
from skills.media.channels import Channel, ChannelKind, Key
from skills.message import Message
from skills.turn import Card

blueprint = Blueprint("channels")

ITEMS, ITEMS_MAX = 50, 100
"""In one answer: without a limit, and with one at most."""

_CURSOR = re.compile(r"(\d{4}-\d\d-\d\d)\.(\d{1,9})\.([\w.:-]{1,120})")


class ChannelItems(Message):
    """A channel, and some of its items, newest first; `next` is where to go on, null at the end."""

    id: str
    kind: ChannelKind
    name: str
    items_total: int
    items: tuple[Card, ...]
    next: str | None
    page_url: str


@blueprint.get("/api/v1/channels/<channel:str>")
async def items(request: Request, channel: str) -> HTTPResponse:
    """The items of a channel, `?limit=` of them `?after=` a cursor."""
    house: House = request.app.ctx.house
    found = find_channel(request, channel)
    limit = request.args.get("limit", str(ITEMS))
    if not re.fullmatch(r"\d{1,3}", limit) or not 1 <= int(limit) <= ITEMS_MAX:
        raise ServiceError("request_invalid", f"limit: a number from 1 to {ITEMS_MAX}", 422)
    chosen, following = part(found, request, int(limit))
    cards = tuple(house.library.card(item) for item in chosen)
    return model_response(
        ChannelItems(
            id=found.id,
            kind=found.kind,
            name=found.name,
            items_total=len(found.items),
            items=cards,
            next=following,
            page_url=f"/channels/{found.id}",
        )
    )


def find_channel(request: Request, channel: str) -> Channel:
    """The channel of this id.

    Raises:
        ServiceError: `channel_unknown`.
    """
    house: House = request.app.ctx.house
    found = house.library.channels.get(channel)
    if found is None:
        raise ServiceError("channel_unknown", "There is no such channel.", 404)
    return found


def part(channel: Channel, request: Request, limit: int) -> tuple[tuple[Item, ...], str | None]:
    """The items that are asked for, and the cursor of those after them."""
    chosen = channel.after(_key(request.args.get("after")), limit)
    rest = chosen and chosen[-1] is not channel.items[-1]
    return chosen, _cursor(chosen[-1]) if rest else None


def _cursor(item: Item) -> str:
    return f"{item.published.isoformat()}.{item.episode or 0}.{item.id}"


def _key(cursor: str | None) -> Key | None:
    if cursor is None:
        return None
    parts = _CURSOR.fullmatch(cursor)
    try:
        if parts:
            return -date.fromisoformat(parts[1]).toordinal(), -int(parts[2]), parts[3]
    except ValueError:  # the 31st of June
        pass
    raise ServiceError("cursor_invalid", "after: this is no place in a channel; take it from `next`.", 422)

"""A channel's page: who it is, and what there is of them."""

from __future__ import annotations

from dataclasses import dataclass

from sanic import Blueprint, HTTPResponse, Request

from assistant.house import House
from assistant.web.channels import find_channel, part
from assistant.web.pages import page
from skills.media import phrases, schedule, times
from skills.media.catalogue import Item
from skills.media.channels import Channel, ChannelKind
from skills.turn import Card

blueprint = Blueprint("channel_page")

ITEMS = 24
"""On one page."""


@dataclass(frozen=True)
class Row:
    """An item as the page shows it."""

    card: Card
    about: str
    """What tells it from the others: series or creator, kind, length, day."""
    showing: str
    """When it is live; empty where it is no live show to come."""
    is_live: bool


@blueprint.get("/channels/<channel:str>")
async def show(request: Request, channel: str) -> HTTPResponse:
    """A channel's page."""
    house: House = request.app.ctx.house
    found = find_channel(request, channel)
    chosen, following = part(found, request, ITEMS)
    rows = [_row(house, found, item) for item in chosen]
    return await page(
        "channel.html", channel=found, rows=rows, following=following, is_first="after" not in request.args
    )


def _row(house: House, channel: Channel, item: Item) -> Row:
    now = house.now()
    other = item.series if channel.kind is ChannelKind.CREATOR else item.creator
    published = f"{item.published.day} {item.published:%b} {item.published.year}"
    parts = (item.kind_name, phrases.duration(item.duration_s), published)
    unbroken = [part.replace(" ", "\N{NO-BREAK SPACE}") for part in parts]
    start = schedule.next_start(item, now)
    is_live = start is not None and start <= now
    showing = "" if start is None else "Live now" if is_live else f"Live {times.moment(start, now)}"
    return Row(house.library.card(item), " · ".join([*([other] if other else []), *unbroken]), showing, is_live)

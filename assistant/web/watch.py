"""An item's own page, which a link leads to, and the same for a frame on another site."""

from __future__ import annotations

import asyncio

from sanic import Blueprint, HTTPResponse, Request

from assistant.house import House
from assistant.oembed import embed_url
from assistant.web.addresses import base_url, start_s
from assistant.web.items import find_item, player_item
from assistant.web.oembed import discovery
from assistant.web.pages import page

blueprint = Blueprint("watch")

VIEWS = ("auto", "slides", "wave")


@blueprint.get("/watch/<item:str>", unquote=True)
async def watch(request: Request, item: str) -> HTTPResponse:
    """An item to play, and to read: chapters and transcript are there without the script too."""
    found, start = find_item(request, item), start_s(request.args.get("t", ""))
    house: House = request.app.ctx.house
    recording = house.library.recording(item)
    return await page(
        "watch.html",
        item=await player_item(request, found, None),
        published=f"{found.published:%-d %b %Y}",
        start=start,
        view=_view(request),
        # An imported transcript is read from the database.
        transcript=await asyncio.to_thread(tuple, recording.segments) if recording else (),
        base=base_url(request),
        embed=embed_url(base_url(request), item, start),
        discovery=discovery(request, item, start),
    )


@blueprint.get("/embed/<item:str>", unquote=True)
async def embed(request: Request, item: str) -> HTTPResponse:
    """The player alone, for a frame."""
    return await page(
        "embed.html", item=find_item(request, item), start=start_s(request.args.get("t", "")), view=_view(request)
    )


def _view(request: Request) -> str:
    wanted: str = request.args.get("view", "auto")
    return wanted if wanted in VIEWS else "auto"

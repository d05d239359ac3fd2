"""What a player shows of an item, and where in it something is said."""

from __future__ import annotations

import asyncio
import time
from typing import Literal

from pydantic import Field
from sanic import Blueprint, HTTPResponse, Request

from assistant.errors import ServiceError
from assistant.house import House
from assistant.oembed import embed_url, watch_url
from assistant.web.addresses import base_url, permitted_origin
from assistant.web.asking_rate import limit_rate
from assistant.web.responses import model_response
from skills.media.catalogue import Item
from skills.media.links import captions_path, recording_path, slide_path
from skills.media.moment_finder import MomentFinder
from skills.media.recordings import Recording
from skills.media.timeline import Timeline
from skills.message import ItemId, Message

blueprint = Blueprint("items", url_prefix="/api/v1/items")
blueprint.on_request(limit_rate)

QUERY_MAX = 200
"""Characters."""
MOMENTS, MOMENTS_MAX = 5, 20


class PlayerRecording(Message):
    """What is played: a link for whoever asked, which another can take the place of once it has expired."""

    url: str
    media_type: str
    duration_ms: int
    preview: bool = Field(description="Not the item itself, but a few words about it.")
    expires_at: int = Field(description="Seconds since 1970.")


class PlayerCaptions(Message):
    """What is said, as WebVTT."""

    url: str
    language: str


class PlayerChapter(Message):
    """A part of the item, which ends where the next begins; `url` is a page about it, or empty."""

    start_ms: int
    title: str
    url: str


class PlayerSlide(Message):
    """A scene of a film, its picture, and what is said in it."""

    start_ms: int
    end_ms: int
    image_url: str
    text: str


class PlayerItem(Message):
    """Everything a player shows of an item. Addresses that begin with a slash are the service's own."""

    id: ItemId
    title: str
    creator: str
    series: str
    kind: str
    medium: Literal["audio", "video"]
    language: str
    description: str
    published: str = Field(description="ISO date.")
    duration_ms: int
    image_url: str
    recording: PlayerRecording | None
    captions: tuple[PlayerCaptions, ...]
    peaks: tuple[int, ...] = Field(description="The outline of its sound: up to 1,000 peaks, 0 to 255.")
    chapters: tuple[PlayerChapter, ...]
    slides: tuple[PlayerSlide, ...]
    page_url: str = Field(description="Absolute; `?t=SECONDS` plays from there on.")
    embed_url: str = Field(description="The same for a frame on another page.")


class Moment(Message):
    """A stretch in which something is said."""

    start_ms: int
    end_ms: int
    speaker: str
    text: str


class Moments(Message):
    """Where in an item something is said, the best first."""

    moments: tuple[Moment, ...]


@blueprint.get("/<item:str>/player", unquote=True)
async def player(request: Request, item: str) -> HTTPResponse:
    """Everything that a player needs of an item."""
    origin = permitted_origin(request)
    found = await player_item(request, find_item(request, item), origin)
    response = model_response(found)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.get("/<item:str>/moments", unquote=True)
async def moments(request: Request, item: str) -> HTTPResponse:
    """Where in an item something is said."""
    permitted_origin(request)
    house: House = request.app.ctx.house
    query, limit = request.args.get("q", "").strip(), request.args.get("limit", str(MOMENTS))
    if not 0 < len(query) <= QUERY_MAX:
        raise ServiceError("request_invalid", f"q: say what is looked for, in at most {QUERY_MAX} characters.", 422)
    if not (limit.isascii() and limit.isdigit() and len(limit) < 3 and 0 < int(limit) <= MOMENTS_MAX):
        raise ServiceError("request_invalid", f"limit: a number from 1 to {MOMENTS_MAX}.", 422)
    known = find_item(request, item)
    found = await MomentFinder(house.library).find(query, [known.id])
    best = found.found[: min(found.certain, int(limit))]
    return model_response(
        Moments(
            moments=tuple(
                Moment(start_ms=one.at_ms, end_ms=one.end_ms, speaker=one.speaker, text=one.quote) for one in best
            )
        )
    )


def find_item(request: Request, item: str) -> Item:
    """The item of that id.

    Raises:
        ServiceError: `not_found`.
    """
    house: House = request.app.ctx.house
    found = house.library.items.get(item)
    if found is None:
        raise ServiceError("not_found", "There is no such item.", 404)
    return found


async def player_item(request: Request, item: Item, audience: str | None) -> PlayerItem:
    """What a player shows of an item, with links for the pages of `audience`, or for none."""
    house: House = request.app.ctx.house
    recording, card, base = house.library.recording(item.id), house.library.card(item), base_url(request)
    timeline = await asyncio.to_thread(house.timelines.of, recording) if recording else Timeline()
    now_s = time.time()
    return PlayerItem(
        id=item.id,
        title=item.title,
        creator=item.creator,
        series=item.series,
        kind=item.kind_name,
        medium=item.medium,
        language=item.language,
        description=item.description,
        published=item.published.isoformat(),
        duration_ms=item.duration_s * 1000,
        image_url=card.image_url,
        recording=_recording(house, recording, audience, now_s) if recording else None,
        captions=_captions(house, item, audience, now_s) if recording and timeline.spoken else (),
        peaks=tuple(timeline.peaks),
        chapters=tuple(PlayerChapter(start_ms=one.start_ms, title=one.title, url=one.url) for one in timeline.chapters),
        slides=tuple(
            PlayerSlide(
                start_ms=scene.start_ms,
                end_ms=scene.end_ms,
                image_url=house.links.link(slide_path(item.id, scene.image), audience, now_s).url,
                text=scene.text,
            )
            for scene in timeline.scenes
        ),
        page_url=watch_url(base, item.id, 0),
        embed_url=embed_url(base, item.id, 0),
    )


def _recording(house: House, recording: Recording, audience: str | None, now_s: float) -> PlayerRecording:
    link = house.links.link(recording_path(recording), audience, now_s)
    return PlayerRecording(
        url=link.url,
        media_type=recording.media_type,
        duration_ms=recording.duration_ms,
        preview=not recording.complete,
        expires_at=link.expires_at,
    )


def _captions(house: House, item: Item, audience: str | None, now_s: float) -> tuple[PlayerCaptions, ...]:
    link = house.links.link(captions_path(item.id), audience, now_s)
    return (PlayerCaptions(url=link.url, language=item.language),)

"""A creator's own items over HTTP: how far they are, what they are called, what is said in them."""

from __future__ import annotations

import asyncio
import hashlib
import json
from functools import partial
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import empty, file

from assistant.errors import ServiceError
from assistant.house import House
from assistant.storage.api_keys import MEDIA
from assistant.studio import Studio
from assistant.web.authentication import authenticated
from assistant.web.linked import check_link, link_for
from assistant.web.own_item_messages import (
    DetailsChange,
    OwnItems,
    TranscriptText,
    item_import,
    own_item,
    transcript_of,
    transcript_read,
)
from assistant.web.ranges import send_file
from assistant.web.responses import model_response
from skills.media.captions import Transcript, write_srt, write_vtt
from skills.media.errors import ContentError
from skills.media.imported import recording_of
from skills.media.shelf import Held, Role
from skills.media.shelf.transcripts import as_rows, tag

blueprint = Blueprint("own_items", url_prefix="/api/v1/items")

PAGE, PAGE_MAX = 50, 200
"""Items that are listed at once."""
NO_TRANSCRIPT = "none"
"""The tag of what is not there yet."""
_WRITERS = {"vtt": (write_vtt, "text/vtt"), "srt": (write_srt, "application/x-subrip")}

Model = TypeVar("Model", bound=BaseModel)


@blueprint.get("/")
async def items(request: Request) -> HTTPResponse:
    """The creator's items, the newest first."""
    studio, owner = await _creator(request)
    before, limit = str(request.args.get("before", ""))[:120], str(request.args.get("limit", PAGE))
    if not limit.isdecimal() or not 1 <= int(limit) <= PAGE_MAX:
        raise ServiceError("request_invalid", f"limit is a number from 1 to {PAGE_MAX}.", 422)
    held = await asyncio.to_thread(studio.items, owner, int(limit) + 1, before)
    shown = tuple(own_item(one, studio, partial(link_for, request)) for one in held[: int(limit)])
    return model_response(OwnItems(items=shown, next=shown[-1].id if len(held) > int(limit) else None))


@blueprint.get("/<item:str>")
async def item(request: Request, item: str) -> HTTPResponse:
    """One of them."""
    studio, held = await _own(request, item)
    return model_response(own_item(held, studio, partial(link_for, request)))


@blueprint.patch("/<item:str>")
async def change(request: Request, item: str) -> HTTPResponse:
    """Change details, publish it, take it back."""
    studio, owner = await _creator(request)
    wanted = _read(DetailsChange, request.body).model_dump(exclude_unset=True)
    draft = wanted.pop("draft", None)
    missing = [name for name, value in wanted.items() if value is None and name != "episode"]
    if missing:
        raise ServiceError("details_invalid", f"{missing[0]}: leave it out, or give it a value.", 422)
    if wanted:
        await asyncio.to_thread(studio.describe, owner, item, wanted)
    if draft is not None:
        await asyncio.to_thread(studio.withdraw if draft else studio.publish, owner, item)
    held = await asyncio.to_thread(studio.own, owner, item)
    return model_response(own_item(held, studio, partial(link_for, request)))


@blueprint.delete("/<item:str>")
async def remove(request: Request, item: str) -> HTTPResponse:
    """Take it away for good."""
    studio, owner = await _creator(request)
    await asyncio.to_thread(studio.remove, owner, item)
    return empty()


@blueprint.get("/<item:str>/import")
async def steps(request: Request, item: str) -> HTTPResponse:
    """How far it is; asked again with If-None-Match, 304 as long as nothing has changed."""
    studio, held = await _own(request, item)
    peaks = await asyncio.to_thread(_peaks, held, studio)
    response = model_response(item_import(held, studio, peaks))
    etag = f'"{hashlib.sha256(response.body or b"").hexdigest()[:32]}"'
    if request.headers.get("if-none-match") == etag:
        return empty(status=304, headers={"ETag": etag})
    response.headers.update({"ETag": etag, "Cache-Control": "no-cache"})
    return response


@blueprint.get("/<item:str>/transcript")
async def transcript(request: Request, item: str) -> HTTPResponse:
    """What is said in it: JSON, or with `format` vtt or srt. The ETag is wanted back by who corrects it."""
    studio, _ = await _own(request, item)
    return await _transcript(request, studio, item)


@blueprint.put("/<item:str>/transcript")
async def correct(request: Request, item: str) -> HTTPResponse:
    """Replace it by what somebody wrote: JSON, or captions in any form. `If-Match` says what was corrected."""
    studio, owner = await _creator(request)
    expected = _expected(request)
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    repairs = 0
    if kind == "application/json":
        try:
            said = transcript_of(_read(TranscriptText, request.body))
        except ValueError as error:
            raise ServiceError("transcript_invalid", f"{error}.", 422) from error
    else:
        captions = await asyncio.to_thread(studio.read_captions, owner, item, request.body, kind)
        said, repairs = captions.transcript, captions.repairs_total
    await asyncio.to_thread(studio.correct, owner, item, said, expected)
    return await _transcript(request, studio, item, repairs)


@blueprint.put("/<item:str>/artwork")
async def artwork(request: Request, item: str) -> HTTPResponse:
    """Its picture: a JPEG, PNG or WebP, of which a small one is made."""
    studio, owner = await _creator(request)
    await asyncio.to_thread(studio.picture, owner, item, request.body)
    return empty()


@blueprint.get("/<item:str>/artwork")
async def picture(request: Request, item: str) -> HTTPResponse:
    """The small one."""
    studio, held = await _linked(request, item)
    if Role.ARTWORK not in held.files:
        raise ServiceError("not_found", "It has no picture.", 404)
    try:
        stored = await asyncio.to_thread(studio.contents.find, held.files[Role.ARTWORK].sha256)
    except ContentError as error:
        raise ServiceError("not_found", "It has no picture.", 404) from error
    return await file(stored.path, mime_type="image/jpeg", headers={"Cache-Control": "private"})


@blueprint.get("/<item:str>/recording")
async def recording(request: Request, item: str) -> HTTPResponse | None:
    """What listeners will hear, or the range of it that was asked for."""
    studio, held = await _linked(request, item)
    found = await asyncio.to_thread(recording_of, held, studio.shelf, studio.contents)
    if found is None:
        raise ServiceError("not_found", "It cannot be played yet.", 404)
    tag = hashlib.sha256(found.name.encode()).hexdigest()
    return await send_file(request, found.path, found.media_type, tag, "private, no-cache")


async def _creator(request: Request) -> tuple[Studio, str]:
    key = await authenticated(request, MEDIA)
    house: House = request.app.ctx.house
    return house.studio, key.name


async def _own(request: Request, item: str) -> tuple[Studio, Held]:
    studio, owner = await _creator(request)
    return studio, await asyncio.to_thread(studio.own, owner, item)


async def _linked(request: Request, item: str) -> tuple[Studio, Held]:
    """For players, which send no key."""
    house: House = request.app.ctx.house
    check_link(request)
    return house.studio, await asyncio.to_thread(house.studio.shelf.item, item)


async def _transcript(request: Request, studio: Studio, item: str, repairs: int = 0) -> HTTPResponse:
    found = await asyncio.to_thread(studio.shelf.transcript, item)
    origin, said = found or (None, Transcript(()))
    etag = tag(as_rows(said), said.language) if found else NO_TRANSCRIPT
    form = request.args.get("format", "json")
    if form == "json":
        response = model_response(transcript_read(origin, said, repairs))
    elif form in _WRITERS:
        write, media_type = _WRITERS[form]
        response = HTTPResponse(write(said), content_type=f"{media_type}; charset=utf-8")
    else:
        raise ServiceError("request_invalid", "format is json, vtt or srt.", 422)
    response.headers.update({"ETag": f'"{etag}"', "Cache-Control": "no-cache"})
    return response


def _expected(request: Request) -> str | None:
    """The tag of the transcript that was corrected; empty for none, None for whichever."""
    match = request.headers.get("if-match")
    if match is None:
        raise ServiceError("if_match_missing", 'Send the ETag of what you corrected as If-Match, or "*".', 428)
    wanted = match.strip().removeprefix("W/").strip('"')
    return None if wanted == "*" else "" if wanted == NO_TRANSCRIPT else wanted


def _peaks(held: Held, studio: Studio) -> tuple[int, ...]:
    if Role.PEAKS not in held.files:
        return ()
    try:
        return tuple(json.loads(studio.contents.find(held.files[Role.PEAKS].sha256).path.read_bytes()))
    except ContentError:
        return ()


def _read(model: type[Model], body: bytes) -> Model:
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        problem = error.errors()[0]
        field = ".".join(str(part) for part in problem["loc"]) or "body"
        raise ServiceError("request_invalid", f"{field}: {problem['msg']}", 422) from error

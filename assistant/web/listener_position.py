"""Where a listener is in what plays: told by players on pages, so that every device goes on where another stopped."""

from __future__ import annotations

from pydantic import Field, ValidationError
from sanic import Blueprint, HTTPResponse, Request

from assistant.errors import ServiceError
from assistant.house import House
from assistant.web.listener import known_listener
from assistant.web.responses import model_response
from skills.message import ItemId, Message
from skills.player import Milliseconds, Playback, PlayerState

blueprint = Blueprint("listener_position", url_prefix="/api/v1/listener")


class ListenerPosition(Message):
    """The item that was played last and not to its end; `item` is null where there is none."""

    item: ItemId | None = None
    position_ms: Milliseconds = 0


class PositionReport(Message):
    """What a player does with an item."""

    item: ItemId
    state: Playback
    position_ms: Milliseconds = Field(description="Where it is.")


@blueprint.get("/position")
async def position(request: Request) -> HTTPResponse:
    """Where to go on."""
    house: House = request.app.ctx.house
    place = await house.positions.latest(known_listener(request))
    known = ListenerPosition(item=place.item, position_ms=place.position_ms) if place else ListenerPosition()
    response = model_response(known)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.put("/position")
async def report(request: Request) -> HTTPResponse:
    """Keep where a player is."""
    house: House = request.app.ctx.house
    listener = known_listener(request)
    try:
        told = PositionReport.model_validate_json(request.body)
    except ValidationError as error:
        problem = error.errors()[0]
        field = ".".join(str(part) for part in problem["loc"]) or "body"
        raise ServiceError("request_invalid", f"{field}: {problem['msg']}", 422) from error
    house.positions.report(listener, PlayerState(state=told.state, item=told.item, position_ms=told.position_ms))
    return HTTPResponse(status=204)

"""Whom a listener follows, over HTTP."""

from __future__ import annotations

from datetime import datetime

from sanic import Blueprint, HTTPResponse, Request

from assistant.errors import ServiceError
from assistant.house import House
from assistant.web.channels import find_channel
from assistant.web.listener import bearer, known_listener
from assistant.web.responses import model_response
from skills.media.channels import ChannelKind
from skills.media.follows import FOLLOWS_MAX, Following
from skills.message import Message

blueprint = Blueprint("follows", url_prefix="/api/v1/listener/follows")

PRIVATE = {"Cache-Control": "no-store"}


class FollowedChannel(Message):
    """A channel that is followed, by the name that it had then."""

    channel: str
    kind: ChannelKind
    name: str
    since: datetime


class ListenerFollows(Message):
    """Whom a listener follows, the latest first."""

    follows: tuple[FollowedChannel, ...]


class NowFollowed(FollowedChannel):
    """A channel that is followed now; `listener` is the token to be known by from now on."""

    listener: str


@blueprint.get("")
async def follows(request: Request) -> HTTPResponse:
    """Whom the listener follows."""
    house: House = request.app.ctx.house
    found = await house.follows.of(known_listener(request))
    answer = ListenerFollows(follows=tuple(FollowedChannel(**vars(follow)) for follow in found))
    return model_response(answer, headers=PRIVATE)


@blueprint.put("/<channel:str>")
async def follow(request: Request, channel: str) -> HTTPResponse:
    """Follow a channel; who brings no token becomes a new listener."""
    house: House = request.app.ctx.house
    found = find_channel(request, channel)
    listener, now = bearer(request) or house.listeners.new(), house.now()
    if await house.follows.follow(listener, found, now) is Following.FULL:
        raise ServiceError("follows_full", f"You follow {FOLLOWS_MAX} channels already; leave one first.", 409)
    answer = NowFollowed(
        channel=found.id, kind=found.kind, name=found.name, since=now, listener=house.listeners.token(listener)
    )
    return model_response(answer, headers=PRIVATE)


@blueprint.delete("/<channel:str>")
async def unfollow(request: Request, channel: str) -> HTTPResponse:
    """No longer follow a channel, whether it was followed or not."""
    house: House = request.app.ctx.house
    await house.follows.unfollow(known_listener(request), channel)
    return HTTPResponse(status=204)

"""What machines ask: health, metrics, the interface's description."""

from __future__ import annotations

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import json as json_response

from assistant.house import House, describe
from assistant.web.openapi import specification

blueprint = Blueprint("machine")


@blueprint.get("/health")
async def health(request: Request) -> HTTPResponse:
    """200 when every part works, 503 otherwise."""
    house: House = request.app.ctx.house
    found = await house.health()
    return json_response(describe(found), status=200 if found.status == "ok" else 503)


@blueprint.get("/metrics")
async def metrics(request: Request) -> HTTPResponse:
    """Counts and times for Prometheus."""
    house: House = request.app.ctx.house
    house.metrics.listeners.set(house.voice_sessions)
    if house.ready.is_set():
        house.metrics.chats.set(house.chat.connections)
        house.metrics.dialogue_restarts.set(house.dialogue.state.restarts)
    return HTTPResponse(house.metrics.render(), content_type="text/plain; version=0.0.4")


@blueprint.get("/openapi.json")
async def openapi(_request: Request) -> HTTPResponse:
    """The HTTP interface as an OpenAPI 3.1 document."""
    return json_response(specification())

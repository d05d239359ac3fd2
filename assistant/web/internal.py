"""Rasa's calls for actions when it runs by itself (`rasa shell`, `rasa run`), on this machine only."""

from __future__ import annotations

import hmac
import ipaddress
import secrets
from typing import Any

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import json as json_response

from assistant.errors import ServiceError
from assistant.house import House
from skills.face import Face
from skills.skill import ActionRequest, Entity, Understanding
from skills.turn import Channel, Hypothesis, Utterance

blueprint = Blueprint("internal", url_prefix="/internal/rasa")


@blueprint.on_request
async def _only_rasa(request: Request) -> None:
    """From this machine, with the token; anybody else sees that there is nothing."""
    house: House = request.app.ctx.house
    token = request.args.get("token", "")
    local = request.conn_info is not None and ipaddress.ip_address(request.conn_info.client_ip).is_loopback
    if not (local and hmac.compare_digest(token, house.internal_token)):
        raise ServiceError("not_found", "There is nothing here.", 404)


@blueprint.post("/actions")
async def actions(request: Request) -> HTTPResponse:
    """Rasa's custom action webhook: runs the action without memory and answers with its text."""
    house: House = request.app.ctx.house
    call = _body(request)
    message = call["tracker"]["latest_message"]
    understanding = Understanding(
        text=message.get("text") or "",
        intent=message["intent"]["name"] or "",
        confidence=message["intent"]["confidence"],
        entities=tuple(
            Entity(one["entity"], str(one["value"]), "", one["start"], one["end"]) for one in message["entities"]
        ),
    )
    utterance = Utterance(
        conversation=secrets.token_hex(16),
        dialog_request_id=secrets.token_hex(8),
        channel=Channel.COMMAND_LINE,
        alternatives=(Hypothesis(text=understanding.text),),
    )
    _, action = house.skills.find(call["next_action"], Face.MEDIA)
    result = await action(ActionRequest(utterance, understanding, {}))
    events = [{"event": "slot", "name": name, "value": value} for name, value in result.slots.items()]
    return json_response({"events": events, "responses": [{"text": result.reply.text}] if result.reply else []})


def _body(request: Request) -> dict[str, Any]:
    if not isinstance(request.json, dict):
        raise ServiceError("request_invalid", "The body is not a JSON object.", 422)
    return request.json

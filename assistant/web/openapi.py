"""The HTTP interface as an OpenAPI 3.1 document, its schemas made from the message types themselves."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from assistant.version import VERSION
from assistant.web import (
    openapi_buying,
    openapi_chat,
    openapi_products,
    openapi_shop_content,
    openapi_shop_pages,
    openapi_studio,
)
from assistant.web.api import TurnOptions, TurnRequest, TurnResponse
from assistant.web.channels import ITEMS, ITEMS_MAX, ChannelItems
from assistant.web.follows import ListenerFollows, NowFollowed
from assistant.web.items import MOMENTS, MOMENTS_MAX, QUERY_MAX, Moments, PlayerItem
from assistant.web.listener_position import ListenerPosition, PositionReport
from assistant.web.oembed import TYPES, URL_MAX
from assistant.web.responses import ErrorResponse
from assistant.web.wake import Pronunciation, WakePhrases
from voice.wake.phrase import MAX_CHARACTERS, MAX_WORDS

_REFERENCE = "#/components/schemas/{model}"


@cache
def specification() -> dict[str, Any]:
    """The whole document; JSON."""
    models: list[type[BaseModel]] = [TurnRequest, TurnResponse, ErrorResponse, Pronunciation, WakePhrases]
    models += [ListenerPosition, PositionReport, PlayerItem, Moments]
    models += [ChannelItems, ListenerFollows, NowFollowed]
    models += openapi_studio.MODELS
    models += openapi_buying.MODELS
    models += openapi_products.MODELS
    models += openapi_shop_content.MODELS
    models += openapi_chat.MODELS
    _, definitions = models_json_schema([(model, "serialization") for model in models], ref_template=_REFERENCE)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Sori",
            "version": VERSION,
            "description": "Talk to the assistant over HTTP. Errors always have the same form and stable codes.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": {
            "/api/v1/turns": {"post": _turns()},
            "/api/v1/voice": {"get": _voice()},
            "/api/v1/pronunciation": {"get": _pronunciation()},
            "/api/v1/wake/phrases": {"get": _wake_phrases()},
            "/api/v1/wake/model": {"get": _plain("The wake word's network", "application/octet-stream", {})},
            "/api/v1/channels/{channel}": {"get": _channel()},
            "/api/v1/listener/follows": {"get": _follows()},
            "/api/v1/listener/follows/{channel}": {"put": _follow(), "delete": _unfollow()},
            "/channels/{channel}": {"get": _file("A channel's page", "channel", "text/html")},
            "/api/v1/listener/position": _listener_position(),
            "/api/v1/items/{item}/player": {"get": _player()},
            "/api/v1/items/{item}/moments": {"get": _moments()},
            "/oembed": {"get": _oembed()},
            "/media/recordings/{name}": {"get": _file("A recording", "name", "audio/mpeg", ranges=True, signed=True)},
            "/media/captions/{item}.vtt": {"get": _file("What is said in an item", "item", "text/vtt", signed=True)},
            "/media/slides/{item}/{image}.jpg": {"get": _file("A scene", "item", "image/jpeg", "image", signed=True)},
            "/media/covers/{item}.svg": {"get": _file("An item's cover picture", "item", "image/svg+xml")},
            **openapi_studio.paths(),
            **openapi_buying.paths(),
            **openapi_products.paths(),
            **openapi_shop_content.paths(),
            **openapi_shop_pages.paths(),
            **openapi_chat.paths(),
            "/health": {"get": _plain("Whether every part works", "application/json", {"503": "A part is missing."})},
            "/metrics": {"get": _plain("Counts and times for Prometheus", "text/plain", {})},
            "/openapi.json": {"get": _plain("This document", "application/json", {})},
        },
        "components": {
            "schemas": definitions["$defs"],
            "securitySchemes": openapi_studio.SECURITY | openapi_buying.SECURITY | openapi_chat.SECURITY,
        },
    }


def _turns() -> dict[str, Any]:
    recording = {"schema": {"type": "string", "format": "binary"}}
    return {
        "summary": "Take one turn",
        "description": (
            "Send `text` as JSON, or a recording as the body: any format FFmpeg reads, at most a minute of speech. "
            "With a recording, the other fields come as query parameters. A turn that could not be answered has "
            "status 503 and a `failure`, and its reply says so in words."
        ),
        "operationId": "takeTurn",
        "parameters": [
            {"name": name, "in": "query", "required": False, "description": "Beside a recording.", "schema": schema}
            for name, schema in TurnOptions.model_json_schema()["properties"].items()
            if "$ref" not in schema
        ],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": _ref(TurnRequest)}, "audio/*": recording},
        },
        "responses": {
            "200": _body("The turn", _ref(TurnResponse)),
            "503": _body("The turn failed; the reply says how", _ref(TurnResponse)),
            "default": _error(),
        },
    }


def _voice() -> dict[str, Any]:
    return {
        "summary": "Speak live, over a websocket",
        "description": "PCM frames up; partial transcripts, replies and speech down. See docs/voice-protocol.md.",
        "operationId": "speakLive",
        "responses": {"101": {"description": "The websocket is open."}, "default": _error()},
    }


def _pronunciation() -> dict[str, Any]:
    phrase = {
        "name": "phrase",
        "in": "query",
        "required": True,
        "schema": {"type": "string", "maxLength": MAX_CHARACTERS},
    }
    return {
        "summary": "How a wake word sounds",
        "description": f"At most {MAX_WORDS} English words. No sound is sent: the page listens by itself.",
        "operationId": "pronounce",
        "parameters": [phrase],
        "responses": {"200": _body("Phones, and a threshold", _ref(Pronunciation)), "default": _error()},
    }


def _wake_phrases() -> dict[str, Any]:
    return {
        "summary": "The ready-made wake words",
        "operationId": "wakePhrases",
        "responses": {"200": _body("Their texts", _ref(WakePhrases)), "default": _error()},
    }


_CHANNEL = {"name": "channel", "in": "path", "required": True, "schema": {"type": "string"}}


def _listener_token(*, required: bool) -> dict[str, Any]:
    return {
        "name": "Authorization",
        "in": "header",
        "required": required,
        "description": "`Bearer` and the listener's token, which comes with a conversation.",
        "schema": {"type": "string"},
    }


def _channel() -> dict[str, Any]:
    limit = {"type": "integer", "minimum": 1, "maximum": ITEMS_MAX, "default": ITEMS}
    return {
        "summary": "A channel's items, newest first",
        "description": "A channel has what a creator has made, or a series; cards name it.",
        "operationId": "channelItems",
        "parameters": [
            _CHANNEL,
            {"name": "after", "in": "query", "description": "`next` of the page before.", "schema": {"type": "string"}},
            {"name": "limit", "in": "query", "schema": limit},
        ],
        "responses": {"200": _body("A page of them", _ref(ChannelItems)), "default": _error()},
    }


def _follows() -> dict[str, Any]:
    return {
        "summary": "Whom the listener follows",
        "operationId": "listenerFollows",
        "parameters": [_listener_token(required=True)],
        "responses": {"200": _body("The channels, the latest first", _ref(ListenerFollows)), "default": _error()},
    }


def _follow() -> dict[str, Any]:
    return {
        "summary": "Follow a channel",
        "description": "Without a token a new listener does, and the answer has their token.",
        "operationId": "followChannel",
        "parameters": [_CHANNEL, _listener_token(required=False)],
        "responses": {"200": _body("It is followed", _ref(NowFollowed)), "default": _error()},
    }


def _unfollow() -> dict[str, Any]:
    return {
        "summary": "No longer follow a channel",
        "operationId": "unfollowChannel",
        "parameters": [_CHANNEL, _listener_token(required=True)],
        "responses": {"204": {"description": "It is not followed."}, "default": _error()},
    }


def _listener_position() -> dict[str, Any]:
    content = {"application/json": {"schema": _ref(PositionReport)}}
    return {
        "parameters": [_listener_token(required=True)],
        "get": {
            "summary": "Where the listener is in what played last",
            "operationId": "listenerPosition",
            "responses": {"200": _body("Where to go on", _ref(ListenerPosition)), "default": _error()},
        },
        "put": {
            "summary": "Keep where a player is",
            "operationId": "keepListenerPosition",
            "requestBody": {"required": True, "content": content},
            "responses": {"204": {"description": "It is kept."}, "default": _error()},
        },
    }


def _player() -> dict[str, Any]:
    return {
        "summary": "Everything that a player shows of an item",
        "description": (
            "Its links work for the origin of the page that asks, for as long as the operator has set; for who is on "
            "no page, for an hour. Ask again for fresh ones. See docs/player.md."
        ),
        "operationId": "playerItem",
        "parameters": [_in_path("item")],
        "responses": {"200": _body("The item", _ref(PlayerItem)), "default": _error()},
    }


def _moments() -> dict[str, Any]:
    query = {"type": "string", "minLength": 1, "maxLength": QUERY_MAX}
    limit = {"type": "integer", "minimum": 1, "maximum": MOMENTS_MAX, "default": MOMENTS}
    return {
        "summary": "Where in an item something is said",
        "operationId": "moments",
        "parameters": [_in_path("item"), _in_query("q", query, required=True), _in_query("limit", limit)],
        "responses": {"200": _body("The best first", _ref(Moments)), "default": _error()},
    }


def _oembed() -> dict[str, Any]:
    pixels = {"type": "integer", "minimum": 1, "maximum": 99_999}
    content: dict[str, Any] = {"application/json": {"schema": {}}, "text/xml": {"schema": {}}}
    return {
        "summary": "oEmbed 1.0: a link to an item's page as a player",
        "operationId": "oembed",
        "parameters": [
            _in_query("url", {"type": "string", "maxLength": URL_MAX}, required=True),
            _in_query("maxwidth", pixels),
            _in_query("maxheight", pixels),
            _in_query("format", {"type": "string", "enum": list(TYPES), "default": "json"}),
        ],
        "responses": {
            "200": {"description": "What to embed", "content": content},
            "401": _body("It may be linked to, and not be shown on other sites", _ref(ErrorResponse)),
            "404": _body("This is no item's page here", _ref(ErrorResponse)),
            "501": _body("Neither JSON nor XML", _ref(ErrorResponse)),
            "default": _error(),
        },
    }


def _in_path(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def _in_query(name: str, schema: dict[str, Any], *, required: bool = False) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": required, "schema": schema}


def _file(
    summary: str, parameter: str, media_type: str, *others: str, ranges: bool = False, signed: bool = False
) -> dict[str, Any]:
    content = {media_type: {"schema": {"type": "string", "format": "binary"}}}
    responses: dict[str, Any] = {"200": {"description": summary, "content": content}, "default": _error()}
    if ranges:
        responses["206"] = {"description": "The range that was asked for", "content": content}
    parameters = [_in_path(name) for name in (parameter, *others)]
    if signed:
        responses["403"] = _body("The link is none, has expired, or was made for somebody else", _ref(ErrorResponse))
        parameters += [_in_query("expires", {"type": "integer"}, required=True), _in_query("for", {"type": "string"})]
        parameters.append(_in_query("signature", {"type": "string"}, required=True))
    return {
        "summary": summary,
        "parameters": parameters,
        "responses": responses,
    }


def _plain(summary: str, media_type: str, others: dict[str, str]) -> dict[str, Any]:
    responses: dict[str, Any] = {"200": {"description": summary, "content": {media_type: {"schema": {}}}}}
    responses |= {status: {"description": description} for status, description in others.items()}
    return {"summary": summary, "responses": responses}


def _error() -> dict[str, Any]:
    return _body("What was wrong", _ref(ErrorResponse))


def _body(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _ref(model: type[BaseModel]) -> dict[str, Any]:
    return {"$ref": _REFERENCE.format(model=model.__name__)}

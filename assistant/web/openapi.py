"""The HTTP interface as an OpenAPI 3.1 document, its schemas made from the message types themselves."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from assistant.version import VERSION
from assistant.web import openapi_studio
from assistant.web.api import TurnOptions, TurnRequest, TurnResponse
from assistant.web.responses import ErrorResponse
from assistant.web.wake import Pronunciation, WakePhrases
from voice.wake.phrase import MAX_CHARACTERS, MAX_WORDS

_REFERENCE = "#/components/schemas/{model}"


@cache
def specification() -> dict[str, Any]:
    """The whole document; JSON."""
    models: list[type[BaseModel]] = [TurnRequest, TurnResponse, ErrorResponse, Pronunciation, WakePhrases]
    models += openapi_studio.MODELS
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
            "/media/recordings/{name}": {"get": _file("A recording", "name", "audio/mpeg", ranges=True)},
            "/media/covers/{item}.svg": {"get": _file("An item's cover picture", "item", "image/svg+xml")},
            **openapi_studio.paths(),
            "/health": {"get": _plain("Whether every part works", "application/json", {"503": "A part is missing."})},
            "/metrics": {"get": _plain("Counts and times for Prometheus", "text/plain", {})},
            "/openapi.json": {"get": _plain("This document", "application/json", {})},
        },
        "components": {"schemas": definitions["$defs"], "securitySchemes": openapi_studio.SECURITY},
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


def _file(summary: str, parameter: str, media_type: str, *, ranges: bool = False) -> dict[str, Any]:
    content = {media_type: {"schema": {"type": "string", "format": "binary"}}}
    responses: dict[str, Any] = {"200": {"description": summary, "content": content}, "default": _error()}
    if ranges:
        responses["206"] = {"description": "The range that was asked for", "content": content}
    return {
        "summary": summary,
        "parameters": [{"name": parameter, "in": "path", "required": True, "schema": {"type": "string"}}],
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

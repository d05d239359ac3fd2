"""The part of the OpenAPI document that a shop's chat uses: the widget's side, and its people's."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from assistant.web.agents import AgentThreads, AgentTranscript, AgentWords
from assistant.web.chat_http import (
    MESSAGES,
    MESSAGES_MAX,
    HeardRecording,
    OlderMessages,
    PairedDevice,
    PairRequest,
    WidgetConfig,
)
from assistant.web.responses import ErrorResponse

MODELS: list[type[BaseModel]] = [
    WidgetConfig,
    OlderMessages,
    HeardRecording,
    PairRequest,
    PairedDevice,
    AgentThreads,
    AgentTranscript,
    AgentWords,
]
SECURITY = {
    "session": {"type": "http", "scheme": "bearer", "description": "A shopper's session, from the chat socket."},
}

_SESSION: list[dict[str, list[str]]] = [{"session": []}]
_KEY: list[dict[str, list[str]]] = [{"key": []}]
_STORE = {"name": "store", "in": "query", "required": True, "schema": {"type": "string"}}
_BYTES = {"type": "string", "format": "binary"}


def paths() -> dict[str, Any]:
    """By path."""
    thread = {"parameters": [_path("thread"), _STORE]}
    return {
        "/api/v1/chat": {"parameters": [_STORE], "get": _socket()},
        "/api/v1/chat/config": {
            "parameters": [_STORE, _query("url"), _query("product"), _query("language")],
            "get": _gives("A shop's widget on a page, before anybody has talked", "widgetConfig", WidgetConfig),
        },
        "/api/v1/chat/messages": {"parameters": [_STORE], "get": _messages()},
        "/api/v1/chat/voice": {"parameters": [_STORE], "post": _voice()},
        "/api/v1/chat/speech/{conversation}/{seq}": {
            "parameters": [_path("conversation"), _path("seq", "integer"), _STORE],
            "get": {
                "summary": "An answer as it is said",
                "operationId": "chatSpeech",
                "security": _SESSION,
                "responses": {
                    "200": {"description": "The sound", "content": {"audio/wav": {"schema": _BYTES}}},
                    "default": _error(),
                },
            },
        },
        "/api/v1/chat/pair": {
            "parameters": [_STORE],
            "post": _gives("Open on this device what a code names", "pairDevice", PairedDevice) | _takes(PairRequest),
        },
        "/api/v1/agent/threads": {
            "parameters": [_STORE],
            "get": _gives("Conversations that people have to do with", "agentThreads", AgentThreads, _KEY),
        },
        "/api/v1/agent/threads/{thread}": thread
        | {"get": _gives("One conversation, with a summary", "agentThread", AgentTranscript, _KEY)},
        "/api/v1/agent/threads/{thread}/take": thread
        | {"post": _does("Answer instead of the assistant", "takeThread")},
        "/api/v1/agent/threads/{thread}/messages": thread
        | {"post": _does("Write to the shopper", "sayInThread") | _takes(AgentWords)},
        "/api/v1/agent/threads/{thread}/typing": thread
        | {"post": _does("Show the shopper that somebody writes", "typeInThread")},
        "/api/v1/agent/threads/{thread}/notes": thread
        | {"post": _does("Write what only the shop's people see", "noteInThread") | _takes(AgentWords)},
        "/api/v1/agent/threads/{thread}/close": thread
        | {"post": _does("End it, or put away a message that was answered by mail", "closeThread")},
        "/api/v1/agent/events": {"parameters": [_STORE], "get": _events()},
    }


def _socket() -> dict[str, Any]:
    return {
        "summary": "A shop's chat, over a websocket",
        "description": "Questions and taps up; answers, cards and what people write down: docs/chat-protocol.md.",
        "operationId": "chat",
        "responses": {"101": {"description": "The websocket is open."}, "default": _error()},
    }


def _messages() -> dict[str, Any]:
    limit = {"type": "integer", "minimum": 1, "maximum": MESSAGES_MAX, "default": MESSAGES}
    return _gives("Older messages of a conversation", "chatMessages", OlderMessages, _SESSION) | {
        "parameters": [
            {"name": "conversation", "in": "query", "required": True, "schema": {"type": "string"}},
            {"name": "before", "in": "query", "required": False, "schema": {"type": "integer", "minimum": 1}},
            {"name": "limit", "in": "query", "required": False, "schema": limit},
        ]
    }


def _voice() -> dict[str, Any]:
    body = {"required": True, "content": {"audio/*": {"schema": _BYTES}}}
    return _gives("What was said in a recording", "chatVoice", HeardRecording, _SESSION) | {"requestBody": body}


def _events() -> dict[str, Any]:
    return {
        "summary": "Which conversation has changed, as it happens",
        "description": 'Server-sent events: `data: {"conversation": ID}`.',
        "operationId": "agentEvents",
        "security": _KEY,
        "responses": {
            "200": {"description": "Events", "content": {"text/event-stream": {"schema": {"type": "string"}}}},
            "default": _error(),
        },
    }


def _takes(model: type[BaseModel]) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": {"$ref": _ref(model)}}}}}


def _gives(
    summary: str, operation: str, model: type[BaseModel], security: list[dict[str, list[str]]] | None = None
) -> dict[str, Any]:
    body = {"description": summary, "content": {"application/json": {"schema": {"$ref": _ref(model)}}}}
    return {
        "summary": summary,
        "operationId": operation,
        "security": security or [],
        "responses": {"200": body, "default": _error()},
    }


def _does(summary: str, operation: str) -> dict[str, Any]:
    return {
        "summary": summary,
        "operationId": operation,
        "security": _KEY,
        "responses": {"204": {"description": "Done"}, "default": _error()},
    }


def _error() -> dict[str, Any]:
    return {"description": "What was wrong", "content": {"application/json": {"schema": {"$ref": _ref(ErrorResponse)}}}}


def _path(name: str, kind: str = "string") -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": kind}}


def _query(name: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": {"type": "string"}}


def _ref(model: type[BaseModel]) -> str:
    return f"#/components/schemas/{model.__name__}"

"""The part of the OpenAPI document that creators use: uploads, and their own items."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from assistant.web.own_item_messages import (
    DetailsChange,
    ItemImport,
    OwnItem,
    OwnItems,
    TranscriptRead,
    TranscriptText,
)
from assistant.web.own_items import PAGE, PAGE_MAX
from assistant.web.responses import ErrorResponse

MODELS: list[type[BaseModel]] = [OwnItem, OwnItems, DetailsChange, ItemImport, TranscriptText, TranscriptRead]
SECURITY = {"key": {"type": "http", "scheme": "bearer", "description": "A key, made by `./sori keys add NAME`."}}

_KEY: list[dict[str, list[str]]] = [{"key": []}]
_TUS = {"name": "Tus-Resumable", "in": "header", "required": True, "schema": {"const": "1.0.0"}}
_BYTES = {"type": "string", "format": "binary"}
_OFFSETS = {name: {"schema": {"type": "string"}} for name in ("Upload-Offset", "Upload-Expires")}


def paths() -> dict[str, Any]:
    """By path."""
    item = _path("item")
    return {
        "/api/v1/uploads": {"options": _options(), "post": _create()},
        "/api/v1/uploads/{upload}": {
            "parameters": [_path("upload"), _TUS],
            "head": _does("How much of an upload has come", "uploadProgress", headers=_OFFSETS, status="200"),
            "patch": _piece(),
            "delete": _does("Cancel an upload", "cancelUpload"),
        },
        "/api/v1/items": {"get": _items()},
        "/api/v1/items/{item}": {
            "parameters": [item],
            "get": _gives("One of your items", "ownItem", OwnItem),
            "patch": _gives("Change details; publish, or take back", "changeItem", OwnItem) | _takes(DetailsChange),
            "delete": _does("Take an item away for good, with its files", "removeItem"),
        },
        "/api/v1/items/{item}/import": {
            "parameters": [item],
            "get": _gives("How far an item is: steps, loudness before and after, peaks", "itemImport", ItemImport)
            | {"description": "Has an ETag: ask again with If-None-Match, and it is 304 until something changes."},
        },
        "/api/v1/items/{item}/transcript": {"parameters": [item], "get": _transcript(), "put": _correct()},
        "/api/v1/items/{item}/artwork": {"parameters": [item], "get": _file("image/jpeg"), "put": _artwork()},
        "/api/v1/items/{item}/recording": {"parameters": [item], "get": _file("audio/mp4")},
    }


def _options() -> dict[str, Any]:
    return {
        "summary": "What uploads can be",
        "operationId": "uploadOptions",
        "responses": {"204": {"description": "In the headers Tus-Extension, Tus-Max-Size, Tus-Checksum-Algorithm"}},
    }


def _create() -> dict[str, Any]:
    return _does(
        "Begin an upload (tus 1.0)", "beginUpload", status="201", headers={"Location": _OFFSETS["Upload-Offset"]}
    ) | {
        "description": (
            "Resumable uploads as https://tus.io/protocols describes them, with creation, creation-with-upload, "
            "termination, expiration and checksum. `Upload-Metadata`: `filename`, `filetype`, and if you like `title`, "
            "`creator`, `series`, `kind`, `language`, `description`, `published`. After the last byte the item "
            "`/api/v1/items/ID` has the upload's id, and is a draft."
        ),
        "parameters": [
            _TUS,
            {"name": "Upload-Length", "in": "header", "required": True, "schema": {"type": "integer", "minimum": 1}},
            {"name": "Upload-Metadata", "in": "header", "required": False, "schema": {"type": "string"}},
        ],
    }


def _piece() -> dict[str, Any]:
    return _does("Send the next piece", "sendPiece", headers=_OFFSETS) | {
        "parameters": [
            {"name": "Upload-Offset", "in": "header", "required": True, "schema": {"type": "integer", "minimum": 0}},
            {"name": "Upload-Checksum", "in": "header", "required": False, "schema": {"type": "string"}},
        ],
        "requestBody": {"required": True, "content": {"application/offset+octet-stream": {"schema": _BYTES}}},
    }


def _items() -> dict[str, Any]:
    limit = {"type": "integer", "minimum": 1, "maximum": PAGE_MAX, "default": PAGE}
    return _gives("Your items, the newest first", "ownItems", OwnItems) | {
        "parameters": [
            {"name": "before", "in": "query", "required": False, "schema": {"type": "string"}},
            {"name": "limit", "in": "query", "required": False, "schema": limit},
        ]
    }


def _transcript() -> dict[str, Any]:
    form = {"type": "string", "enum": ["json", "vtt", "srt"], "default": "json"}
    return _gives("What is said in an item", "transcript", TranscriptRead) | {
        "description": "Its ETag goes back as If-Match with the corrected text.",
        "parameters": [{"name": "format", "in": "query", "required": False, "schema": form}],
    }


def _correct() -> dict[str, Any]:
    text = {"schema": {"type": "string"}}
    schema = {"schema": {"$ref": _ref(TranscriptText)}}
    return _gives("Correct what is said", "correctTranscript", TranscriptRead) | {
        "description": "412 where somebody else changed it meanwhile. Captions of any form will do.",
        "parameters": [{"name": "If-Match", "in": "header", "required": True, "schema": {"type": "string"}}],
        "requestBody": {
            "required": True,
            "content": {"application/json": schema, "text/vtt": text, "application/x-subrip": text, "text/plain": text},
        },
    }


def _artwork() -> dict[str, Any]:
    return _does("Give an item a picture", "setArtwork") | {
        "requestBody": {"required": True, "content": {"image/*": {"schema": _BYTES}}}
    }


def _file(media_type: str) -> dict[str, Any]:
    return {
        "summary": "A file of your item, at the link that the item gives",
        "responses": {
            "200": {"description": "The file", "content": {media_type: {"schema": _BYTES}}},
            "default": _error(),
        },
    }


def _takes(model: type[BaseModel]) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": {"$ref": _ref(model)}}}}}


def _gives(summary: str, operation: str, model: type[BaseModel]) -> dict[str, Any]:
    body = {"description": summary, "content": {"application/json": {"schema": {"$ref": _ref(model)}}}}
    return {
        "summary": summary,
        "operationId": operation,
        "security": _KEY,
        "responses": {"200": body, "default": _error()},
    }


def _does(
    summary: str, operation: str, *, status: str = "204", headers: dict[str, Any] | None = None
) -> dict[str, Any]:
    done = {"description": "Done"} | ({"headers": headers} if headers else {})
    return {
        "summary": summary,
        "operationId": operation,
        "security": _KEY,
        "responses": {status: done, "default": _error()},
    }


def _error() -> dict[str, Any]:
    return {"description": "What was wrong", "content": {"application/json": {"schema": {"$ref": _ref(ErrorResponse)}}}}


def _path(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def _ref(model: type[BaseModel]) -> str:
    return f"#/components/schemas/{model.__name__}"

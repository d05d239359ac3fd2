"""How answers leave: JSON of our message types, and errors with stable codes."""

from __future__ import annotations

from pydantic import BaseModel
from sanic import HTTPResponse
from sanic.response import json as json_response

from assistant.errors import ServiceError
from skills.turn import Message


class ErrorBody(Message):
    """What was wrong; `code` is stable, `message` is fit to be shown."""

    code: str
    message: str


class ErrorResponse(Message):
    """Every answer with a status of 400 or more."""

    error: ErrorBody


def model_response(model: BaseModel, status: int = 200, headers: dict[str, str] | None = None) -> HTTPResponse:
    """A message as JSON."""
    body = model.model_dump_json(by_alias=True)
    return HTTPResponse(body, status=status, headers=headers, content_type="application/json")


def error_response(error: ServiceError) -> HTTPResponse:
    """An error as JSON."""
    body = ErrorResponse(error=ErrorBody(code=error.code, message=error.message))
    return json_response(body.model_dump(), status=error.status)

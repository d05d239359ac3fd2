"""What was sent: as one of our messages, or a number of an address."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from sanic import Request

from assistant.errors import ServiceError

Model = TypeVar("Model", bound=BaseModel)


def read_body(request: Request, model: type[Model]) -> Model:
    """The request's body, which is JSON; ServiceError(`request_invalid`) names the field that is wrong."""
    try:
        return model.model_validate_json(request.body)
    except ValidationError as error:
        raise _invalid(error) from error


def read_values(model: type[Model], told: dict[str, Any]) -> Model:
    """Values that came in another way; ServiceError(`request_invalid`)."""
    try:
        return model.model_validate(told)
    except ValidationError as error:
        raise _invalid(error) from error


def whole(text: str, least: int, most: int) -> int:
    """A number of an address within bounds; 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 and least <= int(text) <= most else 0


def _invalid(error: ValidationError) -> ServiceError:
    problem = error.errors()[0]
    field = ".".join(str(part) for part in problem["loc"]) or "body"
    return ServiceError("request_invalid", f"{field}: {problem['msg']}", 422)

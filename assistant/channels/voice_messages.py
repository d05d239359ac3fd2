"""The messages of the voice socket: their types, their JSON form and its validation."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, ValidationError

from assistant.errors import ServiceError
from skills.turn import MAX_TEXT, Channel, Message, PlayerState
from voice.errors import VoiceError

AUDIO_MAX = 64 * 1024
"""Bytes of one audio message; two seconds at 16 kHz."""

TEXT_MAX = 16 * 1024
"""Bytes of one text message."""


class Hello(Message):
    """First message: who continues, and at which rate the frames will come."""

    type: Literal["hello"]
    version: Literal[1]
    rate: int = Field(default=16_000, ge=8_000, le=48_000)
    conversation: str | None = Field(default=None, max_length=200)
    channel: Literal[Channel.PAGE, Channel.SPEAKER] = Channel.PAGE


class Listen(Message):
    """Start a new utterance."""

    type: Literal["listen"]


class End(Message):
    """The utterance is over."""

    type: Literal["end"]


class Cancel(Message):
    """Forget the utterance, or stop speaking."""

    type: Literal["cancel"]


class Text(Message):
    """A typed turn."""

    type: Literal["text"]
    text: str = Field(min_length=1, max_length=MAX_TEXT)


class Player(Message):
    """What the player does."""

    type: Literal["player"]
    player: PlayerState


ClientMessage = Annotated[Hello | Listen | End | Cancel | Text | Player, Field(discriminator="type")]
_CLIENT: TypeAdapter[ClientMessage] = TypeAdapter(ClientMessage)


def read_message(data: str) -> ClientMessage:
    """Read a text message.

    Raises:
        ServiceError: `message_invalid`, naming the field that is wrong.
    """
    if len(data) > TEXT_MAX:
        raise ServiceError("message_invalid", f"A message is longer than {TEXT_MAX} characters.")
    try:
        return _CLIENT.validate_json(data)
    except ValidationError as error:
        problem = error.errors()[0]
        field = ".".join(str(part) for part in problem["loc"]) or "message"
        raise ServiceError("message_invalid", f"{field}: {problem['msg']}") from error


def error_message(error: ServiceError | VoiceError, *, fatal: bool) -> dict[str, Any]:
    """An error as the client sees it."""
    return {"type": "error", "code": error.code, "message": error.message, "fatal": fatal}

"""The messages of the voice socket: their types, their JSON form and its validation."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, ValidationError

from assistant.errors import ServiceError
from skills.message import Message, RequestId
from skills.player import PlayerState
from skills.turn import MAX_TEXT, Channel, Trigger
from voice.errors import VoiceError

AUDIO_MAX = 64 * 1024
"""Bytes of one audio message; two seconds at 16 kHz."""

TEXT_MAX = 16 * 1024
"""Bytes of one text message."""

ANSWER_MAX_MS = 600_000
"""Ten minutes; no answer is as long."""


class Hello(Message):
    """First message: who continues, and at which rate the frames will come."""

    type: Literal["hello"]
    version: Literal[1]
    rate: int = Field(default=16_000, ge=8_000, le=48_000)
    conversation: str | None = Field(default=None, max_length=200)
    listener: str | None = Field(default=None, max_length=200)
    """Token of the listener that several devices have in common; without it the conversation is its own."""
    channel: Literal[Channel.PAGE, Channel.SPEAKER] = Channel.PAGE


class Listen(Message):
    """Start a new utterance, or listen beside the answer where the trigger is `barge_in`."""

    type: Literal["listen"]
    trigger: Trigger = Trigger.BUTTON


class End(Message):
    """The utterance is over."""

    type: Literal["end"]


class Cancel(Message):
    """Forget the utterance, or stop speaking."""

    type: Literal["cancel"]


class Spoken(Message):
    """An answer is no longer being played."""

    type: Literal["spoken"]
    dialog_request_id: RequestId
    heard_ms: int | None = Field(default=None, ge=0, le=ANSWER_MAX_MS)
    """How much of it was heard, where it was interrupted and the client knows."""


class Text(Message):
    """A typed turn."""

    type: Literal["text"]
    text: str = Field(min_length=1, max_length=MAX_TEXT)


class Player(Message):
    """What the player does."""

    type: Literal["player"]
    player: PlayerState


class Interrupted(Message):
    """The answer that an utterance broke into, and how much of it was heard by then, where the client knows."""

    dialog_request_id: RequestId
    heard_ms: int | None = None


ClientMessage = Annotated[Hello | Listen | End | Cancel | Spoken | Text | Player, Field(discriminator="type")]
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

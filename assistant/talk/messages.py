"""What the service says at the voice socket (docs/voice-protocol.md), as types."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from assistant.talk.errors import ServiceLostError
from skills.turn import Reply


class ServerMessage(BaseModel):
    """Base; a field that a newer service adds is passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Ready(ServerMessage):
    """The conversation's token, which continues it over a new connection."""

    type: Literal["ready"]
    conversation: str
    listener: str | None = None
    """The token by which several devices are one listener's; an older service has none."""


class ServerState(ServerMessage):
    """The session's state has changed."""

    type: Literal["state"]
    state: Literal["idle", "listening", "thinking", "speaking"]


class SpeechStarted(ServerMessage):
    """Speech was heard."""

    type: Literal["speech_started"]


class Partial(ServerMessage):
    """What was heard so far."""

    type: Literal["partial"]
    text: str


class Final(ServerMessage):
    """What was heard; empty text when nothing was."""

    type: Literal["final"]
    text: str
    dialog_request_id: str


class Answer(ServerMessage):
    """The answer to an utterance."""

    type: Literal["reply"]
    reply: Reply


class AudioBegin(ServerMessage):
    """Speech follows, in binary messages: PCM, 16 bit, mono, at `rate` hertz."""

    type: Literal["audio_begin"]
    dialog_request_id: str
    rate: int = Field(ge=8_000, le=192_000)


class AudioEnd(ServerMessage):
    """No more speech follows."""

    type: Literal["audio_end"]


class BargeIn(ServerMessage):
    """Somebody speaks into an answer: turn it down, stop it, or turn it up again."""

    type: Literal["duck", "interrupt", "restore"]
    dialog_request_id: str


class Problem(ServerMessage):
    """Something went wrong; after a fatal one the service hangs up."""

    type: Literal["error"]
    code: str
    message: str
    fatal: bool = False


Known = Annotated[
    Ready | ServerState | SpeechStarted | Partial | Final | Answer | AudioBegin | AudioEnd | BargeIn | Problem,
    Field(discriminator="type"),
]
_KNOWN: TypeAdapter[Known] = TypeAdapter(Known)


def read_server_message(data: str) -> Known:
    """Read a text message.

    Raises:
        ServiceLostError: it is none that this client knows, so that the two do not understand each other.
    """
    try:
        return _KNOWN.validate_json(data)
    except ValidationError as error:
        problem = error.errors()[0]
        field = ".".join(str(part) for part in problem["loc"]) or "message"
        raise ServiceLostError(
            f"the service said something that is not understood: {field}: {problem['msg']}"
        ) from error

"""What a client may send, field by field; unknown fields are left out, as newer clients send more."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from wyoming.event import Event

from assistant.errors import ServiceError
from skills.turn import MAX_TEXT
from voice.sentences import MAX_TEXT as MAX_SPOKEN

Context = dict[str, Any]
"""A client's own notes, which come back with the answer."""


class Request(BaseModel):
    """Base: types are taken as they are, never converted."""

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")


class Describe(Request):
    """Asks what there is."""


class Ping(Request):
    """Asks for a `pong` with the same text."""

    text: str | None = Field(default=None, max_length=MAX_TEXT)


class Transcribe(Request):
    """Announces speech to be recognised."""

    context: Context | None = None


class Detect(Request):
    """Announces sound with a wake word in it; without names, the first that is known."""

    names: list[str] | None = Field(default=None, max_length=64)
    context: Context | None = None


class SoundFormat(Request):
    """Interleaved PCM: samples per second, bytes per sample, channels."""

    rate: int
    width: int
    channels: int

    @property
    def format(self) -> tuple[int, int, int]:
        """All three."""
        return self.rate, self.width, self.channels


class AudioStart(SoundFormat):
    """Sound in this format follows."""


class AudioChunk(SoundFormat):
    """A piece of sound."""

    audio: bytes = b""


class AudioStop(Request):
    """The sound has ended."""


class Sentence(Request):
    """Something that was said or typed."""

    text: str = Field(max_length=MAX_TEXT)
    context: Context | None = None


class Transcript(Sentence):
    """A sentence to be answered."""


class Recognize(Sentence):
    """A sentence whose intent is asked for, beside the answer."""


class VoiceWish(Request):
    """The voice to speak with: an eSpeak voice's name, as in the setting `voice`."""

    name: str | None = Field(default=None, max_length=64, pattern=r"^[A-Za-z0-9-]{2,30}(\+[A-Za-z0-9]{1,20})?$")


class Synthesize(Request):
    """A text to be spoken."""

    text: str = Field(max_length=MAX_SPOKEN)
    voice: VoiceWish | None = None


class SynthesizeStart(Request):
    """A text that comes in pieces follows."""

    voice: VoiceWish | None = None


class SynthesizeChunk(Request):
    """A piece of the text."""

    text: str = Field(max_length=MAX_SPOKEN)


class SynthesizeStop(Request):
    """That was the text."""


SpeechRequest = Synthesize | SynthesizeStart | SynthesizeChunk | SynthesizeStop
SoundRequest = AudioStart | AudioChunk | AudioStop
AnyRequest = Describe | Ping | Transcribe | Detect | SoundRequest | Transcript | Recognize | SpeechRequest

_REQUESTS: dict[str, type[AnyRequest]] = {
    "describe": Describe,
    "ping": Ping,
    "transcribe": Transcribe,
    "detect": Detect,
    "audio-start": AudioStart,
    "audio-chunk": AudioChunk,
    "audio-stop": AudioStop,
    "transcript": Transcript,
    "recognize": Recognize,
    "synthesize": Synthesize,
    "synthesize-start": SynthesizeStart,
    "synthesize-chunk": SynthesizeChunk,
    "synthesize-stop": SynthesizeStop,
}


def read_request(event: Event) -> AnyRequest | None:
    """The request that an event is; None for a kind that is not known, which the protocol wants passed over.

    Raises:
        ServiceError: `event_invalid`, naming the field that is wrong.
    """
    model = _REQUESTS.get(event.type)
    if model is None:
        return None
    data = {**event.data, "audio": event.payload or b""} if model is AudioChunk else event.data
    try:
        return model.model_validate(data)
    except ValidationError as error:
        problem = error.errors()[0]
        field = ".".join(str(part) for part in (event.type, *problem["loc"]))
        raise ServiceError("event_invalid", f"{field}: {problem['msg']}") from error

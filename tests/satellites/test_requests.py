"""A request has the fields that it needs, or is refused with the name of the one that is wrong."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wyoming.asr import Transcribe, Transcript
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.event import Event
from wyoming.info import Describe
from wyoming.intent import Recognize
from wyoming.ping import Ping
from wyoming.tts import Synthesize, SynthesizeChunk, SynthesizeStart, SynthesizeStop, SynthesizeVoice
from wyoming.wake import Detect

from assistant.errors import ServiceError
from assistant.satellites import requests
from tests.satellites.test_wire import JSON

VOICE = SynthesizeVoice(name="en-us")
EVENTS = [
    Describe(),
    Ping("x"),
    Ping(),
    Transcribe(language="en", context={"a": 1}, transcript_names=["kitchen"]),
    Detect(["hey sori"]),
    Detect(),
    AudioStart(16_000, 2, 1, 0),
    AudioChunk(16_000, 2, 1, b"1234", 20),
    AudioStop(20),
    Transcript("hello", {"conversation_id": "x"}, "en"),
    Recognize("hello"),
    Synthesize("hello", VOICE),
    Synthesize("hello", SynthesizeVoice(language="en")),
    SynthesizeStart(VOICE),
    SynthesizeStart(),
    SynthesizeChunk("hello"),
    SynthesizeStop(),
]


@pytest.mark.parametrize("sent", EVENTS, ids=lambda event: event.event().type)
def test_what_clients_send_is_understood(sent: Any) -> None:
    request = requests.read_request(sent.event())
    assert type(request).__name__ == type(sent).__name__
    for name in ("text", "context", "names", "rate", "width", "channels", "audio"):
        assert getattr(request, name, None) == getattr(sent, name, None)


@given(st.sampled_from([event.event() for event in EVENTS]), st.dictionaries(st.text(max_size=5), JSON), st.data())
def test_any_data(event: Event, more: dict[str, Any], data: st.DataObject) -> None:
    changed = {name: data.draw(st.just(value) | JSON) for name, value in event.data.items()}
    try:
        known = requests.read_request(Event(event.type, {**more, **changed}, event.payload)) is not None
    except ServiceError as error:
        known = error.code == "event_invalid" and error.message.startswith(event.type)
    assert known


def test_unknown_kinds_are_passed_over() -> None:
    assert requests.read_request(Event("select-program", {"name": "other"})) is None
    assert requests.read_request(Event("__class__")) is None


@pytest.mark.parametrize(
    ("event", "field"),
    [
        (Event("audio-start", {"rate": 16_000, "width": 2}), "audio-start.channels"),
        (Event("audio-start", {"rate": "16000", "width": 2, "channels": 1}), "audio-start.rate"),
        (Event("audio-chunk", {"rate": True, "width": 2, "channels": 1}), "audio-chunk.rate"),
        (Event("transcript", {}), "transcript.text"),
        (Event("transcript", {"text": "a" * 1001}), "transcript.text"),
        (Event("transcript", {"text": "\ud800"}), "transcript.text"),
        (Event("transcript", {"text": "a", "context": []}), "transcript.context"),
        (Event("synthesize", {"text": "a", "voice": {"name": "../../x"}}), "synthesize.voice.name"),
    ],
)
def test_the_wrong_field_is_named(event: Event, field: str) -> None:
    with pytest.raises(ServiceError, match=f"^{field}: ") as raised:
        requests.read_request(event)
    assert raised.value.code == "event_invalid"

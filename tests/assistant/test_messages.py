"""Whatever a client sends, it is read as a message or refused with a named error."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.channels.voice_messages import Hello, Player, Text, read_message
from assistant.errors import ServiceError

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)
ALMOST = st.fixed_dictionaries(
    {"type": st.sampled_from(["hello", "listen", "end", "cancel", "text", "player", "audio"])},
    optional={"version": JSON, "rate": JSON, "text": JSON, "player": JSON, "conversation": JSON},
)


@given(st.text() | JSON.map(json.dumps) | ALMOST.map(json.dumps))
def test_anything_is_a_message_or_a_named_error(data: str) -> None:
    code = "read"
    try:
        read_message(data)
    except ServiceError as error:
        code = error.code
    assert code in ("read", "message_invalid")


@pytest.mark.parametrize("message", [Hello(type="hello", version=1), Text(type="text", text="hi")])
def test_a_message_survives_the_wire(message: Hello | Text) -> None:
    assert read_message(message.model_dump_json()) == message


def test_a_players_report_is_checked() -> None:
    good = {"type": "player", "player": {"state": "playing", "item": "a-1", "position_ms": 5, "volume": 50}}
    assert isinstance(read_message(json.dumps(good)), Player)
    for field, wrong in (("volume", 101), ("position_ms", -1), ("state", "dancing"), ("item", "../x")):
        with pytest.raises(ServiceError, match=field):
            read_message(json.dumps({**good, "player": good["player"] | {field: wrong}}))

"""What clients send: whatever it is, it is either a message of the protocol or refused by a code."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.chat.client_messages import TEXT_MAX, Send, read_message
from assistant.chat.records import TITLE_MAX, a_title
from assistant.errors import ServiceError

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
TAP = {"name": "cart.add", "values": {"product": "boots", "quantity": 2}}
FIELDS = {
    "version": JSON,
    "session": JSON,
    "conversation": JSON,
    "last": st.integers() | JSON,
    "id": st.just("12345678") | JSON,
    "text": st.just("boots") | JSON,
    "tap": st.just(TAP) | JSON,
    "label": st.just("Add") | JSON,
    "page": st.just({"product": "boots"}) | JSON,
    "seq": st.integers() | JSON,
    "value": st.sampled_from(["good", "bad", None]) | JSON,
}
KINDS = ["hello", "send", "read", "rate", "open", "new", "ping", "welcome", ""]


@given(
    st.tuples(st.sampled_from(KINDS), st.fixed_dictionaries({}, optional=FIELDS)).map(
        lambda one: json.dumps({"type": one[0], **one[1]})
    )
    | JSON.map(json.dumps)
    | st.text(max_size=60)
    | st.binary(max_size=20)
)
def test_whatever_is_sent_is_a_message_or_refused(data: str | bytes) -> None:
    try:
        message = read_message(data)
    except ServiceError as error:
        refused = error
    else:
        assert read_message(message.model_dump_json()) == message
        return
    assert refused.code == "message_invalid"
    assert len(refused.message) < 400


def said(**fields: Any) -> Send:
    message = read_message(json.dumps({"type": "send", "id": "12345678", **fields}))
    assert isinstance(message, Send)
    return message


@pytest.mark.parametrize(
    "data",
    [
        json.dumps({"type": "send", "id": "12345678", "text": "x" * TEXT_MAX}),
        "[" * 10_000,
        '{"type":"send","id":"12345678","tap":' + '{"a":' * 3_000 + "1" + "}" * 3_000 + ',"label":"x"}',
        '{"type":"send","id":"12345678","text":"\\ud800"}',
        '{"type":"read","seq":1e400}',
        '{"type":"read","seq":true}',
        '{"type":"read","seq":"1"}',
    ],
    ids=["long", "deep list", "deep tap", "half a letter", "infinite", "a truth", "a text"],
)
def test_hostile_forms_are_refused(data: str) -> None:
    with pytest.raises(ServiceError) as refused:
        read_message(data)
    assert refused.value.code == "message_invalid"


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"text": " \t\x00 "},
        {"text": "boots", "tap": TAP, "label": "Add"},
        {"tap": TAP},
        {"tap": {"name": "cart.add; drop table"}, "label": "x"},
        {"text": "x" * 1_001},
        {"text": "boots", "from": "agent"},
        {"text": "boots", "id": "../../../etc"},
    ],
)
def test_neither_words_nor_a_tap_and_more_than_there_is(fields: dict[str, Any]) -> None:
    with pytest.raises(ServiceError):
        said(**fields)


def test_words_lose_what_no_keyboard_types_and_keep_the_rest() -> None:
    assert said(text="  a\x00b\x1b[31m\u2028 \u202e안녕 🧥\nnext ").text == "ab[31m 안녕 🧥\nnext"


@given(st.text(min_size=1, max_size=300))
def test_a_title_is_the_first_words(text: str) -> None:
    title = a_title(text)
    assert len(title) <= TITLE_MAX
    assert " ".join(text.split()).startswith(title.removesuffix("…"))

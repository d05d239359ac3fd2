"""Events keep their meaning on the wire, and no bytes do harm."""

import io
import json
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wyoming.audio import AudioChunk
from wyoming.event import Event, read_event, write_event

from assistant.errors import ServiceError
from assistant.satellites.wire import DATA_MAX, HEADER_MAX, PAYLOAD_MAX, EventReader, FramingError, encode

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=10), inside, max_size=3),
    max_leaves=10,
)
EVENTS = st.builds(
    Event,
    st.text(min_size=1, max_size=20),
    st.dictionaries(st.text(max_size=10), JSON, max_size=4),
    st.none() | st.binary(min_size=1, max_size=200),
)


def read_all(pieces: list[bytes]) -> Iterator[Event | ServiceError]:
    """Everything in these bytes, up to the first that makes the rest unreadable."""
    reader = EventReader()
    for piece in pieces:
        reader.feed(piece)
        while True:
            try:
                event = reader.next()
            except FramingError as error:
                yield error
                return
            except ServiceError as error:
                yield error
                continue
            if event is None:
                break
            yield event
        assert len(reader._buffer) <= HEADER_MAX + DATA_MAX + PAYLOAD_MAX + len(piece)


def cut(data: bytes, places: list[int]) -> list[bytes]:
    edges = [0, *sorted(place % (len(data) + 1) for place in places), len(data)]
    return [data[begin:end] for begin, end in pairwise(edges)]


@given(st.lists(EVENTS, max_size=4), st.lists(st.integers(min_value=0), max_size=6))
def test_what_is_encoded_is_read_again_however_it_arrives(events: list[Event], places: list[int]) -> None:
    data = b"".join(encode(event) for event in events)
    assert list(read_all(cut(data, places))) == events


@given(EVENTS)
def test_the_package_reads_what_is_written_here_and_the_other_way_round(event: Event) -> None:
    assert read_event(io.BytesIO(encode(event))) == event
    file = io.BytesIO()
    try:
        write_event(event, file)
    except UnicodeEncodeError:
        return  # half a surrogate is more than the package can write
    assert list(read_all([file.getvalue()])) == [event]


@given(st.lists(st.binary(max_size=200), max_size=5))
def test_any_bytes(pieces: list[bytes]) -> None:
    for read in read_all(pieces):
        assert isinstance(read, Event | ServiceError)


@given(EVENTS, st.integers(min_value=0), st.binary(max_size=3), st.integers(0, 3))
def test_damaged_events(event: Event, place: int, put: bytes, taken: int) -> None:
    data = encode(event)
    place %= len(data)
    for read in read_all([data[:place] + put + data[place + taken :], encode(event)]):
        assert isinstance(read, Event | ServiceError)


@given(st.dictionaries(st.sampled_from(["type", "data", "data_length", "payload_length", "x"]), JSON), st.binary())
def test_any_header(header: dict[str, Any], rest: bytes) -> None:
    for read in read_all([json.dumps(header).encode() + b"\n" + rest]):
        assert isinstance(read, Event | ServiceError)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"GET / HTTP/1.1\r\n", "event_unreadable"),
        (b"\n", "event_unreadable"),
        (b"[]\n", "event_unreadable"),
        (b"\xff\xfe\n", "event_unreadable"),
        (b'{"type":"ping","data":{"text":NaN}}\n', "event_unreadable"),
        (b"[" * 10_000 + b"\n", "event_unreadable"),
        (b'{"type":"ping","data_length":"3"}\n', "event_unreadable"),
        (b'{"type":"ping","data_length":-1}\n', "event_unreadable"),
        (b'{"type":"ping","data_length":2.5}\n', "event_unreadable"),
        (b'{"type":"ping","payload_length":true}\n', "event_unreadable"),
        (b'{"type":"ping","payload_length":%d}\n' % (PAYLOAD_MAX + 1), "event_too_large"),
        (b'{"type":"ping","data_length":%d}\n' % (DATA_MAX + 1), "event_too_large"),
        (b'{"type":"ping","data_length":%s}\n' % (b"9" * 5000), "event_unreadable"),
        (b'{"type":"' + b"a" * HEADER_MAX, "event_too_large"),
    ],
)
def test_bytes_after_which_nothing_can_be_read(data: bytes, code: str) -> None:
    *_, last = read_all([data])
    assert isinstance(last, FramingError)
    assert last.code == code


@pytest.mark.parametrize(
    "data",
    [
        b"{}\n",
        b'{"type":7}\n',
        b'{"type":""}\n',
        b'{"type":"ping","data":[]}\n',
        b'{"type":"ping","data_length":2}\n[]',
        b'{"type":"ping","data_length":2}\n{]',
        b'{"type":"ping","data_length":2}\n\xff\xff',
        b'{"type":"ping","data_length":5000}\n' + b"[" * 5000,
    ],
)
def test_an_event_that_says_nothing_does_not_take_the_next_with_it(data: bytes) -> None:
    error, after = read_all([data + encode(Event("ping"))])
    assert isinstance(error, ServiceError)
    assert error.code == "event_invalid"
    assert after == Event("ping")


def test_sound_costs_no_more_than_its_bytes() -> None:
    """Sound that arrives in tiny pieces is not copied or searched again for each."""
    data = encode(AudioChunk(16_000, 2, 1, bytes(PAYLOAD_MAX)).event())
    (event,) = read_all([data[start : start + 1000] for start in range(0, len(data), 1000)])
    assert isinstance(event, Event)
    assert event.payload == bytes(PAYLOAD_MAX)

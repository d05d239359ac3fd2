"""The frame codec: whatever goes in comes out, and whatever else arrives is refused by name."""

from __future__ import annotations

import asyncio
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.rasa_worker import frames
from assistant.rasa_worker.frames import MAX_FRAME, FrameError

TEXT = st.text(st.characters(codec="utf-8"))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)
FRAMES = st.dictionaries(TEXT, JSON, max_size=5)


def read_all(data: bytes) -> tuple[list[frames.Frame], str | None]:
    """The frames in `data` until its end or the first error, and that error's code."""

    async def read() -> tuple[list[frames.Frame], str | None]:
        reader = asyncio.StreamReader()
        reader.feed_data(data)
        reader.feed_eof()
        found: list[frames.Frame] = []
        try:
            while (frame := await frames.read(reader)) is not None:
                found.append(frame)
        except FrameError as error:
            return found, error.code
        return found, None

    return asyncio.run(read())


@given(st.lists(FRAMES, max_size=4))
def test_frames_written_one_after_the_other_are_read_back(sent: list[frames.Frame]) -> None:
    data = b"".join(frames.encode(frame) for frame in sent)
    assert read_all(data) == (sent, None)


@given(FRAMES, st.characters(categories=["Cs"]))
def test_what_no_text_can_hold_is_refused_by_name(frame: frames.Frame, lone_surrogate: str) -> None:
    for unsayable in (lone_surrogate, float("nan"), object()):
        with pytest.raises(FrameError) as caught:
            frames.encode({**frame, "field": unsayable})
        assert caught.value.code == "frame_not_json"


@given(FRAMES.filter(bool), st.data())
def test_a_frame_that_is_cut_off_is_named_and_not_taken_for_a_short_one(
    frame: frames.Frame, data: st.DataObject
) -> None:
    whole = frames.encode(frame)
    cut = data.draw(st.integers(1, len(whole) - 1))
    assert read_all(whole[:cut]) == ([], "frame_cut")


@given(st.binary(max_size=200))
def test_any_bytes_give_frames_or_a_named_error(garbage: bytes) -> None:
    _, code = read_all(garbage)
    assert code in {None, "frame_cut", "frame_too_large", "frame_not_json", "frame_not_object"}


def test_a_length_over_the_limit_is_refused_before_its_body_is_read() -> None:
    assert read_all(struct.pack(">I", MAX_FRAME + 1)) == ([], "frame_too_large")


def test_what_is_too_large_to_be_read_is_not_sent() -> None:
    with pytest.raises(FrameError) as caught:
        frames.encode({"text": "a" * MAX_FRAME})
    assert caught.value.code == "frame_too_large"

"""The frames that the service and the worker exchange: a JSON object behind its length.

A frame is four bytes, big-endian, that give the length of the UTF-8 JSON after them. Both ends have the same limit, so
a broken or hostile peer cannot fill the memory. Imports only the standard library; the service uses this module too.
"""

from __future__ import annotations

import asyncio
import json
import struct
from typing import Any

MAX_FRAME = 256 * 1024
"""Bytes of JSON; a turn has about 2,000."""

Frame = dict[str, Any]

_HEADER = struct.Struct(">I")


class FrameError(ValueError):
    """What arrived is not a frame; `code` is stable."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def encode(frame: Frame) -> bytes:
    """The bytes of a frame; raises FrameError ('frame_too_large', 'frame_not_json') where it has none."""
    try:
        body = json.dumps(frame, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    except (TypeError, ValueError, RecursionError) as error:  # a lone surrogate's UnicodeEncodeError is a ValueError
        raise FrameError("frame_not_json", f"a frame holds what JSON cannot say: {error}") from error
    if len(body) > MAX_FRAME:
        raise FrameError("frame_too_large", f"a frame of {len(body)} bytes is over the limit of {MAX_FRAME}")
    return _HEADER.pack(len(body)) + body


def decode(body: bytes) -> Frame:
    """The frame in `body` (without its length); raises FrameError ('frame_not_json', 'frame_not_object')."""
    try:
        frame = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise FrameError("frame_not_json", f"a frame of {len(body)} bytes is not JSON") from error
    if not isinstance(frame, dict):
        raise FrameError("frame_not_object", f"a frame holds a {type(frame).__name__}, not an object")
    return frame


async def read(reader: asyncio.StreamReader) -> Frame | None:
    """The next frame, or None at the end of the stream.

    Raises FrameError: after 'frame_too_large' or 'frame_cut' the stream is out of step and must be closed; after
    'frame_not_json' or 'frame_not_object' the next frame can be read.
    """
    try:
        header = await reader.readexactly(_HEADER.size)
    except asyncio.IncompleteReadError as error:
        if error.partial:
            raise FrameError("frame_cut", "the stream ended inside a frame's length") from error
        return None
    (length,) = _HEADER.unpack(header)
    if length > MAX_FRAME:
        raise FrameError("frame_too_large", f"a frame of {length} bytes is over the limit of {MAX_FRAME}")
    try:
        return decode(await reader.readexactly(length))
    except asyncio.IncompleteReadError as error:
        raise FrameError(
            "frame_cut", f"the stream ended {length - len(error.partial)} bytes before a frame did"
        ) from error

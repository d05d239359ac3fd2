"""The wire form of Wyoming's events, read without trust and without I/O.

An event is a line of JSON (`type`, `data`, `data_length`, `payload_length`), then that many bytes of further JSON,
which is merged over `data`, then that many bytes of payload. The `wyoming` package's own readers set no limits and
raise whatever the bytes lead them to, so only its event types are used here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, NoReturn

from wyoming.event import Event
from wyoming.version import __version__ as PROTOCOL_VERSION  # noqa: N812

from assistant.errors import ServiceError

HEADER_MAX = 16 * 1024
DATA_MAX = 256 * 1024
"""Bytes; Home Assistant may send the names of a whole household with `transcribe`."""
PAYLOAD_MAX = 1024 * 1024
"""Bytes; half a minute of speech at 16 kHz, which some clients send in one piece."""


class FramingError(ServiceError):
    """The bytes are no event, so nobody can tell where the next one begins, and the connection ends.

    That also keeps web pages out: the first line that a browser sends is no JSON.
    """


@dataclass(frozen=True)
class _Header:
    kind: Any
    data: Any
    data_length: int
    payload_length: int


class EventReader:
    """Bytes in, events out. It holds no more than one event and what was fed since."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._header: _Header | None = None

    @property
    def midway(self) -> bool:
        """Whether an event has begun and not ended."""
        return self._header is not None or bool(self._buffer)

    def feed(self, data: bytes) -> None:
        """Take what has arrived; `next` is to be called until it gives nothing."""
        self._buffer += data

    def next(self) -> Event | None:
        """The next whole event, if it is there.

        Raises:
            ServiceError: `event_invalid`, this event says nothing sensible; the next one may.
            FramingError: there can be no next one.
        """
        if self._header is None:
            line = self._line()
            if line is None:
                return None
            self._header = _read_header(line)
        header = self._header
        if len(self._buffer) < header.data_length + header.payload_length:
            return None
        self._header = None
        data, payload = self._take(header.data_length), self._take(header.payload_length)
        return _event(header, data, payload)

    def _line(self) -> bytes | None:
        end = self._buffer.find(b"\n", 0, HEADER_MAX + 1)
        if end < 0:
            if len(self._buffer) > HEADER_MAX:
                raise FramingError("event_too_large", f"An event's header has more than {HEADER_MAX} bytes.")
            return None
        return self._take(end + 1)

    def _take(self, count: int) -> bytes:
        taken = bytes(self._buffer[:count])
        del self._buffer[:count]
        return taken


def encode(event: Event) -> bytes:
    """An event as it is sent: in ASCII, so that half a surrogate in a client's context does no harm on its way back."""
    data = json.dumps(event.data, allow_nan=False).encode() if event.data else b""
    payload = event.payload or b""
    header: dict[str, Any] = {"type": event.type, "version": PROTOCOL_VERSION}
    if data:
        header["data_length"] = len(data)
    if payload:
        header["payload_length"] = len(payload)
    return json.dumps(header).encode() + b"\n" + data + payload


def _read_header(line: bytes) -> _Header:
    try:
        header = _json(line)
    except ValueError as error:
        raise FramingError("event_unreadable", "An event begins with a line of JSON.") from error
    if not isinstance(header, dict):
        raise FramingError("event_unreadable", "An event's first line is a JSON object.")
    return _Header(
        kind=header.get("type"),
        data=header.get("data"),
        data_length=_length(header, "data_length", DATA_MAX),
        payload_length=_length(header, "payload_length", PAYLOAD_MAX),
    )


def _length(header: dict[str, Any], name: str, limit: int) -> int:
    length = header.get(name)
    if length is None:
        return 0
    if not isinstance(length, int) or isinstance(length, bool) or length < 0:
        raise FramingError("event_unreadable", f"{name} is a number of bytes.")
    if length > limit:
        raise FramingError("event_too_large", f"{name} is more than {limit} bytes.")
    return length


def _event(header: _Header, data: bytes, payload: bytes) -> Event:
    if not isinstance(header.kind, str) or not header.kind:
        raise ServiceError("event_invalid", "An event has a type.")
    merged: dict[str, Any] = {}
    for part in (header.data, _data(data) if data else None):
        if isinstance(part, dict):
            merged |= part
        elif part is not None:
            raise ServiceError("event_invalid", "An event's data is a JSON object.")
    return Event(header.kind, merged, payload or None)


def _data(data: bytes) -> Any:
    try:
        return _json(data)
    except ValueError as error:
        raise ServiceError("event_invalid", "An event's data is JSON.") from error


def _json(data: bytes) -> Any:
    """JSON as the standard has it, without NaN and Infinity; ValueError for anything else, however deep."""
    try:
        return json.loads(data, parse_constant=_refuse)
    except RecursionError as error:
        raise ValueError("too deep") from error


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")

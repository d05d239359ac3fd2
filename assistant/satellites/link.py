"""One satellite's socket: whole events in and out, and no wait without an end."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass

from wyoming.event import Event, Eventable

from assistant.satellites.wire import EventReader, FramingError, encode

READ_BYTES = 64 * 1024


@dataclass(frozen=True)
class Patience:
    """How long each wait may last, in seconds."""

    idle_s: float = 120.0
    """A client that says nothing for so long, not even `ping`, has gone without a word."""
    midway_s: float = 10.0
    """For the whole of an event, from its first byte on."""
    write_s: float = 10.0
    """For a client to take what waits for it; it may be behind by a socket's buffers."""
    linger_s: float = 1.0
    """For a client to close too: over unread bytes a socket is reset, and our last words would be lost."""


class LinkGoneError(Exception):
    """There is nobody to send to any more, or they do not take it; whatever was under way for them ends."""


class Link:
    """A connection's two streams as events."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, patience: Patience | None = None
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._patience = patience or Patience()
        self._events = EventReader()

    async def read(self) -> Event | None:
        """The next event; None once there will be no more.

        Raises:
            ServiceError: `event_invalid`, that event was nothing; the next may be read.
            FramingError: nothing more can be read; also `event_stalled` and `event_truncated`.
        """
        began: float | None = None
        clock, patience = asyncio.get_running_loop().time, self._patience
        while (event := self._events.next()) is None:
            midway = self._events.midway
            began = (began or clock()) if midway else None
            try:
                async with asyncio.timeout_at(
                    clock() + patience.idle_s if began is None else began + patience.midway_s
                ):
                    data = await self._reader.read(READ_BYTES)
            except TimeoutError as error:
                if not midway:
                    return None
                raise FramingError("event_stalled", "An event did not arrive as a whole.") from error
            except OSError:
                return None
            if not data:
                if midway:
                    raise FramingError("event_truncated", "The connection ended within an event.")
                return None
            self._events.feed(data)
        return event

    async def send(self, *events: Eventable) -> None:
        """Send events, in one piece.

        Raises:
            LinkGoneError: nobody takes them.
        """
        if self._writer.is_closing():
            raise LinkGoneError
        self._writer.write(b"".join(encode(event.event()) for event in events))
        try:
            async with asyncio.timeout(self._patience.write_s):
                await self._writer.drain()
        except (OSError, TimeoutError) as error:
            raise LinkGoneError from error

    async def close(self) -> None:
        """Send what waits and close, but do not wait long."""
        try:
            async with asyncio.timeout(self._patience.linger_s):
                with contextlib.suppress(OSError):
                    if not self._writer.is_closing():
                        self._writer.write_eof()
                    while await self._reader.read(READ_BYTES):
                        pass
                    self._writer.close()
                    await self._writer.wait_closed()
        except TimeoutError:
            pass
        finally:
            self._writer.transport.abort()

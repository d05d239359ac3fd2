"""No wait is without an end: for an event, for the rest of one, for a client that does not read."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from wyoming.event import Event
from wyoming.ping import Ping

from assistant.satellites.link import Link, LinkGoneError, Patience
from assistant.satellites.wire import FramingError, encode

LONG_S = 20.0
"""A test that gets here has failed."""


@asynccontextmanager
async def linked(patience: Patience) -> AsyncIterator[tuple[Link, asyncio.StreamReader, asyncio.StreamWriter]]:
    """A link, and the other side's streams."""
    accepted: asyncio.Queue[Link] = asyncio.Queue()
    server = await asyncio.start_server(
        lambda reader, writer: accepted.put_nowait(Link(reader, writer, patience)), "127.0.0.1", 0
    )
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    link = await accepted.get()
    try:
        async with asyncio.timeout(LONG_S):
            yield link, reader, writer
    finally:
        writer.transport.abort()
        await link.close()
        server.close()


async def test_silence_ends_a_link_without_an_error() -> None:
    async with linked(Patience(idle_s=0.05)) as (link, _, _):
        assert await link.read() is None


async def test_a_trickle_does_not_keep_an_event_open() -> None:
    """The limit is for the whole event, however often another byte comes."""
    async with linked(Patience(midway_s=0.3)) as (link, _, writer):

        async def trickle() -> None:
            for byte in encode(Event("ping", {"text": "x" * 1000})):
                writer.write(bytes([byte]))
                await asyncio.sleep(0.01)

        trickling = asyncio.create_task(trickle())
        with pytest.raises(FramingError) as raised:
            await link.read()
        trickling.cancel()
    assert raised.value.code == "event_stalled"


async def test_an_end_within_an_event() -> None:
    async with linked(Patience()) as (link, _, writer):
        writer.write(encode(Event("audio-chunk", {"rate": 16_000}, bytes(2000)))[:-1])
        writer.write_eof()
        with pytest.raises(FramingError) as raised:
            await link.read()
    assert raised.value.code == "event_truncated"


async def test_who_does_not_read_is_left() -> None:
    async with linked(Patience(write_s=0.1, linger_s=0.1)) as (link, _, _):

        async def flood() -> None:
            for _ in range(500):
                await link.send(Ping("x" * 100_000))

        with pytest.raises(LinkGoneError):
            await flood()
        await link.close()
        with pytest.raises(LinkGoneError):
            await link.send(Ping())


async def test_last_words_arrive_although_much_is_unread() -> None:
    async with linked(Patience()) as (link, reader, writer):
        writer.write(bytes(300_000))
        await link.send(Ping("last words"))
        closing = asyncio.create_task(link.close())
        assert (await reader.readuntil(b"last words")).startswith(b'{"type": "ping"')
        writer.close()
        await closing

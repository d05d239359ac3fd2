"""The chat socket: a shop's widget and the house (docs/chat-protocol.md)."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress

import structlog
from sanic import Blueprint, Request, Websocket
from sanic.exceptions import WebsocketClosed
from websockets.exceptions import ConnectionClosed

from assistant.channels.allowance import Allowance
from assistant.chat.connection import ChatConnection
from assistant.chat.hub import Outbox
from assistant.chat.server_messages import Error, encode
from assistant.errors import ServiceError
from assistant.house import House
from assistant.web.chat_access import limits, take, the_shop

blueprint = Blueprint("chat", url_prefix="/api/v1")
log = structlog.get_logger(__name__)

HELLO_WITHIN_S = 5.0
SEND_WITHIN_S = 20.0
"""A client that does not take a message in this time is let go; it comes again and catches up."""
MESSAGES_PER_S, MESSAGES_AT_ONCE = 5.0, 40
"""Many times what a person types and taps."""
CONNECTIONS_MAX = 5_000

POLICY_VIOLATION, TRY_AGAIN_LATER = 1008, 1013

GONE = (ConnectionClosed, WebsocketClosed)


async def chat(request: Request, socket: Websocket) -> None:
    """One tab of a shopper's, until either side leaves."""
    house: House = request.app.ctx.house
    house.chat.connections += 1
    try:
        if house.chat.connections > CONNECTIONS_MAX:
            raise ServiceError("full", "Too many people are here right now. Please try again soon.", 503)
        take(limits(request).hellos, request)
        connection = ChatConnection(house.chat, await the_shop(request))
        await _converse(request, socket, connection)
    except ServiceError as error:
        house.metrics.chat_refused.labels(error.code).inc()
        await _refuse(socket, error)
    except GONE:
        log.debug("shopper left")
    finally:
        house.chat.connections -= 1


blueprint.add_websocket_route(chat, "/chat")


async def _converse(request: Request, socket: Websocket, connection: ChatConnection) -> None:
    """Read and write side by side; whichever ends first ends the other."""
    first = await socket.recv(timeout=HELLO_WITHIN_S)
    if first is None:
        raise ServiceError("hello_expected", "The first message has to be hello, within 5 seconds.")
    try:
        await connection.hello(first)
        tasks = {
            asyncio.create_task(_read(request, socket, connection)),
            asyncio.create_task(_write(socket, connection.outbox)),
        }
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        for task in done:
            task.result()
    finally:
        connection.close()


async def _read(request: Request, socket: Websocket, connection: ChatConnection) -> None:
    allowance = Allowance(MESSAGES_PER_S, MESSAGES_AT_ONCE)
    async for message in socket:
        if not allowance.take(time.monotonic()):
            raise ServiceError("too_many_messages", "Messages come faster than anybody can type.", 429)
        take(limits(request).messages, request)
        await connection.on_text(message)


async def _write(socket: Websocket, outbox: Outbox) -> None:
    while (text := await outbox.get()) is not None:
        try:
            async with asyncio.timeout(SEND_WITHIN_S):
                await socket.send(text)
        except TimeoutError:
            break
    raise ServiceError("too_slow", "This connection is too slow; what is missing comes after the next hello.", 503)


async def _refuse(socket: Websocket, error: ServiceError) -> None:
    with suppress(*GONE, TimeoutError):
        async with asyncio.timeout(SEND_WITHIN_S):
            await socket.send(encode(Error.of(error, fatal=True)))
            await socket.close(TRY_AGAIN_LATER if error.status == 503 else POLICY_VIOLATION, error.code)

"""The voice socket: microphone frames in; partial transcripts, replies and speech out (docs/voice-protocol.md)."""

from __future__ import annotations

import json
import time

import structlog
from sanic import Blueprint, Request, Websocket
from sanic.exceptions import WebsocketClosed
from websockets.exceptions import ConnectionClosed

from assistant.channels.allowance import Allowance
from assistant.channels.voice_connection import ListenerGoneError, VoiceConnection
from assistant.channels.voice_messages import AUDIO_MAX, error_message
from assistant.errors import ServiceError
from assistant.house import House
from assistant.origins import is_own
from assistant.web.addresses import asking_origin

blueprint = Blueprint("voice", url_prefix="/api/v1")
log = structlog.get_logger(__name__)

MESSAGE_MAX = AUDIO_MAX + 1024
"""Bytes; the socket itself refuses more."""

HELLO_WITHIN_S = 5.0

TEXTS_PER_S, TEXTS_AT_ONCE = 30.0, 120
"""Text messages: many times what a person at a page brings about."""
FRAMES_PER_S, FRAMES_AT_ONCE = 500.0, 5_000
"""Audio messages: a browser's smallest blocks are 375 a second at 48 kHz; a recording may come all at once."""

POLICY_VIOLATION, TRY_AGAIN_LATER = 1008, 1013

GONE = (ConnectionClosed, WebsocketClosed, ListenerGoneError)


async def voice(request: Request, socket: Websocket) -> None:
    """One listener's conversation, until either side leaves."""
    house: House = request.app.ctx.house
    try:
        origin = _check_origin(request, house)
        if house.voice_sessions >= house.settings.voice_sessions_max:
            raise ServiceError("full", "Too many people are talking to me right now. Please try again soon.", 503)
    except ServiceError as error:
        await _refuse(socket, error)
        return
    house.voice_sessions += 1

    async def send(message: str | bytes) -> None:
        try:
            await socket.send(message)
        except (ConnectionClosed, WebsocketClosed) as error:
            raise ListenerGoneError from error

    connection = VoiceConnection(house, send, origin)
    try:
        await _converse(connection, socket)
    except ServiceError as error:
        await _refuse(socket, error)
    except GONE:
        log.debug("listener left")
    finally:
        house.voice_sessions -= 1
        await connection.close()


blueprint.add_websocket_route(voice, "/voice")


async def _converse(connection: VoiceConnection, socket: Websocket) -> None:
    first = await socket.recv(timeout=HELLO_WITHIN_S)
    if not isinstance(first, str):
        raise ServiceError("hello_expected", "The first message has to be hello, within 5 seconds.")
    await connection.hello(first)
    texts, frames = Allowance(TEXTS_PER_S, TEXTS_AT_ONCE), Allowance(FRAMES_PER_S, FRAMES_AT_ONCE)
    async for message in socket:
        allowance = texts if isinstance(message, str) else frames
        if not allowance.take(time.monotonic()):
            raise ServiceError("too_many_messages", "Messages come faster than anybody can talk.")
        if isinstance(message, str):
            await connection.on_text(message)
        else:
            await connection.on_audio(bytes(message))


async def _refuse(socket: Websocket, error: ServiceError) -> None:
    try:
        await socket.send(json.dumps(error_message(error, fatal=True)))
        code = TRY_AGAIN_LATER if error.status == 503 else POLICY_VIOLATION
        await socket.close(code, error.code)
    except GONE:
        log.debug("listener left before the refusal", code=error.code)


def _check_origin(request: Request, house: House) -> str | None:
    """A page of another site must not use a visitor's microphone session here; programs send no origin."""
    origin = asking_origin(request)
    ours = (house.settings.public_url, *house.settings.allowed_origins)
    if origin and not is_own(origin, request.host) and origin not in ours:
        raise ServiceError("origin_refused", "This page may not talk to this service.", 403)
    return origin

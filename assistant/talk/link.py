"""The websocket to the service: says hello, passes messages on, and connects again with growing pauses."""

from __future__ import annotations

import asyncio
import json
import random
from typing import Any, Protocol
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from assistant.talk.errors import ServiceLostError
from assistant.talk.messages import Known, Problem, Ready, read_server_message

TRIES = 5
FIRST_PAUSE_S = 0.5
OPEN_WITHIN_S = 8.0
MESSAGE_MAX = 4 * 1024 * 1024
"""Bytes; `ready` carries twenty turns with their cards."""

QUEUED_MAX = 250
"""Messages that the connection has not taken yet: five seconds of microphone sound; what comes then is dropped."""

CLOSE_WITHIN_S = 1.0
"""Somebody pressed Ctrl-C and waits."""

PONG_WITHIN_S = 20.0
"""A service that answers no ping for this long has gone."""

SAYS_SOMETHING_WITHIN_S = 400.0
"""The service is always either listening, which ends, or waits for us to finish the longest of speeches."""


class Receiver(Protocol):
    """Who listens to the service."""

    def on_message(self, message: Known) -> None:
        """The service said this; never a fatal problem."""

    def on_audio(self, pcm: bytes) -> None:
        """Speech."""

    def on_lost(self) -> None:
        """The connection was lost; the next `ready` tells that there is a new one."""


def pause_s(failures: int, chance: float) -> float:
    """How long to wait after that many failures in a row (1 is the first); `chance` in [0, 1] spreads the clients."""
    return float(FIRST_PAUSE_S * 2 ** (failures - 1) * (0.5 + chance / 2))


class Link:
    """Keeps a connection to the service at `url` (http or https); frames will be sent at `rate` hertz.

    `listener` is the token of the listener that another device has given, None for one of its own.
    """

    def __init__(self, url: str, rate: int, listener: str | None = None) -> None:
        parts = urlsplit(url)
        self._url = f"{'wss' if parts.scheme == 'https' else 'ws'}://{parts.netloc}/api/v1/voice"
        self._rate = rate
        self._listener = listener
        self._token: str | None = None
        self._failures = 0
        self._queue: asyncio.Queue[str | bytes] | None = None

    def send(self, message: dict[str, Any] | bytes) -> None:
        """Send an object as JSON, or microphone sound. Dropped while there is no connection."""
        if self._queue is not None and not self._queue.full():
            self._queue.put_nowait(message if isinstance(message, bytes) else json.dumps(message))

    async def run(self, receiver: Receiver) -> None:
        """Stay connected until cancelled.

        Raises:
            ServiceLostError: the service refuses to talk, or `TRIES` attempts in a row failed.
        """
        while True:
            reason = await self._connected(receiver)
            receiver.on_lost()
            self._failures += 1
            if self._failures > TRIES:
                raise ServiceLostError(f"the service at {self._url} cannot be reached ({reason}); is it still running?")
            await asyncio.sleep(pause_s(self._failures, random.random()))  # noqa: S311 - spreads load, hides nothing

    async def _connected(self, receiver: Receiver) -> str:
        """One connection, from hello to its end; says why it ended."""
        try:
            async with connect(
                self._url,
                open_timeout=OPEN_WITHIN_S,
                ping_timeout=PONG_WITHIN_S,
                close_timeout=CLOSE_WITHIN_S,
                max_size=MESSAGE_MAX,
                proxy=None,
            ) as socket:
                await socket.send(json.dumps(self._hello()))
                self._queue = asyncio.Queue(QUEUED_MAX)
                writer = asyncio.create_task(self._write(socket, self._queue))
                try:
                    return await self._read(socket, receiver)
                finally:
                    self._queue = None
                    writer.cancel()
        except ConnectionClosed:
            return "it hung up"
        except TimeoutError:
            return "it did not answer in time"
        except (OSError, WebSocketException) as error:
            return str(error)

    def _hello(self) -> dict[str, Any]:
        hello = {"type": "hello", "version": 1, "rate": self._rate, "conversation": self._token, "channel": "speaker"}
        return {**hello, "listener": self._listener} if self._listener else hello

    async def _read(self, socket: ClientConnection, receiver: Receiver) -> str:
        while True:
            # Not wait_for, which in Python 3.11 can swallow the cancellation that Ctrl-C brings.
            async with asyncio.timeout(SAYS_SOMETHING_WITHIN_S):
                data = await socket.recv()
            if isinstance(data, bytes):
                receiver.on_audio(data)
                continue
            message = read_server_message(data)
            if isinstance(message, Problem) and message.fatal:
                return self._on_fatal(message)
            if isinstance(message, Ready):
                self._failures, self._token, self._listener = 0, message.conversation, message.listener
            receiver.on_message(message)

    def _on_fatal(self, problem: Problem) -> str:
        if problem.code == "conversation_invalid" and self._token:
            self._token = None  # The service has forgotten us, or was replaced: a new conversation will do.
        elif problem.code != "full":
            raise ServiceLostError(problem.message)
        return problem.message

    @staticmethod
    async def _write(socket: ClientConnection, queue: asyncio.Queue[str | bytes]) -> None:
        try:
            while True:
                await socket.send(await queue.get())
        except ConnectionClosed:
            return  # The reader sees it too, and acts on it.

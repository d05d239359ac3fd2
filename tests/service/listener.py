"""A listener at the voice socket, as docs/voice-protocol.md describes one."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from websockets.asyncio.client import ClientConnection, connect

from tests.service.running import Running, eventually
from tests.service.speech import QUESTION, in_a_room, say

WITHIN_S = 20.0
FRAME_MS = 40

Received = dict[str, Any]


class Listener:
    """Sends what a page sends and keeps all that comes back; binary messages as `{"type": "chunk", "pcm": ...}`."""

    def __init__(self, socket: ClientConnection, rate: int) -> None:
        self.socket = socket
        self.rate = rate
        self.received: list[Received] = []

    @property
    def kinds(self) -> list[str]:
        """What has come so far, a run of equal kinds as one, states by their names."""
        kinds: list[str] = []
        for message in self.received:
            kind = message["state"] if message["type"] == "state" else message["type"]
            if kind != (kinds and kinds[-1]):
                kinds.append(kind)
        return kinds

    async def hello(self, conversation: str | None = None) -> Received:
        """Say hello; returns `ready`."""
        await self.send("hello", version=1, rate=self.rate, conversation=conversation)
        ready = await self.until("ready")
        await self.until("state", state="idle")
        return ready

    async def send(self, kind: str, **fields: Any) -> Self:
        await self.socket.send(json.dumps({"type": kind, **fields}))
        return self

    async def speak(self, pcm: NDArray[np.int16]) -> None:
        """Send sound at the hello's rate, in the frames that a page sends but faster than it was spoken."""
        step = self.rate * FRAME_MS // 1000
        for start in range(0, len(pcm), step):
            await self.socket.send(pcm[start : start + step].tobytes())

    async def next(self) -> Received:
        async with asyncio.timeout(WITHIN_S):
            data = await self.socket.recv()
        message = {"type": "chunk", "pcm": data} if isinstance(data, bytes) else json.loads(data)
        self.received.append(message)
        return message

    async def until(self, kind: str, **fields: Any) -> Received:
        """The next message of this kind with these fields; an error that nobody waits for fails the test."""
        while True:
            message = await self.next()
            if message["type"] == kind and fields.items() <= message.items():
                return message
            assert message["type"] != "error", message

    async def ask(self, text: str) -> Received:
        """A typed turn, to the end of its speech; returns the reply."""
        await self.send("text", text=text)
        reply: Received = (await self.until("reply"))["reply"]
        await self.until("state", state="idle")
        return reply

    async def ask_aloud(self, text: str = QUESTION) -> str:
        """A spoken turn, to the end of the answer; returns what was heard."""
        await self.send("listen")
        await self.speak(in_a_room(say(text), before=0.5, after=1.5, rate=self.rate))
        heard = (await self.until("final"))["text"]
        await self.until("state", state="idle")
        return str(heard)

    async def error(self) -> Received:
        """The next error; whatever comes before it is kept."""
        while (message := await self.next())["type"] != "error":
            pass
        return message

    async def closed(self) -> int:
        """Wait until the server closes; returns its code."""
        async with asyncio.timeout(WITHIN_S):
            await self.socket.wait_closed()
        assert self.socket.close_code
        return self.socket.close_code


@asynccontextmanager
async def at_the_socket(service: Running, rate: int = 16_000, origin: str | None = None) -> AsyncIterator[Listener]:
    """An open socket, before hello."""
    address = service.url.replace("http", "ws", 1) + "api/v1/voice"
    async with connect(
        address, max_queue=None, max_size=None, proxy=None, close_timeout=2, additional_headers=_origin(origin)
    ) as socket:
        yield Listener(socket, rate)


@asynccontextmanager
async def listening(service: Running, rate: int = 16_000, conversation: str | None = None) -> AsyncIterator[Listener]:
    """A listener who has said hello."""
    async with at_the_socket(service, rate) as listener:
        await listener.hello(conversation)
        yield listener


def nobody_listens(service: Running) -> None:
    """Wait until the service has noticed that every listener has left."""
    eventually(lambda: service.metric("sori_listeners") == 0, 10, "every voice session has ended")


def _origin(origin: str | None) -> dict[str, str]:
    return {"Origin": origin} if origin else {}

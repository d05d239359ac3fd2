"""A shopper at the chat socket, as docs/chat-protocol.md describes one."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from tests.service.running import Running

WITHIN_S = 20.0

Received = dict[str, Any]


class Shopper:
    """Sends what a widget sends, and keeps all that comes back."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.received: list[Received] = []
        self.welcome: Received = {}

    @property
    def messages(self) -> list[Received]:
        """Of the conversation: those that came with the last welcome, and since."""
        since = [one for one in self.received if one["type"] == "message"]
        return [*self.welcome.get("messages", []), *since]

    @property
    def last(self) -> int:
        return max((one["seq"] for one in self.received if "seq" in one), default=0)

    async def hello(self, **fields: Any) -> Received:
        await self.send("hello", **{"version": 1, **fields})
        self.welcome = await self.until("welcome")
        return self.welcome

    async def send(self, kind: str, **fields: Any) -> None:
        await self.socket.send(json.dumps({"type": kind, **fields}))

    async def next(self) -> Received:
        async with asyncio.timeout(WITHIN_S):
            message: Received = json.loads(await self.socket.recv())
        self.received.append(message)
        return message

    async def until(self, kind: str, **fields: Any) -> Received:
        """The next message of this kind with these fields; an error that nobody waits for fails the test."""
        while True:
            message = await self.next()
            if message["type"] == kind and fields.items() <= message.items():
                return message
            assert message["type"] != "error", message

    async def say(self, text: str, **fields: Any) -> str:
        """Send words; returns their id."""
        identity = fields.pop("id", secrets.token_hex(8))
        await self.send("send", id=identity, text=text, **fields)
        await self.until("accepted", id=identity)
        return str(identity)

    async def tap(self, name: str, label: str, **values: Any) -> str:
        identity = secrets.token_hex(8)
        await self.send("send", id=identity, tap={"name": name, "values": values}, label=label)
        return identity

    async def answer(self, identity: str) -> Received:
        """The assistant's answer to a message."""
        return await self.until("message", **{"from": "bot", "id": identity})

    async def ask(self, text: str, **fields: Any) -> Received:
        return await self.answer(await self.say(text, **fields))

    async def error(self) -> Received:
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
async def at_the_chat(service: Running, store: str, origin: str | None = None) -> AsyncIterator[Shopper]:
    """An open socket, before hello."""
    address = f"{service.url.replace('http', 'ws', 1)}api/v1/chat?store={store}"
    headers = {"Origin": origin} if origin else {}
    async with connect(address, max_queue=None, proxy=None, close_timeout=2, additional_headers=headers) as socket:
        yield Shopper(socket)


@asynccontextmanager
async def chatting(service: Running, store: str, **hello: Any) -> AsyncIterator[Shopper]:
    """A shopper who has said hello."""
    async with at_the_chat(service, store) as shopper:
        await shopper.hello(**hello)
        yield shopper

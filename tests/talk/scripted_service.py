"""The service's side of the voice socket, as a script: it stands for the network peer."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from websockets.asyncio.server import ServerConnection, serve
from websockets.datastructures import Headers
from websockets.http11 import Request, Response

from skills.turn import Directive, Reply

PATIENCE_S = 30.0


@dataclass
class Caller:
    """One client's connection, from the service's side."""

    socket: ServerConnection
    heard: bytearray = field(default_factory=bytearray)
    """All microphone sound that came, at 16 kHz."""

    async def say(self, **message: Any) -> None:
        await self.socket.send(json.dumps(message))

    async def state(self, state: str, request: str | None = None) -> None:
        await self.say(type="state", state=state, dialog_request_id=request)

    async def next_message(self) -> dict[str, Any]:
        """The next text message; microphone blocks are passed over."""
        while True:
            data = await asyncio.wait_for(self.socket.recv(), PATIENCE_S)
            if isinstance(data, str):
                message: dict[str, Any] = json.loads(data)
                return message
            self.heard += data

    async def expect(self, kind: str) -> dict[str, Any]:
        """The next message that is no player report; it must be of this kind."""
        while (message := await self.next_message())["type"] == "player":
            pass
        assert message["type"] == kind, f"expected {kind}, got {message}"
        return message

    async def expect_player(self, state: str) -> dict[str, Any]:
        """Wait until the player says that it is in this state; nothing but reports may come before."""
        while (message := await self.next_message())["type"] == "player":
            player: dict[str, Any] = message["player"]
            if player["state"] == state:
                return player
        raise AssertionError(f"expected a player report of {state}, got {message}")

    async def hear_blocks(self, *, loud: int = 0, of_any: int = 0) -> None:
        """Wait for so many blocks from the microphone; their number is the sound card's clock."""
        while loud > 0 or of_any > 0:
            data = await asyncio.wait_for(self.socket.recv(), PATIENCE_S)
            if isinstance(data, bytes):
                self.heard += data
                of_any -= 1
                loud -= int(np.abs(np.frombuffer(data, dtype="<i2")).max() > 1000)

    async def listens(self, trigger: str) -> None:
        """Wait until it asks to be listened to for this reason, and confirm it."""
        assert (await self.expect("listen"))["trigger"] == trigger
        if trigger != "barge_in":
            await self.state("listening")

    async def answer(self, request: str, heard: str, speech: bytes, *directives: Directive) -> None:
        """The whole of a turn as the service does it, at 22050 hertz."""
        await self.say(type="partial", text=heard.split()[0])
        await self.say(type="final", text=heard, alternatives=[], dialog_request_id=request)
        await self.state("thinking", request)
        reply = Reply(dialog_request_id=request, speech="Here.", text=f"About {heard}.", directives=directives)
        await self.say(type="reply", reply=reply.model_dump(mode="json"), trace={})
        await self.state("speaking", request)
        await self.say(type="audio_begin", dialog_request_id=request, rate=22_050)
        await self.socket.send(speech)
        await self.say(type="audio_end", dialog_request_id=request, completed=True)
        await self.state("idle", request)


Script = Callable[[Caller], Awaitable[None]]


@asynccontextmanager
async def scripted_service(*scripts: Script, media: dict[str, bytes] | None = None) -> AsyncIterator[Service]:
    """Run a script for each connection in turn, and serve `media` (path to WAV) over HTTP at the same address.

    When a script returns, its connection is closed. `Service.finished` passes on what a script raised.
    """
    service = Service(scripts, media or {})
    async with serve(service.converse, "127.0.0.1", 0, process_request=service.on_request) as server:
        service.url = f"http://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}"
        yield service


class Service:
    """See `scripted_service`."""

    url = ""

    def __init__(self, scripts: tuple[Script, ...], media: dict[str, bytes]) -> None:
        self._scripts = list(scripts)
        self._media = media
        self._finished: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def finished(self) -> None:
        """Wait until the last script has run."""
        await asyncio.wait_for(asyncio.shield(self._finished), 3 * PATIENCE_S)

    async def converse(self, socket: ServerConnection) -> None:
        if not self._scripts:
            return
        script = self._scripts.pop(0)
        try:
            await script(Caller(socket))
        except BaseException as error:
            self._finished.set_exception(error)
            raise
        if not self._scripts:
            self._finished.set_result(None)
            async for _ in socket:
                pass  # A service goes on reading; otherwise the closing handshake would wait behind the frames.

    def on_request(self, connection: ServerConnection, request: Request) -> Response | None:
        if request.path == "/api/v1/voice":
            return None
        body = self._media.get(request.path)
        if body is None:
            return Response(404, "Not Found", Headers({"Content-Length": "0", "Connection": "close"}))
        headers = Headers({"Content-Type": "audio/wav", "Content-Length": str(len(body)), "Connection": "close"})
        return Response(200, "OK", headers, body)

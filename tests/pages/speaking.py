"""The speaker page against a service that is a script: it stands for the network peer, the rest is real."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import numpy as np
from playwright.async_api import Browser, Page, Route, WebSocketRoute

from tests.pages.test_templates import render

PATIENCE_S = 30.0
RATE = 22_050


class Peer:
    """The service's side of the page's socket, whichever connection that is just now."""

    def __init__(self) -> None:
        self.socket: WebSocketRoute | None = None
        self.frames = 0
        """Microphone frames that came."""
        self._messages: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    def connected(self, socket: WebSocketRoute) -> None:
        self.socket = socket
        socket.on_message(self._on_message)

    def say(self, kind: str, **fields: Any) -> None:
        assert self.socket
        self.socket.send(json.dumps({"type": kind, **fields}))

    def state(self, name: str, request: str | None = None) -> None:
        self.say("state", state=name, dialog_request_id=request)

    def ready(self) -> None:
        self.say("ready", conversation="token", history=[], stores_audio=False)
        self.state("idle")

    async def expect(self, kind: str) -> dict[str, Any]:
        """The next message that is no player report; it must be of this kind."""
        while (message := await asyncio.wait_for(self._messages.get(), PATIENCE_S))["type"] == "player":
            pass
        assert message["type"] == kind, f"expected {kind}, got {message}"
        return message

    async def expect_frames(self, count: int) -> None:
        """Wait for so many more frames."""
        wanted = self.frames + count
        async with asyncio.timeout(PATIENCE_S):
            while self.frames < wanted:
                await asyncio.sleep(0.01)

    def answer(self, request: str, seconds: float, **reply: Any) -> None:
        """The rest of a turn as the service does it, from the transcript to the last of the speech."""
        self.say("final", text=f"question {request}", alternatives=[], dialog_request_id=request)
        self.state("thinking", request)
        spoken = {"speech": "Here.", "text": f"Answer {request}.", "cards": [], "quick_replies": [], "directives": []}
        self.say("reply", reply={"dialog_request_id": request, **spoken, **reply}, trace={})
        self.state("speaking", request)
        self.say("audio_begin", dialog_request_id=request, rate=RATE)
        time = np.arange(int(seconds * RATE)) / RATE
        assert self.socket
        self.socket.send(np.rint(3_000 * np.sin(2 * np.pi * 440 * time)).astype("<i2").tobytes())
        self.say("audio_end", dialog_request_id=request, completed=True)
        self.state("idle", request)

    def _on_message(self, data: str | bytes) -> None:
        if isinstance(data, bytes):
            self.frames += 1
        else:
            self._messages.put_nowait(json.loads(data))


KEEP_AUDIO_CONTEXTS = """
window.audioContexts = [];
window.AudioContext = class extends AudioContext {
  constructor(...options) {
    super(...options);
    window.audioContexts.push(this);
  }
};
"""
AUDIO_TIME_S = "Math.max(...window.audioContexts.map((context) => context.currentTime))"


async def sound_goes_on(page: Page) -> None:
    """Wait until the page has played a little more: how soon its sound begins is the machine's affair."""
    now = await page.evaluate(AUDIO_TIME_S)
    await page.wait_for_function(f"(now) => {AUDIO_TIME_S} > now + 0.2", arg=now)


@asynccontextmanager
async def speaker(browser: Browser, static_address: str) -> AsyncIterator[tuple[Page, Peer]]:
    """The page, connected to the script. Afterwards: nothing went wrong in it."""
    peer = Peer()
    mistakes: list[str] = []
    page = await browser.new_page()
    page.set_default_timeout(PATIENCE_S * 1000)
    await page.add_init_script(KEEP_AUDIO_CONTEXTS)
    page.on("pageerror", lambda error: mistakes.append(str(error)))
    markup = render("speaker.html", examples=["Find me a talk about black holes", "Play something calm"])

    async def hand_out(route: Route) -> None:
        await route.fulfill(body=markup, content_type="text/html; charset=utf-8")

    await page.route(f"{static_address}/", hand_out)
    await page.route_web_socket("**/api/v1/voice", peer.connected)
    await page.goto(f"{static_address}/")
    await peer.expect("hello")
    peer.ready()
    await page.wait_for_selector("body[data-phase=idle]")
    yield page, peer
    await page.close()
    assert mistakes == []

"""A Wyoming client: the package's own, which Home Assistant uses, with a limit on every wait."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import numpy as np
from numpy.typing import NDArray
from wyoming.asr import Transcribe, Transcript
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.client import AsyncTcpClient
from wyoming.event import Event, Eventable
from wyoming.tts import Synthesize

from tests.service.running import Running, eventually
from tests.service.speech import RATE

WITHIN_S = 20.0
CHUNK = 1024


class Satellite:
    """One connection; keeps all events that come."""

    def __init__(self, client: AsyncTcpClient) -> None:
        self.client = client
        self.received: list[Event] = []

    @property
    def kinds(self) -> list[str]:
        return [event.type for event in self.received]

    async def send(self, *events: Eventable | Event) -> None:
        for event in events:
            await self.client.write_event(event if isinstance(event, Event) else event.event())

    async def send_bytes(self, data: bytes) -> None:
        assert self.client._writer
        self.client._writer.write(data)
        await self.client._writer.drain()

    async def until(self, *kinds: str) -> Event:
        """The next event of one of these kinds."""
        while (event := await self.next()) is not None:
            if event.type in kinds:
                return event
        raise AssertionError(f"the connection was closed before {kinds}; there were {self.kinds}")

    async def next(self) -> Event | None:
        async with asyncio.timeout(WITHIN_S):
            event = await self.client.read_event()
        if event is not None:
            self.received.append(event)
        return event

    async def closed(self) -> bool:
        while await self.next() is not None:
            pass
        return True

    async def speak(self, pcm: NDArray[np.int16], *, end: bool = True) -> None:
        """Send sound as Home Assistant does, but faster than it was spoken."""
        sound = (RATE, 2, 1)
        await self.send(Transcribe(language="en"), AudioStart(*sound))
        for start in range(0, len(pcm), CHUNK):
            await self.send(AudioChunk(*sound, pcm[start : start + CHUNK].tobytes()))
        if end:
            await self.send(AudioStop())

    async def hear(self, pcm: NDArray[np.int16]) -> str:
        await self.speak(pcm)
        return Transcript.from_event(await self.until("transcript")).text

    async def ask(self, text: str, **context: str) -> str:
        """What is said to a sentence."""
        await self.send(Transcript(text, context=context or None))
        handled = await self.until("handled")
        assert handled.data.get("context") == (context or None)
        return str(handled.data["text"])

    async def say(self, text: str) -> NDArray[np.int16]:
        await self.send(Synthesize(text))
        await self.until("audio-stop")
        return self.sound()

    def sound(self) -> NDArray[np.int16]:
        """All sound that came."""
        pcm = b"".join(event.payload or b"" for event in self.received if event.type == "audio-chunk")
        return np.frombuffer(pcm, "<i2")


def address(service: Running) -> tuple[str, int]:
    """Where satellites connect."""
    host, _, port = service.health()["parts"]["satellites"].removeprefix("tcp://").partition(",")[0].rpartition(":")
    return host, int(port)


@asynccontextmanager
async def satellite(service: Running) -> AsyncIterator[Satellite]:
    """Connect; and leave."""
    async with AsyncTcpClient(*address(service), connect_timeout=WITHIN_S) as client:
        yield Satellite(client)


def no_satellites(service: Running) -> None:
    """Wait until the last one has left."""
    eventually(lambda: service.metric("sori_satellites") == 0, WITHIN_S, "no satellite is connected")

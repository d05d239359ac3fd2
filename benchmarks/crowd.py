"""Many people at the voice sockets of the running service, all speaking at once and in real time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from benchmarks.flite import AtMicrophone
from benchmarks.streams import FRAME_MS, frames
from tests.service.listener import Listener, at_the_socket
from tests.service.running import Running
from tests.service.speech import RATE

REFUSALS = ("recogniser_busy", "full")
PATIENCE_S = 30.0


@dataclass(frozen=True)
class Turn:
    """One spoken turn in a crowd; milliseconds from the end of speech. None where the speaker was refused."""

    heard_ms: float | None
    text: str = ""


async def together(service: Running, people: Sequence[Sequence[AtMicrophone]]) -> list[Turn]:
    """Everybody says their sentences, one after the other, and listens to each answer."""
    spoken = await asyncio.gather(*(_converse(service, number, sounds) for number, sounds in enumerate(people)))
    return [turn for turns in spoken for turn in turns]


async def _converse(service: Running, number: int, sounds: Sequence[AtMicrophone]) -> list[Turn]:
    await asyncio.sleep(number * 0.1)
    async with at_the_socket(service, RATE) as listener:
        await listener.hello()
        return [await _say(listener, sound) for sound in sounds]


async def _say(listener: Listener, sound: AtMicrophone) -> Turn:
    await listener.send("listen")
    began = time.perf_counter()
    sending = asyncio.create_task(_send(listener, sound, began))
    try:
        async with asyncio.timeout(PATIENCE_S):
            while (message := await listener.next())["type"] not in ("final", "error"):
                pass
            heard_at = time.perf_counter()
            if message["type"] == "error":
                if message["code"] not in REFUSALS:
                    raise RuntimeError(f"the service said {message}")
                return Turn(None)
            await listener.until("state", state="idle")
    finally:
        sending.cancel()
        with suppress(asyncio.CancelledError):
            await sending
    return Turn((heard_at - began - sound.speech_end_s) * 1000, str(message["text"]))


async def _send(listener: Listener, sound: AtMicrophone, began: float) -> None:
    """Each frame when its last sample has been spoken."""
    for count, frame in enumerate(frames(sound.pcm), start=1):
        await asyncio.sleep(max(0.0, began + count * FRAME_MS / 1000 - time.perf_counter()))
        await listener.socket.send(frame)

"""Speaking into an answer: how soon it is turned down, how soon it stops, and whether noise stops it too."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from benchmarks.flite import speak, speech_start
from benchmarks.report import Cell, Table, rate, spread
from benchmarks.sounds import music, room
from benchmarks.streams import FRAME_MS, frames
from tests.service.listener import Listener, listening
from tests.service.running import Running
from tests.service.speech import QUESTION, RATE, in_a_room, samples
from voice.audio import Audio

COMMANDS = ("stop", "pause", "louder please", "find me lessons on watercolour", "what is playing")
BEFORE_S, AFTER_S = 0.6, 2.5
WAIT_S = 3.0
"""After the last frame, for a decision that is still to come."""

ABOUT = f"""
Barge-in: while the answer to "{QUESTION}" is played, {len(COMMANDS)} commands in each of flite's voices, and sounds
that nobody means (a knock, music, a loud room), are sent as a microphone would. Times count from the start of speech,
which is the recording's first 10 ms window whose energy is within 40 dB of the loudest one's, to the arrival of `duck`
(turn the answer down) and `interrupt` (stop it). After a false alarm `restore` should come, and `interrupt` never.
"""


@dataclass(frozen=True)
class Barge:
    """Milliseconds from the start of the sound to each message; None where it did not come."""

    duck_ms: float | None
    interrupt_ms: float | None
    restore_ms: float | None


def barge_in(service: Running, say: Callable[[str], None]) -> Table:
    """The table of commands and false alarms."""
    said = [
        (
            Audio(in_a_room(one.sound, before=BEFORE_S, after=AFTER_S)),
            BEFORE_S + speech_start(samples(one.sound)) / RATE,
        )
        for one in speak(COMMANDS)
    ]
    alarms = [(_after_silence(sound), BEFORE_S) for sound in (knock(), music(0.5), room(400.0))]
    say(f"barge-in: {len(said)} commands and {len(alarms)} false alarms")
    return Table(
        ("spoken into the answer", "times", "turned down, p50 ms", "p95 ms", "stopped, p50 ms", "p95 ms", "stopped, %"),
        (
            _row("commands", asyncio.run(_all(service, said))),
            _row("false alarms", asyncio.run(_all(service, alarms))),
        ),
    )


def knock() -> Audio:
    """Three knocks on a table."""
    dice = np.random.default_rng(8)
    one = dice.normal(0, 9_000, RATE // 4) * np.exp(-np.arange(RATE // 4) / 200)
    return Audio(np.tile(one, 3).clip(-32_768, 32_767).astype(np.int16))


def _after_silence(sound: Audio) -> Audio:
    quiet = room(16.0).samples
    return Audio(np.concatenate([quiet[: int(BEFORE_S * RATE)], sound.samples, quiet[: int(AFTER_S * RATE)]]))


async def _all(service: Running, sounds: Sequence[tuple[Audio, float]]) -> list[Barge]:
    barges = []
    for sound, start_s in sounds:
        async with listening(service, RATE) as listener:
            barges.append(await _one(listener, sound, start_s))
    return barges


async def _one(listener: Listener, sound: Audio, start_s: float) -> Barge:
    await listener.send("text", text=QUESTION)
    await listener.until("audio_begin")
    await listener.send("listen", trigger="barge_in")
    began = time.perf_counter()
    sending = asyncio.create_task(_send(listener, sound, began))
    arrived: dict[str, float] = {}
    with suppress(TimeoutError):
        async with asyncio.timeout(sound.seconds + WAIT_S):
            while "interrupt" not in arrived:
                message = await listener.next()
                arrived.setdefault(message["type"], (time.perf_counter() - began - start_s) * 1000)
    sending.cancel()
    with suppress(asyncio.CancelledError):
        await sending
    return Barge(*(arrived.get(kind) for kind in ("duck", "interrupt", "restore")))


async def _send(listener: Listener, sound: Audio, began: float) -> None:
    for count, frame in enumerate(frames(sound.samples), start=1):
        await asyncio.sleep(max(0.0, began + count * FRAME_MS / 1000 - time.perf_counter()))
        await listener.socket.send(frame)


def _row(name: str, barges: Sequence[Barge]) -> tuple[Cell, ...]:
    ducked = [one.duck_ms for one in barges if one.duck_ms is not None]
    stopped = [one.interrupt_ms for one in barges if one.interrupt_ms is not None]
    return (name, len(barges), *spread(ducked)[1:], *spread(stopped)[1:], rate(len(stopped), len(barges)))

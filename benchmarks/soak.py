"""A long conversation with many interruptions: whether memory and file descriptors stay where they were."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

import numpy as np
import psutil
from numpy.typing import NDArray
from wyoming.asr import Transcript

from benchmarks.benchmark import Benchmark, Workplace
from benchmarks.report import Cell, Findings, Table, aim
from benchmarks.utterances import ALL
from tests.service.listener import listening, nobody_listens
from tests.service.running import Running, running_service
from tests.service.satellite import no_satellites, satellite
from tests.service.speech import QUESTION, in_a_room, say

TURNS = 1_000
SPOKEN_EVERY = 10
TURNS_A_LISTENER = 20
LOOKS = 10
SETTLED = 3
"""Looks before which caches may still fill."""
GROWTH_AIM_MB, DESCRIPTORS_AIM = 30.0, 10.0

ABOUT = f"""
{TURNS:,} turns at the voice sockets of a running service, one listener after the other with {TURNS_A_LISTENER} turns
each; every {SPOKEN_EVERY}th is spoken (faster than real time), every {SPOKEN_EVERY}th other is given up while it is
answered, and every listener's connection is cut rather than closed. Then {TURNS:,} turns of satellites at the Wyoming
port of the same service, as Home Assistant takes them, with a connection each: every {SPOKEN_EVERY}th is heard first,
all are handled, and every {SPOKEN_EVERY}th other answer is spoken. {LOOKS} times on the way through each the service's
processes are looked at: resident memory and open file descriptors, all of them together. Growth counts from the
{SETTLED}rd look, since caches fill at first.
"""


@dataclass(frozen=True)
class Look:
    """The service's processes after so many turns."""

    turns: int
    megabytes: float
    descriptors: int
    p50_ms: float


def run(place: Workplace) -> Findings:
    with running_service(place.paths.root, environment={"SORI_WYOMING_PORT": "0"}) as service:
        at_the_socket = soak(service, TURNS, LOOKS, place.say)
        of_satellites = soak(service, TURNS, LOOKS, place.say, satellites)
    socket, port = _findings("voice socket", at_the_socket), _findings("Wyoming port", of_satellites)
    return Findings((socket[0], port[0]), (*socket[1], *port[1]))


def _findings(where: str, looks: list[Look]) -> tuple[Table, tuple[str, ...]]:
    settled, last = looks[SETTLED - 1], looks[-1]
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (look.turns, look.megabytes, look.descriptors, look.p50_ms) for look in looks
    )
    growth = last.megabytes - settled.megabytes, last.descriptors - settled.descriptors
    return Table((f"turns at the {where}", "memory, MB", "file descriptors", "p50 of a written turn, ms"), rows), (
        aim(f"growth of memory, {where}", growth[0], GROWTH_AIM_MB, "MB"),
        aim(f"growth of open files, {where}", growth[1], DESCRIPTORS_AIM, "descriptors"),
    )


async def listeners(service: Running, turns: int, spoken: NDArray[np.int16]) -> list[float]:
    """Turns at the voice socket; the times of those that were written and not given up, in ms."""
    times = []
    for start in range(0, turns, TURNS_A_LISTENER):
        async with listening(service) as listener:
            for turn in range(start, min(turns, start + TURNS_A_LISTENER)):
                if turn % SPOKEN_EVERY == 0:
                    await listener.send("listen")
                    await listener.speak(spoken)
                    _check((await listener.until("final"))["text"])
                    await listener.until("state", state="idle")
                elif turn % SPOKEN_EVERY == 1:
                    await listener.send("text", text=QUESTION)
                    await listener.until("state", state="thinking")
                    await listener.send("cancel")
                    await listener.until("state", state="idle")
                else:
                    began = time.perf_counter()
                    await listener.ask(ALL[turn % len(ALL)])
                    times.append((time.perf_counter() - began) * 1000)
            listener.socket.transport.abort()
    await asyncio.to_thread(nobody_listens, service)
    return times


async def satellites(service: Running, turns: int, spoken: NDArray[np.int16]) -> list[float]:
    """Turns at the Wyoming port; the times from a sentence to its answer, in ms."""
    times = []
    for turn in range(turns):
        text = ALL[turn % len(ALL)]
        if turn % SPOKEN_EVERY == 0:
            async with satellite(service) as one:
                text = await one.hear(spoken)
                _check(text)
        async with satellite(service) as one:
            began = time.perf_counter()
            await one.send(Transcript(text, context={"conversation_id": f"soak-{turn // TURNS_A_LISTENER}"}))
            answer = (await one.until("handled", "not-handled")).data["text"]
            times.append((time.perf_counter() - began) * 1000)
        if turn % SPOKEN_EVERY == 1:
            async with satellite(service) as one:
                await one.say(answer)
    await asyncio.to_thread(no_satellites, service)
    return times


def _check(heard: str) -> None:
    if heard != QUESTION:
        raise RuntimeError(f"{QUESTION!r} was heard as {heard!r}")


def soak(
    service: Running,
    turns: int,
    looks: int,
    say_progress: Callable[[str], None],
    part_of: Callable[[Running, int, NDArray[np.int16]], Coroutine[Any, Any, list[float]]] = listeners,
) -> list[Look]:
    """Take so many turns, and look at the processes after each part of them."""
    spoken = in_a_room(say(), before=0.3, after=1.2)
    seen = []
    for part in range(1, looks + 1):
        times = asyncio.run(part_of(service, turns // looks, spoken))
        seen.append(_look(service, part * (turns // looks), times))
        say_progress(f"{seen[-1].turns} turns: {seen[-1].megabytes:.0f} MB, {seen[-1].descriptors} descriptors")
    return seen


def _look(service: Running, turns: int, times: list[float]) -> Look:
    processes = [psutil.Process(service.process.pid), *service.children()]
    megabytes = sum(process.memory_info().rss for process in processes) / 2**20
    descriptors = sum(process.num_fds() for process in processes)
    return Look(turns, megabytes, descriptors, float(np.median(times)))


BENCHMARK = Benchmark("soak", "A thousand turns, and a thousand of satellites", ABOUT, run)

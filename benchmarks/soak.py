"""A long conversation with many interruptions: whether memory and file descriptors stay where they were."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import psutil
from numpy.typing import NDArray

from benchmarks.benchmark import Benchmark, Workplace
from benchmarks.report import Cell, Findings, Table, aim
from benchmarks.utterances import ALL
from tests.service.listener import listening, nobody_listens
from tests.service.running import Running, running_service
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
answered, and every listener's connection is cut rather than closed. {LOOKS} times on the way the service's processes
are looked at: resident memory and open file descriptors, all of them together. Growth counts from the {SETTLED}rd look,
since caches fill at first.
"""


@dataclass(frozen=True)
class Look:
    """The service's processes after so many turns."""

    turns: int
    megabytes: float
    descriptors: int
    p50_ms: float


def run(place: Workplace) -> Findings:
    with running_service(place.paths.root) as service:
        looks = soak(service, TURNS, LOOKS, place.say)
    settled, last = looks[SETTLED - 1], looks[-1]
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (look.turns, look.megabytes, look.descriptors, look.p50_ms) for look in looks
    )
    return Findings(
        (Table(("turns", "memory, MB", "file descriptors", "p50 of a written turn, ms"), rows),),
        (
            aim("growth of memory", last.megabytes - settled.megabytes, GROWTH_AIM_MB, "MB"),
            aim("growth of open files", last.descriptors - settled.descriptors, DESCRIPTORS_AIM, "descriptors"),
        ),
    )


def soak(service: Running, turns: int, looks: int, say_progress: Callable[[str], None]) -> list[Look]:
    """Take so many turns, and look at the processes after each part of them."""
    spoken = in_a_room(say(), before=0.3, after=1.2)
    seen = []
    for part in range(1, looks + 1):
        times = asyncio.run(_part(service, turns // looks, spoken))
        nobody_listens(service)
        seen.append(_look(service, part * (turns // looks), times))
        say_progress(f"{seen[-1].turns} turns: {seen[-1].megabytes:.0f} MB, {seen[-1].descriptors} descriptors")
    return seen


async def _part(service: Running, turns: int, spoken: NDArray[np.int16]) -> list[float]:
    times = []
    for start in range(0, turns, TURNS_A_LISTENER):
        async with listening(service) as listener:
            for turn in range(start, min(turns, start + TURNS_A_LISTENER)):
                if turn % SPOKEN_EVERY == 0:
                    await listener.send("listen")
                    await listener.speak(spoken)
                    heard = (await listener.until("final"))["text"]
                    if heard != QUESTION:
                        raise RuntimeError(f"{QUESTION!r} was heard as {heard!r}")
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
    return times


def _look(service: Running, turns: int, times: list[float]) -> Look:
    processes = [psutil.Process(service.process.pid), *service.children()]
    megabytes = sum(process.memory_info().rss for process in processes) / 2**20
    descriptors = sum(process.num_fds() for process in processes)
    return Look(turns, megabytes, descriptors, float(np.median(times)))


BENCHMARK = Benchmark("soak", "A thousand turns", ABOUT, run)

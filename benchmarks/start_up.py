"""How long a start takes on data that is ready, and how much memory each process then holds."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence

import psutil

from benchmarks.benchmark import Benchmark, Workplace
from benchmarks.report import Cell, Findings, Table, aim
from benchmarks.utterances import ALL
from tests.service.running import Running, running_service

RUNS = 3
TURNS = 50
AIM_S = 30.0

PROCESSES = {"assistant.rasa_worker": "Rasa's worker", "voice.synthesis_worker": "speech worker", "demo": "service"}
"""What a process is called, by an argument that it alone was started with."""

ABOUT = f"""
`./sori demo` on a data directory that is ready, {RUNS} times one after the other with nothing changed between: from
starting the command to its printing the address, which it does when service and Rasa both answer; `/health` is then
asked and has to say "ok". The steps are as the command reports them; what is left is the command itself and its
imports. Files may be in the page cache. Memory is then taken of each process after {TURNS} turns with spoken answers:
the proportional set size, in which a page that two processes share counts half for each.
"""


def run(place: Workplace) -> Findings:
    seconds, steps, memory = [], [], {}
    for number in range(1, RUNS + 1):
        place.say(f"start {number} of {RUNS}")
        started = time.perf_counter()
        with running_service(place.paths.root) as service:
            seconds.append(time.perf_counter() - started)
            steps.append(_steps(service.said))
            if (status := service.health()["status"]) != "ok":
                raise RuntimeError(f"after its start the service is {status}")
            if number == RUNS:
                memory = _memory_after_turns(service)
    kind = "PSS" if hasattr(psutil.Process().memory_full_info(), "pss") else "RSS"
    return Findings(
        (
            Table(("", *(f"start {number}, s" for number in range(1, RUNS + 1))), _rows(seconds, steps)),
            Table((f"process after {TURNS} turns", f"{kind}, MB"), tuple(memory.items())),
        ),
        (aim("the slowest start", max(seconds), AIM_S, "s"),),
    )


def _rows(seconds: Sequence[float], steps: Sequence[dict[str, float]]) -> tuple[tuple[Cell, ...], ...]:
    parts = [(step, *(one.get(step) for one in steps)) for step in steps[0]]
    rest = [whole - sum(one.values()) for whole, one in zip(seconds, steps, strict=True)]
    return (("until the address", *seconds), *parts, ("the command itself", *rest))


def _steps(said: Sequence[str]) -> dict[str, float]:
    """Seconds of each step of the set-up, from the lines that report its end."""
    found = (re.match(r"^\s+([^:]+): .*\((\d+\.\d) s\)$", line.rstrip()) for line in said)
    return {one[1]: float(one[2]) for one in found if one}


def _memory_after_turns(service: Running) -> dict[str, float]:
    with service.http as http:
        for number in range(TURNS):
            http.post("/api/v1/turns", json={"text": ALL[number], "speech": True}).raise_for_status()
    processes = [psutil.Process(service.process.pid), *service.children()]
    memory = {_name(process): _megabytes(process) for process in processes}
    return {**memory, "all": sum(memory.values())}


def _name(process: psutil.Process) -> str:
    arguments = process.cmdline()
    known = (name for argument, name in PROCESSES.items() if argument in arguments)
    return next(known, " ".join(arguments[:4]))


def _megabytes(process: psutil.Process) -> float:
    memory = process.memory_full_info()
    return float(getattr(memory, "pss", memory.rss)) / 2**20


BENCHMARK = Benchmark("start_up", "Start and memory", ABOUT, run)

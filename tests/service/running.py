"""A real service, as `./sori demo` starts it, for tests that talk to it from outside."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil
from prometheus_client.parser import text_string_to_metric_families

ROOT = Path(__file__).parents[2]
SORI = ROOT / "sori"
DATA = ROOT / "data" / "test"
"""Kept between runs, so that only the first one trains and records."""

START_WITHIN_S = 900
"""The first start trains the dialogue model and makes the recordings."""
STOP_WITHIN_S = 20
PAUSE_S = 0.05
"""Between two looks at something that has to come about."""


@dataclass
class Running:
    """A service that has said where it listens."""

    url: str
    process: subprocess.Popen[str]
    data_dir: Path
    said: list[str] = field(default_factory=list)
    """Every line that it has printed, its log included."""

    @property
    def http(self) -> httpx.Client:
        return httpx.Client(base_url=self.url, timeout=30, trust_env=False)

    def children(self) -> list[psutil.Process]:
        """Every process that the service started, and those started by them."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def child(self, module: str) -> psutil.Process:
        """The process that runs this module of ours."""
        return next(child for child in self.children() if module in child.cmdline())

    def health(self) -> dict[str, Any]:
        with self.http as http:
            health: dict[str, Any] = http.get("/health").json()
        return health

    def metric(self, name: str, **labels: str) -> float:
        """The sum of the samples that carry these labels."""
        with self.http as http:
            families = text_string_to_metric_families(http.get("/metrics").text)
        samples = [sample for family in families for sample in family.samples if sample.name == name]
        return sum(sample.value for sample in samples if labels.items() <= sample.labels.items())


@contextmanager
def running_service(
    data_dir: Path = DATA, *arguments: str, environment: Mapping[str, str] | None = None
) -> Iterator[Running]:
    """Start a service on a free port, and stop it as Ctrl-C does."""
    command = [str(SORI), "demo", "--port", "0", "--data-dir", str(data_dir), *arguments]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, **(environment or {})},
        start_new_session=True,
    ) as process:
        said: list[str] = []
        try:
            url = _await_address(process, said)
            # A pipe that nobody reads fills up, and then the service waits for its own log.
            threading.Thread(target=_drain, args=(process, said), daemon=True).start()
            yield Running(url, process, data_dir, said)
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(timeout=STOP_WITHIN_S)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                raise


def _drain(process: subprocess.Popen[str], said: list[str]) -> None:
    assert process.stdout
    while line := process.stdout.readline():
        said.append(line)


def eventually(true: Callable[[], object], within_s: float, what: str) -> None:
    """Wait for something outside this process; fails once the time is over."""
    deadline = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < deadline, f"not within {within_s:g} s: {what}"
        time.sleep(PAUSE_S)


def _await_address(process: subprocess.Popen[str], said: list[str]) -> str:
    """Read until the address is printed."""
    assert process.stdout
    alarm = threading.Timer(START_WITHIN_S, process.kill)
    alarm.start()
    try:
        while line := process.stdout.readline():
            said.append(line)
            if found := re.search(r"listening: (\S+)", line):
                return found[1]
    finally:
        alarm.cancel()
    raise AssertionError("the service did not start:\n" + "".join(said))

"""A real service, as `./sori demo` starts it, for tests that talk to it from outside."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

ROOT = Path(__file__).parents[2]
SORI = ROOT / "sori"
DATA = ROOT / "data" / "test"
"""Kept between runs, so that only the first one trains and records."""

START_WITHIN_S = 600
STOP_WITHIN_S = 20


@dataclass
class Running:
    """A service that has said where it listens."""

    url: str
    process: subprocess.Popen[str]
    data_dir: Path

    @property
    def http(self) -> httpx.Client:
        return httpx.Client(base_url=self.url, timeout=30, trust_env=False)

    def children(self) -> list[psutil.Process]:
        """Every process that the service started, and those started by them."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def rasa_worker(self) -> psutil.Process:
        """The process that holds Rasa."""
        return next(child for child in self.children() if "assistant.rasa_worker" in child.cmdline())


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
        try:
            yield Running(_await_address(process), process, data_dir)
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.communicate(timeout=STOP_WITHIN_S)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                raise


def _await_address(process: subprocess.Popen[str]) -> str:
    """Read until the address is printed; pytest's own timeout ends a wait for a service that hangs."""
    assert process.stdout
    said = []
    for line in process.stdout:
        said.append(line)
        if found := re.search(r"listening: (\S+)", line):
            return found[1]
    raise AssertionError("the service did not start:\n" + "".join(said))

"""The peer of a text turn: Rasa's own HTTP server on our model, with our service behind its actions."""

from __future__ import annotations

import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from assistant.setup.environments import RASA, ROOT

START_WITHIN_S = 120.0
PAUSE_S = 0.2


@contextmanager
def rasa_server(service_url: str, token: str, model: Path) -> Iterator[str]:
    """Run `rasa run` on a free port of this machine; gives its address. RuntimeError where it does not start."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    command: list[str | Path] = [RASA.python, "-m", "rasa", "run", "--model", model]
    command += ["--interface", "127.0.0.1", "--port", str(port)]
    command += ["--endpoints", ROOT / "endpoints.yml", "--credentials", ROOT / "credentials.yml"]
    environment = {
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONPATH": str(ROOT),
        "SORI_INTERNAL_URL": service_url.rstrip("/"),
        "SORI_INTERNAL_TOKEN": token,
    }
    with (
        tempfile.TemporaryFile("w+") as log,
        subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment}, stdout=log, stderr=log) as process,
    ):
        try:
            if not _answers(url, process):
                log.seek(0)
                raise RuntimeError(f"Rasa's server did not start:\n{log.read()[-2000:]}")
            yield url
        finally:
            process.kill()


def _answers(url: str, process: subprocess.Popen[bytes]) -> bool:
    deadline = time.monotonic() + START_WITHIN_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            return httpx.get(url, timeout=5, trust_env=False).is_success
        except httpx.TransportError:
            time.sleep(PAUSE_S)
    return False

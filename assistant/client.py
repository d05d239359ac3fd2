"""Reaches the service of a data directory from the command line, starting one for the duration where none runs."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import httpx

from assistant.errors import StartError
from assistant.running import OWNER, RunningService, find_running
from assistant.settings import Settings

START_WITHIN_S = 900.0
"""A first start trains and records; later ones take seconds."""

ANSWER_WITHIN_S = 90.0


class ServiceClient:
    """Takes turns with a service."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._http = httpx.Client(base_url=url, timeout=ANSWER_WITHIN_S, trust_env=False)

    @property
    def url(self) -> str:
        """Where the service answers."""
        return self._url

    def ask(self, text: str, conversation: str | None = None) -> dict[str, Any]:
        """Take a written turn.

        Raises:
            StartError: the service refused it or cannot be reached.
        """
        body = {"text": text, "channel": "command_line", "conversation": conversation}
        return self._answer(self._post("/api/v1/turns", json=body))

    def hear(self, recording: bytes, *, speech: bool) -> dict[str, Any]:
        """Take a spoken turn; with `speech`, the answer's `audio` is a WAV in base64. Raises like `ask`."""
        return self._answer(
            self._post(
                "/api/v1/turns",
                content=recording,
                params={"channel": "command_line", "speech": str(speech).lower()},
                headers={"content-type": "application/octet-stream"},
            )
        )

    def _post(self, path: str, **parts: Any) -> httpx.Response:
        try:
            return self._http.post(path, **parts)
        except httpx.HTTPError as error:
            raise StartError(f"the service did not answer: {error}") from error

    @staticmethod
    def _answer(response: httpx.Response) -> dict[str, Any]:
        try:
            body: dict[str, Any] = response.json()
        except ValueError as error:
            raise StartError(f"the service answered with status {response.status_code} and no JSON") from error
        if "error" in body:
            raise StartError(body["error"]["message"])
        return body


@contextmanager
def service(settings: Settings) -> Iterator[ServiceClient]:
    """A client of the service on this data directory.

    Raises:
        StartError: none runs, and none could be started.
    """
    run = settings.data_dir / "run"
    if running := find_running(run):
        yield ServiceClient(running.url)
        return
    print("No service is running on this data directory; starting one ...", file=sys.stderr, flush=True)
    with tempfile.TemporaryFile() as log:
        process = _start(settings, log)
        try:
            yield ServiceClient(_await_start(process, run, log).url)
        finally:
            assert process.stdin
            process.stdin.close()
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()


def _start(settings: Settings, log: IO[bytes]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-P", "-m", "assistant", "demo", "--port", "0", "--data-dir", str(settings.data_dir)]
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=log, stderr=log, env={**os.environ, OWNER: "1"}, start_new_session=True
    )


def _await_start(process: subprocess.Popen[bytes], run: Path, log: IO[bytes]) -> RunningService:
    deadline = time.monotonic() + START_WITHIN_S
    while time.monotonic() < deadline:
        if running := find_running(run):
            return running
        try:
            process.wait(timeout=0.1)
        except subprocess.TimeoutExpired:
            continue
        log.seek(0)
        said = log.read().decode(errors="replace").strip().splitlines()
        raise StartError("the service could not start:\n  " + "\n  ".join(said[-15:]))
    raise StartError(f"the service did not start within {START_WITHIN_S:.0f} seconds")

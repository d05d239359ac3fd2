"""Keeps the worker process running: starts it, waits until it serves, starts it again when it ends."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import time
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from assistant.dialogue.errors import DialogueError

READY_TIMEOUT = 60.0
"""Seconds a started worker has until it must serve: it imports TensorFlow, which takes long from a cold disk."""
STOP_TIMEOUT = 3.0
"""Seconds an ending worker has before it is killed."""
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 30.0
"""Seconds before a restart; doubled after each failure in a row."""
STEADY_SECONDS = 60.0
"""Seconds of service after which earlier failures are forgotten."""
MAX_FAILED_STARTS = 5
"""Starts in a row that never came to serve, after which no other is tried."""
_LAST_LINES = 40
_LINE_LIMIT = 256 * 1024

_log = logging.getLogger(__name__)


class WorkerState(StrEnum):
    """Where the worker stands."""

    STOPPED = "stopped"
    STARTING = "starting"
    READY = "ready"
    RESTARTING = "restarting"
    FAILED = "failed"


@dataclass(frozen=True)
class WorkerStatus:
    """What an operator sees of the worker."""

    state: WorkerState
    pid: int | None
    restarts: int
    last_lines: tuple[str, ...]
    """The last lines of its log, oldest first."""
    load_seconds: float | None
    """From the last start to the first answer."""


@dataclass(frozen=True)
class Command:
    """How to start a worker."""

    arguments: tuple[str, ...]
    environment: dict[str, str]
    folder: Path


@dataclass(frozen=True)
class Restarts:
    """When to try again, as a pure rule: `failures` in a row, and the pause before the next start."""

    failures: int = 0

    def ended(self, served_seconds: float | None) -> Restarts:
        """After a worker ended that served this long; None if it never came to serve."""
        steady = served_seconds is not None and served_seconds >= STEADY_SECONDS
        return Restarts(1 if steady else self.failures + 1)

    @property
    def pause(self) -> float:
        """Seconds to wait before the next start."""
        return min(FIRST_PAUSE * 2.0 ** (self.failures - 1), LONGEST_PAUSE) if self.failures else 0.0


@dataclass
class Supervisor:
    """Runs one worker process at a time. `connect` is awaited after each start; it returns when the worker serves, and
    raises DialogueError('dialogue_unavailable') while it does not yet.
    """

    command: Command
    connect: Callable[[], Awaitable[None]]
    _state: WorkerState = WorkerState.STOPPED
    _process: asyncio.subprocess.Process | None = None
    _restarts: int = 0
    _load_seconds: float | None = None
    _lines: deque[str] = field(default_factory=lambda: deque(maxlen=_LAST_LINES))
    _watching: asyncio.Task[None] | None = None
    _settled: asyncio.Event = field(default_factory=asyncio.Event)
    _lost: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def status(self) -> WorkerStatus:
        """The present state."""
        pid = self._process.pid if self._process is not None and self._process.returncode is None else None
        return WorkerStatus(self._state, pid, self._restarts, tuple(self._lines), self._load_seconds)

    async def start(self) -> None:
        """Start the worker and return when it serves.

        Raises DialogueError('dialogue_unavailable'), with the worker's last words, where it does not come to serve.
        """
        self._state = WorkerState.STARTING
        self._watching = asyncio.create_task(self._watch())
        await self.settled(READY_TIMEOUT * MAX_FAILED_STARTS)
        if self._state is not WorkerState.READY:
            words = " | ".join(list(self._lines)[-3:])
            await self.stop()
            raise DialogueError("dialogue_unavailable", f"Rasa's worker does not start: {words}")

    async def settled(self, timeout_s: float) -> None:
        """Wait until the worker serves or is given up; raises DialogueError('dialogue_unavailable') after the time."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._settled.wait()
        except TimeoutError as error:
            raise DialogueError("dialogue_unavailable", f"Rasa's worker is {self._state.value}") from error

    def lost(self) -> None:
        """Say that the connection to the worker has ended: whatever the process is doing, it is of no more use."""
        if self._state is WorkerState.READY:
            self._enter(WorkerState.RESTARTING)
        self._lost.set()

    async def stop(self) -> None:
        """End the worker within a few seconds, whatever it is doing."""
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)
            self._watching = None
        self._enter(WorkerState.STOPPED)

    async def _watch(self) -> None:
        """One worker after another, until none is worth starting."""
        restarts, failed_starts = Restarts(), 0
        while True:
            served = await self._run_once()
            restarts = restarts.ended(served)
            failed_starts = 0 if served is not None else failed_starts + 1
            if failed_starts >= MAX_FAILED_STARTS:
                _log.error("Rasa's worker did not start %d times in a row; it is given up", failed_starts)
                self._enter(WorkerState.FAILED)
                return
            self._restarts += 1
            self._enter(WorkerState.RESTARTING)
            _log.warning("Rasa's worker ended; starting it again in %.1f s", restarts.pause)
            await asyncio.sleep(restarts.pause)

    async def _run_once(self) -> float | None:
        """Run one worker to its end; returns the seconds it served, or None if it never did."""
        started = time.monotonic()
        try:
            process = await self._spawn()
        except OSError as error:
            self._lines.append(f"{self.command.arguments[0]}: {error}")
            return None
        self._lost.clear()
        draining = asyncio.create_task(self._drain(process))
        try:
            if not await self._until_served(process):
                return None
            ready = time.monotonic()
            self._load_seconds = ready - started
            self._enter(WorkerState.READY)
            await self._lost.wait()
            return time.monotonic() - ready
        finally:
            await _end(process)
            await asyncio.gather(draining, return_exceptions=True)

    async def _spawn(self) -> asyncio.subprocess.Process:
        self._process = await asyncio.create_subprocess_exec(
            *self.command.arguments,
            cwd=self.command.folder,
            env={**os.environ, **self.command.environment},
            stdin=asyncio.subprocess.PIPE,  # held open: its end tells the worker that the service is gone
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            limit=_LINE_LIMIT,
        )
        return self._process

    async def _until_served(self, process: asyncio.subprocess.Process) -> bool:
        """Try to connect until the worker lets us in; False where it ends or takes too long."""
        deadline = time.monotonic() + READY_TIMEOUT
        while process.returncode is None and time.monotonic() < deadline:
            try:
                await self.connect()
            except DialogueError as error:
                if not error.retryable:
                    self._lines.append(str(error))
                    return False
            else:
                return True
            with suppress(TimeoutError):
                # Either the worker ends, and we know at once, or it is time for another try.
                await asyncio.wait_for(process.wait(), 0.1)
        return False

    async def _drain(self, process: asyncio.subprocess.Process) -> None:
        assert process.stderr is not None
        while True:
            try:
                line = await process.stderr.readline()
            except ValueError:  # a line over the limit: the stream has dropped it
                continue
            if not line:
                return
            self._lines.append(line.decode(errors="replace").rstrip())

    def _enter(self, state: WorkerState) -> None:
        self._state = state
        if state in (WorkerState.READY, WorkerState.FAILED):
            self._settled.set()
        else:
            self._settled.clear()


async def _end(process: asyncio.subprocess.Process) -> None:
    """Terminate, wait, kill; cancelling it only makes it quicker."""
    if process.returncode is not None:
        return
    with suppress(ProcessLookupError):
        process.send_signal(signal.SIGTERM)
    try:
        async with asyncio.timeout(STOP_TIMEOUT):
            await process.wait()
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()

"""Worker processes that take steps: at low priority, each with one job at a time, gone when whoever started them is."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path
from types import TracebackType
from typing import Self

from skills.media.errors import MediaError
from skills.media.importing.options import Options
from skills.media.importing.plan import StepName
from skills.media.importing.work import Done, Workshop
from skills.media.shelf import Held
from voice.errors import VoiceError

NICENESS = 19
"""Turns of a running service go first."""
STALLED_S = 600.0
"""A worker that has had no progress to tell for so long hangs in a stranger's file. Waiting for a slow server, which
has a deadline of its own, is told as progress, too."""
TELL_S = 0.5
"""Between two tellings of progress."""


@dataclass(frozen=True)
class Job:
    """A step to take; `fingerprint` is that of its inputs."""

    held: Held
    step: StepName
    fingerprint: str


@dataclass(frozen=True)
class Failed:
    """A step that did not succeed."""

    code: str
    message: str
    retryable: bool


class Crew:
    """A bounded number of worker processes. Use as a context manager: leaving it ends them, whatever they are at."""

    def __init__(self, options: Options, stalled_s: float = STALLED_S) -> None:
        self._options = options
        self._stalled_s = stalled_s
        self._idle: list[_Worker] = []
        self._busy: dict[Connection, tuple[_Worker, Job]] = {}
        self.at: dict[str, tuple[Job, float]] = {}
        """What is being done, by item, and the seconds of the recording that have been."""

    @property
    def has_room(self) -> bool:
        """Whether another job can be given."""
        return len(self._busy) < self._options.workers

    def give(self, job: Job) -> None:
        """Have a job done; there must be room."""
        worker = self._idle.pop() if self._idle else _Worker(self._options)
        worker.heard_at = time.monotonic()
        worker.connection.send((job.step, job.held))
        self._busy[worker.connection] = worker, job
        self.at[job.held.found.id] = job, 0.0

    def finished(self, timeout_s: float) -> Iterator[tuple[Job, Done | Failed]]:
        """The jobs that have ended, waiting for one for so long at most; a worker that died or hangs has failed."""
        for connection in wait(list(self._busy), timeout_s):
            assert isinstance(connection, Connection)
            worker, job = self._busy[connection]
            try:
                said = connection.recv()
            except (EOFError, ConnectionError):
                yield self._lost(worker, "step_crashed", "The worker died of it, perhaps for lack of memory")
                continue
            worker.heard_at = time.monotonic()
            if isinstance(said, float):
                self.at[job.held.found.id] = job, said
                continue
            self._idle.append(worker)
            del self._busy[connection], self.at[job.held.found.id]
            yield job, said
        silent_since = time.monotonic() - self._stalled_s
        for worker in [worker for worker, _ in self._busy.values() if worker.heard_at < silent_since]:
            yield self._lost(worker, "step_stalled", f"It did not get on for {self._stalled_s:.0f} seconds")

    def _lost(self, worker: _Worker, code: str, message: str) -> tuple[Job, Failed]:
        """Give a worker up, and with it the job that it was at."""
        _, job = self._busy.pop(worker.connection)
        del self.at[job.held.found.id]
        worker.end()
        return job, Failed(code, message, retryable=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        for worker in [*self._idle, *(worker for worker, _ in self._busy.values())]:
            worker.end()


class _Worker:
    """A process, and what one says to it through."""

    def __init__(self, options: Options) -> None:
        context = multiprocessing.get_context("spawn")
        self.heard_at = 0.0
        self.connection, theirs = context.Pipe()
        self._process: SpawnProcess = context.Process(target=_serve, args=(theirs, options), daemon=True)
        self._process.start()
        theirs.close()  # so that its death is the end of the connection

    def end(self) -> None:
        self._process.kill()
        self._process.join()
        self.connection.close()


def _serve(connection: Connection, options: Options) -> None:
    """What a worker does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches everybody; who started it decides
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _give_way()
    shop = Workshop(options)
    while True:
        step, held = connection.recv()
        connection.send(_result(shop, step, held, connection))


def _result(shop: Workshop, step: StepName, held: Held, connection: Connection) -> Done | Failed:
    told_at = time.monotonic()

    def tell(seconds: float) -> None:
        nonlocal told_at
        if (now := time.monotonic()) >= told_at + TELL_S:
            told_at = now
            connection.send(float(seconds))

    try:
        return shop.do(step, held, tell)
    except MediaError as error:
        # A full disk is no fault of the file: the next import may have room.
        return Failed(error.code, str(error), error.retryable or error.code == "content_not_written")
    except VoiceError as error:
        return Failed(error.code, error.message, error.retryable)
    except Exception as error:  # whatever a stranger's file makes a library do, the other items go on
        return Failed("step_failed", f"{type(error).__name__}: {error}"[:500], retryable=False)


def _give_way() -> None:
    """Run when nobody else has to. Linux shares out time among sessions first (sched(7), autogroup), and niceness only
    counts within one: so the worker has a session of its own, which is nice as a whole.
    """
    os.setsid()
    os.nice(NICENESS)
    with contextlib.suppress(OSError):  # a kernel without it
        Path("/proc/self/autogroup").write_text(str(NICENESS))


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent
    parent.join()
    os._exit(1)

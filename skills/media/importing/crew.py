"""Worker processes that take steps: at low priority, each with one job at a time, gone when whoever started them is."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from types import TracebackType
from typing import Self

from skills.media.errors import MediaError
from skills.media.importing.options import Options
from skills.media.importing.plan import StepName
from skills.media.importing.work import Done, Workshop
from skills.media.shelf import Held
from voice.errors import VoiceError

NICENESS = 10
"""Turns of a running service go first."""


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

    def __init__(self, options: Options) -> None:
        self._options = options
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
        worker.connection.send((job.step, job.held))
        self._busy[worker.connection] = worker, job
        self.at[job.held.found.id] = job, 0.0

    def finished(self, timeout_s: float) -> Iterator[tuple[Job, Done | Failed]]:
        """The jobs that have ended, waiting for one for so long at most; a worker that died has failed at its job."""
        for connection in wait(list(self._busy), timeout_s):
            assert isinstance(connection, Connection)
            worker, job = self._busy[connection]
            try:
                said = connection.recv()
            except (EOFError, ConnectionError):
                worker.end()
                said = Failed("step_crashed", "The worker died of it, perhaps for lack of memory", retryable=True)
            else:
                if isinstance(said, float):
                    self.at[job.held.found.id] = job, said
                    continue
                self._idle.append(worker)
            del self._busy[connection], self.at[job.held.found.id]
            yield job, said

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
    os.nice(NICENESS)
    shop = Workshop(options)
    while True:
        step, held = connection.recv()
        connection.send(_result(shop, step, held, connection))


def _result(shop: Workshop, step: StepName, held: Held, connection: Connection) -> Done | Failed:
    shown = 0.0

    def tell(seconds: float) -> None:
        nonlocal shown
        if seconds >= shown + 10:
            shown = seconds
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


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent
    parent.join()
    os._exit(1)

"""Which service runs on a data directory: there is at most one, and the command line finds it here."""

from __future__ import annotations

import fcntl
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self, TextIO

from assistant.errors import StartError

OWNER = "SORI_OWNER_PIPE"
"""Environment variable of a service that the command line started for itself: it ends when its standard input does."""


@dataclass(frozen=True)
class RunningService:
    """A service that has started: where it answers, and its process."""

    url: str
    pid: int


class ServiceLock:
    """Held for as long as a service runs; the kernel lets go of it however the process ends."""

    def __init__(self, folder: Path) -> None:
        self._note = folder / "service.json"
        self._file: TextIO = (folder / "service.lock").open("a")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            running = find_running(folder)
            where = f" at {running.url} (process {running.pid})" if running else ", and is still starting"
            raise StartError(
                f"a service already runs on this data directory{where}; --data-dir takes another"
            ) from None
        self._note.unlink(missing_ok=True)

    def announce(self, url: str) -> None:
        """Say where the service answers, once it does."""
        temporary = self._note.with_suffix(".new")
        temporary.write_text(json.dumps(asdict(RunningService(url, os.getpid()))))
        temporary.replace(self._note)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._note.unlink(missing_ok=True)
        self._file.close()


def find_running(folder: Path) -> RunningService | None:
    """The service that holds the lock of this data directory and has announced itself."""
    lock, note = folder / "service.lock", folder / "service.json"
    if not (lock.exists() and note.exists()):
        # Without a note nobody is asked for the lock, which a service that is just starting may be about to take.
        return None
    with lock.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return _read(note)
    return None


def _read(note: Path) -> RunningService | None:
    try:
        return RunningService(**json.loads(note.read_text()))
    except (OSError, ValueError, TypeError):
        return None

"""Takes what creators upload through its steps, beside the service: one item at a time, in a worker of low priority.

The command line may import on the same data directory; whoever comes second waits.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Iterable
from contextlib import suppress

import structlog

from assistant.importing import ImportingElsewhereError, import_options, importing_alone
from assistant.paths import DataPaths
from assistant.settings import Settings
from skills.media.content import ContentStore
from skills.media.errors import MediaError
from skills.media.garbage import tidy
from skills.media.importing import Options, import_item
from skills.media.importing.crew import Job
from skills.media.importing.engine import Watcher
from skills.media.importing.plan import StepName, next_step
from skills.media.shelf import Shelf
from skills.media.uploads.noting import KIND

log = structlog.get_logger(__name__)

LOOK_S = 1.0
"""Between two looks whether the command line still imports."""
AGAIN_S = 30.0
"""After the database was away."""
UNWANTED_S = 3_600
"""What nothing has referred to for so long goes away when the service starts."""


class Importer:
    """A thread that works off a queue of items. Thread-safe; `start` and `stop` once."""

    options: Options

    def __init__(self, shelf: Shelf, settings: Settings, paths: DataPaths) -> None:
        self._shelf, self._settings, self._paths = shelf, settings, paths
        self._queue: dict[str, None] = {}
        self._unwanted: set[str] = set()
        self._dropped = ""
        self._changed = threading.Condition()
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="importer")
        self.settling = threading.Lock()
        """Held while something is put in the store and then on the shelf, so that it is not taken for garbage."""
        self.at: tuple[str, StepName, float] | None = None
        """The item that is being worked at, the step, and the seconds of the recording that have been."""
        self.is_kept_waiting = False
        """Whether somebody else imports, and this waits for that."""

    def start(self) -> None:
        """Begin, with what was left over when the service last stopped."""
        self.options = import_options(self._settings, self._paths, workers=1)
        left = (
            held.found.id
            for source in self._shelf.sources(KIND)
            for held in self._shelf.held(source.id)
            if next_step(held, self.options)
        )
        self.take(left)
        self._thread.start()

    def stop(self) -> None:
        """End at once; what was being done is done again after the next start."""
        self._is_over.set()
        with self._changed:
            self._changed.notify()
        if self._thread.is_alive():
            self._thread.join()

    def take(self, items: Iterable[str]) -> None:
        """These items are new, or have changed."""
        items = list(items)
        with self._changed:
            self._queue.update(dict.fromkeys(items))
            self._changed.notify()

    def has(self, item: str) -> bool:
        """Whether an item is waiting or being worked at."""
        with self._changed:
            return item in self._queue or (self.at is not None and self.at[0] == item)

    def drop(self, item: str, contents: Collection[str]) -> None:
        """An item has been removed; those of its contents that no other item has go away as soon as may be."""
        with self._changed:
            self._queue.pop(item, None)
            self._dropped = item
            self._unwanted.update(contents)
            self._changed.notify()

    def _run(self) -> None:
        self._tidy(time.time() - UNWANTED_S)
        while not self._is_over.is_set():
            with self._changed:
                self._changed.wait_for(lambda: self._queue or self._unwanted or self._is_over.is_set())
                items = list(self._queue)[:1]
                unwanted, self._unwanted = self._unwanted, set()
            try:
                self._alone(items, unwanted)
            except _Over:
                return
            except Exception as error:  # the next item, or the next start, may do better
                log.warning("an upload is not worked at", items=items, why=str(error))
                self._is_over.wait(AGAIN_S)
                self._done(items)

    def _alone(self, items: Collection[str], unwanted: Collection[str]) -> None:
        """Wait until nobody else imports, then remove what is not wanted, and take the item through its steps."""
        while not self._is_over.is_set():
            try:
                with importing_alone(self._paths):
                    self.is_kept_waiting = False
                    if unwanted:
                        with self.settling:
                            tidy(self._shelf, ContentStore(self._paths.media), time.time() + 1, unwanted)
                    for item in items:
                        self.at = item, StepName.FETCH, 0.0
                        self._done(items)
                        with suppress(_Removed):
                            import_item(item, self._shelf, self.options, _Shown(self))
                    return
            except ImportingElsewhereError:
                self.is_kept_waiting = True
                self._is_over.wait(LOOK_S)
            finally:
                self.at = None

    def _done(self, items: Collection[str]) -> None:
        """From here on these are new again if somebody says so."""
        with self._changed:
            for item in items:
                self._queue.pop(item, None)

    def _tidy(self, before: float) -> None:
        with suppress(ImportingElsewhereError):
            try:
                with importing_alone(self._paths), self.settling:
                    tidied = tidy(self._shelf, ContentStore(self._paths.media), before)
                log.info("contents that nothing refers to are gone", contents=tidied.contents, bytes=tidied.size)
            except MediaError as error:
                log.warning("the store could not be tidied", why=str(error))

    def working(self, at: dict[str, tuple[Job, float]]) -> None:
        """The engine says what is being done; ends it where the service stops or the item has been removed."""
        if self._is_over.is_set():
            raise _Over
        for item, (job, seconds) in at.items():
            if item == self._dropped:
                raise _Removed
            self.at = item, job.step, seconds


class _Over(BaseException):
    """The service stops: nobody may take this for a failure of the item."""


class _Removed(BaseException):
    """The item is not there any more."""


class _Shown(Watcher):
    def __init__(self, importer: Importer) -> None:
        self._importer = importer

    def working(self, done: int, of: int, at: dict[str, tuple[Job, float]]) -> None:  # noqa: ARG002
        self._importer.working(at)

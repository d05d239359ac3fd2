"""Work that can wait, done by a thread of its own, a step at a time."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Condition, Thread

from search_index.errors import ErrorCode, SearchError

log = logging.getLogger(__name__)


class Background:
    """Calls `step` until it says that nothing is left, and again whenever it is woken.

    The thread starts with the first `wake`. It is a daemon: what it does has to survive being cut off anyway.
    """

    def __init__(self, step: Callable[[], bool], name: str) -> None:
        self._step = step
        self._name = name
        self._thread: Thread | None = None
        self._changed = Condition()
        self._wanted = self._closing = False
        self._busy = False
        self._error: SearchError | None = None

    def wake(self) -> None:
        """There may be something to do."""
        with self._changed:
            self._wanted = True
            if self._thread is None and not self._closing:
                self._thread = Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def settle(self, timeout_s: float | None = None) -> bool:
        """Wait until nothing is left to do; False where that took longer. Raises the error that stopped it."""
        with self._changed:
            settled = self._changed.wait_for(lambda: not (self._wanted or self._busy) or self._closing, timeout_s)
            if self._error is not None:
                raise self._error
            return settled

    def close(self) -> None:
        """End after the present step."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join()

    @property
    def is_closing(self) -> bool:
        """Whether a long step had better end."""
        return self._closing

    def _run(self) -> None:
        while True:
            with self._changed:
                self._busy = False
                self._changed.notify_all()
                self._changed.wait_for(lambda: self._wanted or self._closing)
                if self._closing:
                    return
                self._wanted, self._busy, self._error = False, True, None
            try:
                while not self._closing and self._step():
                    pass
            except Exception as error:  # whatever it is, the thread has to live on and to tell
                log.exception("work in the background has stopped")
                code = error.code if isinstance(error, SearchError) else ErrorCode.STORAGE
                self._error = SearchError(code, f"work in the background has stopped: {error}")

"""Where a turn's time went: stages by name, in milliseconds."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Trace:
    """Collects the stages of one turn; a stage that is entered twice adds up."""

    def __init__(self, started: float | None = None) -> None:
        """`started` is a `time.perf_counter()` in the past; now, if left out."""
        self._started = time.perf_counter() if started is None else started
        self.stages_ms: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time what happens inside."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self.add(name, (time.perf_counter() - started) * 1000)

    def add(self, name: str, milliseconds: float) -> None:
        """Add time that was measured elsewhere."""
        self.stages_ms[name] = round(self.stages_ms.get(name, 0.0) + milliseconds, 2)

    @property
    def total_ms(self) -> float:
        """Milliseconds since the trace was started."""
        return round((time.perf_counter() - self._started) * 1000, 2)

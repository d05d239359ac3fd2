"""Milliseconds by stage."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter


class Stopwatch:
    """Started when it is made."""

    def __init__(self) -> None:
        self._start = perf_counter()
        self.stages: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Take the time of a block."""
        start = perf_counter()
        yield
        self.stages[f"{name}_ms"] = (perf_counter() - start) * 1e3

    @property
    def total_ms(self) -> float:
        return (perf_counter() - self._start) * 1e3

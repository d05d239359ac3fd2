"""Shows what set-up does and how far it is: one line per step, rewritten in place on a terminal."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Self, TextIO

LINE_EVERY_S = 5.0
"""Where lines cannot be rewritten (a log file), a new one comes this often at most."""


class Step:
    """One step of the set-up. Use as a context manager; `progress` may be called as often as one likes."""

    def __init__(self, title: str, out: TextIO | None = None) -> None:
        """`out` is standard output unless that is needed for something else."""
        self._title = title
        self._out = out or sys.stdout
        self._started = time.monotonic()
        self._shown_at = float("-inf")
        self._note = ""
        self._rewrites = self._out.isatty()

    def __enter__(self) -> Self:
        self._show("...")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        seconds = time.monotonic() - self._started
        outcome = "stopped" if kind else self._note or "done"
        self._show(f"{outcome} ({seconds:.1f} s)", last=True)

    def progress(self, done: int, of: int) -> None:
        """`done` of `of` parts are done."""
        self._note = f"{of} done" if done >= of else ""
        if time.monotonic() - self._shown_at >= (0.1 if self._rewrites else LINE_EVERY_S):
            self._show(f"{done} of {of} ({100 * done // max(of, 1)} %)")

    def note(self, text: str) -> None:
        """Say what the step is at, or how it ended."""
        self._note = text
        if self._rewrites:
            self._show(text)

    def _show(self, text: str, *, last: bool = False) -> None:
        self._shown_at = time.monotonic()
        line = f"  {self._title}: {text}"
        if self._rewrites:
            print(f"\r\x1b[2K{line}", end="\n" if last else "", file=self._out, flush=True)
        else:
            print(line, file=self._out, flush=True)

"""The sleep timer's states, pure: time, in seconds of any clock, is passed in."""

from __future__ import annotations

from skills.player import Sleep


class SleepTimer:
    """Off; due at a time; or due when the present item ends."""

    def __init__(self) -> None:
        self._due_s: float | None = None
        self.at_end = False

    def set(self, sleep: Sleep | None, now_s: float) -> None:
        """Start it, replacing what was set before, or cancel it."""
        self.at_end = sleep is not None and sleep.in_ms is None
        self._due_s = now_s + sleep.in_ms / 1000 if sleep and sleep.in_ms is not None else None

    def state(self, now_s: float) -> Sleep | None:
        """As it is reported; None while it is off."""
        if self.at_end:
            return Sleep()
        return None if self._due_s is None else Sleep(in_ms=max(0, round((self._due_s - now_s) * 1000)))

    def takes_effect(self, now_s: float, *, ended: bool = False) -> bool:
        """Whether it is time; it is off from then on. `ended`: the present item has just ended."""
        due = (self.at_end and ended) or (self._due_s is not None and now_s >= self._due_s)
        if due:
            self.set(None, now_s)
        return due

    def leave_item(self) -> None:
        """Another item was asked for: "at the end of this" meant the one before."""
        self.at_end = False

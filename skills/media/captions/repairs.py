"""Notes of what was wrong in captions and what was made of it."""

from __future__ import annotations

from dataclasses import dataclass, field

MAX_NOTES = 1_000
"""Notes kept of one file; more are counted only, or a hostile file would fill the memory with them."""


@dataclass(frozen=True)
class Repair:
    """One thing that was put right: `where` is "line 12" or "segment 3", `code` is stable."""

    where: str
    code: str
    message: str


@dataclass
class Repairs:
    """What was put right so far, in the order it was found; `total` counts those that are not kept, too."""

    kept: list[Repair] = field(default_factory=list)
    total: int = 0

    def note(self, where: str, code: str, message: str) -> None:
        """Add one."""
        self.total += 1
        if len(self.kept) < MAX_NOTES:
            self.kept.append(Repair(where, code, message))

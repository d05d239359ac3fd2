"""Notices when the catalogue changes, by hand or by an import, so that nothing has to be restarted."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeAlias

import structlog

from skills.errors import SkillError

log = structlog.get_logger(__name__)

PERIOD_S = 2.0
"""Between two looks, which are a few system calls and a small query each."""
REST = 3
"""After reading the catalogue again for a second, the watch rests for so many: long imports change it all the time."""

Stamp = tuple[tuple[str, int, int], ...]
State: TypeAlias = object
"""What was seen: any value that is another one after a change."""


class CatalogueWatch:
    """Looks at the catalogue every now and then."""

    def __init__(
        self, look: Callable[[], State], refresh: Callable[[], Awaitable[None]], period_s: float = PERIOD_S
    ) -> None:
        """`look` is called in a thread; `refresh` is awaited after each change."""
        self._look = look
        self._refresh = refresh
        self._period_s = period_s

    def start(self, seen: State) -> Callable[[], Awaitable[None]]:
        """Start watching for anything but what was `seen`; returns what ends it."""
        task = asyncio.create_task(self._watch(seen))

        async def stop() -> None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

        return stop

    async def _watch(self, seen: State) -> None:
        wait_s = self._period_s
        while True:
            await asyncio.sleep(wait_s)
            wait_s = self._period_s
            try:
                now = await asyncio.to_thread(self._look)
            except SkillError as error:  # the database is away for a moment
                log.warning("the catalogue cannot be looked at", why=str(error))
                continue
            if now == seen:
                continue
            seen = now
            began = time.monotonic()
            try:
                await self._refresh()
                log.info("the catalogue has been read again")
            except Exception as error:  # the service goes on with the catalogue it has
                log.warning("the changed catalogue is not used", why=str(error))
            wait_s = max(self._period_s, REST * (time.monotonic() - began))


def stamp(folder: Path) -> Stamp:
    """Names, sizes and times of the files in a folder; empty where there is none."""
    found = []
    for file in sorted(folder.glob("*.jsonl")):
        try:
            status = file.stat()
        except OSError:  # deleted meanwhile
            continue
        found.append((file.name, status.st_size, status.st_mtime_ns))
    return tuple(found)

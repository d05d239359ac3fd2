"""Notices when the operator's catalogue changes, so that nothing has to be restarted."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import structlog

log = structlog.get_logger(__name__)

PERIOD_S = 2.0
"""Between two looks at the folder, which are a few system calls each."""

Stamp = tuple[tuple[str, int, int], ...]


class CatalogueWatch:
    """Looks at a folder of JSON Lines files every now and then."""

    def __init__(self, folder: Path, refresh: Callable[[], Awaitable[None]], period_s: float = PERIOD_S) -> None:
        """`refresh` is awaited after each change."""
        self._folder = folder
        self._refresh = refresh
        self._period_s = period_s

    def start(self) -> Callable[[], Awaitable[None]]:
        """Start watching; returns what ends it."""
        task = asyncio.create_task(self._watch(stamp(self._folder)))

        async def stop() -> None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

        return stop

    async def _watch(self, seen: Stamp) -> None:
        while True:
            await asyncio.sleep(self._period_s)
            now = stamp(self._folder)
            if now == seen:
                continue
            seen = now
            try:
                await self._refresh()
                log.info("the catalogue has been read again", files=len(now))
            except Exception as error:  # the service goes on with the catalogue it has
                log.warning("the changed catalogue is not used", why=str(error))


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

"""Keeps where listeners are in items, from what their players report, so that they can go on later and elsewhere.

Players report every five seconds and at each change. What they report is written in the background, at most once a
second for everybody together, so that no turn waits for it and no client can make the database busy.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta

import structlog

from assistant.errors import ServiceError
from assistant.storage.store import Store, StoredPosition
from skills.media.places import Place
from skills.message import ItemId
from skills.player import Playback, PlayerState

log = structlog.get_logger(__name__)

WRITE_EVERY_S = 1.0

KEPT = timedelta(days=180)
"""After half a year nobody knows any more what was before."""


class Positions:
    """Positions of all listeners. Belongs to one event loop; `stop` writes what is still to be written."""

    def __init__(self, store: Store, is_known: Callable[[ItemId], bool]) -> None:
        """`is_known` says whether there is an item of this id: a client may report anything."""
        self._store = store
        self._is_known = is_known
        self._unwritten: dict[tuple[str, ItemId], StoredPosition] = {}
        self._writing = asyncio.Lock()
        self._writer: asyncio.Task[None] | None = None

    def report(self, listener: str, state: PlayerState) -> None:
        """A player says where it is; returns at once."""
        if state.item is None or state.state is Playback.FAILED or not self._is_known(state.item):
            return
        finished = state.state is Playback.ENDED
        self._unwritten[listener, state.item] = StoredPosition(
            listener, state.item, state.position_ms, finished, datetime.now(UTC), tuple(state.queue)
        )
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_soon())

    async def latest(self, listener: str) -> Place | None:
        """Where `listener` last was in an item that was not heard to its end; None if there is none.

        Raises:
            ServiceError: `storage_failed`.
        """
        await self._write()
        position = await asyncio.to_thread(self._store.last_position, listener)
        return Place(position.item, position.position_ms, position.queue) if position else None

    async def finished(self, listener: str, items: Collection[ItemId]) -> Collection[ItemId]:
        """Which of these items `listener` has heard to the end.

        Raises:
            ServiceError: `storage_failed`.
        """
        await self._write()
        return await asyncio.to_thread(self._store.finished, listener, items)

    async def stop(self) -> None:
        """Write what was reported last."""
        if self._writer:
            self._writer.cancel()
        await self._write()

    async def _write_soon(self) -> None:
        while self._unwritten:
            try:
                await self._write()
            except ServiceError as error:
                log.warning("positions not kept", code=error.code)
            await asyncio.sleep(WRITE_EVERY_S)

    async def _write(self) -> None:
        async with self._writing:
            batch, self._unwritten = self._unwritten, {}
            if batch:
                await asyncio.to_thread(self._store.keep_positions, tuple(batch.values()), datetime.now(UTC) - KEPT)

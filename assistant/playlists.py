"""Keeps listeners' playlists."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import groupby

from sqlalchemy import delete, func, select
from sqlalchemy.engine import Engine

from assistant.storage.store import Store
from assistant.storage.tables import playlist_items
from assistant.storage.transactions import insert_into, reading, writing
from skills.media.playlists import ITEMS_MAX, NAME_MAX, PLAYLISTS_MAX, Adding, Playlist, playlist_key
from skills.message import ItemId


class KeptPlaylists:
    """Playlists of all listeners, in the service's database.

    Every method raises ServiceError, `storage_failed`, and then nothing was written.
    """

    def __init__(self, store: Store) -> None:
        self._engine = store.engine

    async def of(self, listener: str) -> Sequence[Playlist]:
        """The listener's playlists, by name."""
        return await asyncio.to_thread(_of, self._engine, listener)

    async def add(self, listener: str, name: str, item: ItemId) -> Adding:
        """Add an item at the end of a playlist, which is made where there is none; it is kept when this returns."""
        return await asyncio.to_thread(_add, self._engine, listener, name, item)

    async def remove(self, listener: str, name: str, item: ItemId) -> bool:
        """Take an item off a playlist; whether it was on it."""
        return await asyncio.to_thread(_remove, self._engine, listener, name, item)


class _FullError(Exception):
    """Takes the row back that was one too many; says why."""

    def __init__(self, why: Adding) -> None:
        super().__init__(why)
        self.why = why


def _of(engine: Engine, listener: str) -> list[Playlist]:
    table = playlist_items
    own = select(table).where(table.c.listener == listener).order_by(table.c.playlist, table.c.place, table.c.item)
    with reading(engine) as connection:
        rows = connection.execute(own).all()
    lists = [list(of_one) for _, of_one in groupby(rows, key=lambda row: row.playlist)]
    return [Playlist(of_one[0].name, tuple(row.item for row in of_one)) for of_one in lists]


def _add(engine: Engine, listener: str, name: str, item: ItemId) -> Adding:
    table = playlist_items
    key = playlist_key(name)
    own = table.c.listener == listener
    last = select(func.coalesce(func.max(table.c.place), 0) + 1).where(own, table.c.playlist == key).scalar_subquery()
    row = {"listener": listener, "playlist": key, "item": item, "name": name[:NAME_MAX], "at": datetime.now(UTC)}
    try:
        with writing(engine) as connection:
            statement = insert_into(engine, table).values(**row, place=last).on_conflict_do_nothing()
            if connection.execute(statement.returning(table.c.item)).one_or_none() is None:
                return Adding.ALREADY
            # Counted after the insert: of two at once, each sees at least its own row.
            of_list = select(func.count()).where(own, table.c.playlist == key)
            if connection.execute(of_list).scalar_one() > ITEMS_MAX:
                raise _FullError(Adding.LIST_FULL)
            lists = select(func.count(func.distinct(table.c.playlist))).where(own)
            if connection.execute(lists).scalar_one() > PLAYLISTS_MAX:
                raise _FullError(Adding.TOO_MANY_LISTS)
    except _FullError as full:
        return full.why
    return Adding.ADDED


def _remove(engine: Engine, listener: str, name: str, item: ItemId) -> bool:
    table = playlist_items
    gone = delete(table).where(
        table.c.listener == listener, table.c.playlist == playlist_key(name), table.c.item == item
    )
    with writing(engine) as connection:
        return connection.execute(gone).rowcount > 0

"""Keeps whom listeners follow, what they were told is new, and since when items are there."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy import delete, func, select
from sqlalchemy.engine import Engine

from assistant.storage.store import Store
from assistant.storage.tables import arrivals, follows, told
from assistant.storage.transactions import insert_into, reading, writing
from skills.media.channels import Channel, ChannelKind
from skills.media.follows import FOLLOWS_MAX, NEWS_FOR, Follow, Following
from skills.message import ItemId
from skills.stored_times import in_utc


class KeptFollows:
    """Follows of all listeners, in the service's database.

    Every method raises ServiceError, `storage_failed`, and then nothing was written.
    """

    def __init__(self, store: Store) -> None:
        self._engine = store.engine

    async def follow(self, listener: str, channel: Channel, at: datetime) -> Following:
        """Follow a channel from `at` on; it is kept when this returns."""
        return await asyncio.to_thread(_follow, self._engine, listener, channel, at)

    async def unfollow(self, listener: str, channel: str) -> bool:
        """No longer follow a channel; whether it was followed."""
        return await asyncio.to_thread(_unfollow, self._engine, listener, channel)

    async def of(self, listener: str) -> Sequence[Follow]:
        """Whom `listener` follows, the latest first."""
        return await asyncio.to_thread(_of, self._engine, listener)

    async def arrivals(self, since: datetime) -> Mapping[ItemId, datetime]:
        """The items that have been there since then or later, and since when."""
        return await asyncio.to_thread(_arrivals, self._engine, since)

    async def told(self, listener: str) -> Collection[ItemId]:
        """What `listener` has been told of, as far back as anything is news."""
        return await asyncio.to_thread(_told, self._engine, listener)

    async def tell(self, listener: str, items: Collection[ItemId], at: datetime) -> None:
        """`listener` is told of these items."""
        await asyncio.to_thread(_tell, self._engine, listener, items, at)

    def arrive(self, items: Collection[ItemId], at: datetime) -> None:
        """The catalogue has these items, and no others, from `at` on; it blocks.

        To be called once they can be found: who is told of all there is just before must hear of them later.
        """
        at = at.astimezone(UTC)
        with writing(self._engine) as connection:
            known = set(connection.execute(select(arrivals.c.item)).scalars())
            new = [{"item": item, "at": at} for item in items if item not in known]
            gone = known.difference(items)
            if new:
                connection.execute(insert_into(self._engine, arrivals).on_conflict_do_nothing(), new)
            for item in gone:
                connection.execute(delete(arrivals).where(arrivals.c.item == item))


class _FullError(Exception):
    """Takes the row back that was one too many."""


def _follow(engine: Engine, listener: str, channel: Channel, at: datetime) -> Following:
    row = {"listener": listener, "channel": channel.id, "kind": channel.kind.value, "name": channel.name}
    try:
        with writing(engine) as connection:
            statement = insert_into(engine, follows).values(**row, since=at.astimezone(UTC)).on_conflict_do_nothing()
            if connection.execute(statement.returning(follows.c.channel)).one_or_none() is None:
                return Following.ALREADY
            number = select(func.count()).where(follows.c.listener == listener)
            if connection.execute(number).scalar_one() > FOLLOWS_MAX:
                raise _FullError
    except _FullError:
        return Following.FULL
    return Following.NEW


def _unfollow(engine: Engine, listener: str, channel: str) -> bool:
    with writing(engine) as connection:
        statement = delete(follows).where(follows.c.listener == listener, follows.c.channel == channel)
        return bool(connection.execute(statement).rowcount)


def _of(engine: Engine, listener: str) -> list[Follow]:
    statement = select(follows).where(follows.c.listener == listener).order_by(follows.c.since.desc())
    with reading(engine) as connection:
        rows = connection.execute(statement).all()
    return [Follow(row.channel, ChannelKind(row.kind), row.name, in_utc(row.since)) for row in rows]


def _arrivals(engine: Engine, since: datetime) -> dict[ItemId, datetime]:
    statement = select(arrivals).where(arrivals.c.at >= since.astimezone(UTC))
    with reading(engine) as connection:
        return {row.item: in_utc(row.at) for row in connection.execute(statement)}


def _told(engine: Engine, listener: str) -> set[ItemId]:
    with reading(engine) as connection:
        return set(connection.execute(select(told.c.item).where(told.c.listener == listener)).scalars())


def _tell(engine: Engine, listener: str, items: Collection[ItemId], at: datetime) -> None:
    at = at.astimezone(UTC)
    rows = [{"listener": listener, "item": item, "at": at} for item in items]
    with writing(engine) as connection:
        if rows:
            connection.execute(insert_into(engine, told).on_conflict_do_nothing(), rows)
        connection.execute(delete(told).where(told.c.at < at - NEWS_FOR))

"""Reads and writes conversations; every method is one transaction and blocks, so call it from a thread."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Executable, Row, Table, create_engine, delete, event, insert, or_, select, text
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from assistant.errors import StartError
from assistant.storage.tables import arrivals, conversations, playlist_items, positions, satellites, told, turns
from assistant.storage.transactions import insert_into, reading, storage_failed
from skills.stored_times import in_utc

MIGRATIONS = Path(__file__).parent / "migrations"


@dataclass(frozen=True)
class Conversation:
    """What is kept of a conversation between turns: how many there were, and each skill's memory."""

    id: str
    turns: int
    memory: Mapping[str, Any]


@dataclass(frozen=True)
class StoredTurn:
    """One turn as it is kept."""

    conversation: str
    dialog_request_id: str
    channel: str
    said: str
    intent: str
    reply: Mapping[str, Any]


@dataclass(frozen=True)
class StoredPosition:
    """How far a listener was in an item at a time, in milliseconds, and what was queued then.

    `finished` where it was heard to its end.
    """

    listener: str
    item: str
    position_ms: int
    finished: bool
    at: datetime
    queue: tuple[str, ...] = ()


class Store:
    """The database. Opening it brings its tables up to date."""

    def __init__(self, url: str) -> None:
        try:
            self._engine = _engine(url)
            with self._engine.begin() as connection:
                config = Config()
                config.set_main_option("script_location", str(MIGRATIONS))
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
        except (SQLAlchemyError, OSError) as error:
            reason = str(error).splitlines()[0]  # the rest leads to SQLAlchemy's own pages
            raise StartError(f"the database cannot be opened: {reason}") from error

    @property
    def engine(self) -> Engine:
        """The database itself, for those whose tables are kept beside the service's own."""
        return self._engine

    def conversation(self, conversation: str) -> Conversation:
        """The conversation, empty if it has had no turn yet."""
        with self._reading() as connection:
            row = connection.execute(select(conversations).where(conversations.c.id == conversation)).one_or_none()
        return Conversation(conversation, row.turns, row.memory) if row else Conversation(conversation, 0, {})

    def save(self, turn: StoredTurn, memory: Mapping[str, Any]) -> None:
        """Add a turn and replace the conversation's memory, both or neither.

        Raises:
            ServiceError: `storage_failed`, nothing was written.
        """
        now = datetime.now(UTC)
        try:
            with self._engine.begin() as connection:
                connection.execute(self._upsert(turn.conversation, now, memory, new_turns=1))
                connection.execute(insert(turns).values(**vars(turn), at=now))
        except SQLAlchemyError as error:
            raise storage_failed() from error

    def remember(self, conversation: str, memory: Mapping[str, Any]) -> None:
        """Replace the conversation's memory after something that was not a turn.

        Raises:
            ServiceError: `storage_failed`, nothing was written.
        """
        try:
            with self._engine.begin() as connection:
                connection.execute(self._upsert(conversation, datetime.now(UTC), memory, new_turns=0))
        except SQLAlchemyError as error:
            raise storage_failed() from error

    def history(self, conversation: str, limit: int) -> list[StoredTurn]:
        """The last `limit` turns, oldest first."""
        newest_first = (
            select(turns).where(turns.c.conversation == conversation).order_by(turns.c.id.desc()).limit(limit)
        )
        with self._reading() as connection:
            rows = connection.execute(newest_first).all()
        return [_turn(row) for row in reversed(rows)]

    def turn(self, conversation: str, request: str) -> StoredTurn | None:
        """The turn of this request, if it was kept."""
        wanted = select(turns).where(turns.c.conversation == conversation, turns.c.dialog_request_id == request)
        with self._reading() as connection:
            row = connection.execute(wanted.limit(1)).one_or_none()
        return _turn(row) if row else None

    def satellite_conversation(self, listener: str, fresh: str, used_since: datetime) -> str:
        """The conversation that `listener` is in, or `fresh` if it is in none that was used since; it is used now.

        Raises:
            ServiceError: `storage_failed`.
        """
        now = datetime.now(UTC)
        statement = self._insert(satellites).values(listener=listener, conversation=fresh, used_at=now)
        found = statement.on_conflict_do_update(
            index_elements=[satellites.c.listener], set_={"used_at": now}
        ).returning(satellites.c.conversation)
        try:
            with self._engine.begin() as connection:
                connection.execute(delete(satellites).where(satellites.c.used_at < used_since))
                conversation: str = connection.execute(found).scalar_one()
        except SQLAlchemyError as error:
            raise storage_failed() from error
        return conversation

    def keep_positions(self, kept: Collection[StoredPosition], kept_since: datetime) -> None:
        """Replace where these listeners were, unless they are still there; what is older than `kept_since` goes away.

        Raises:
            ServiceError: `storage_failed`, nothing was written.
        """
        try:
            with self._engine.begin() as connection:
                for position in kept:
                    row = vars(position) | {"queue": " ".join(position.queue)}
                    statement = self._insert(positions).values(**row)
                    new = {name: row[name] for name in ("position_ms", "finished", "at", "queue")}
                    keys = [positions.c.listener, positions.c.item]
                    # A player that merely connects again, and is where it was, has not been listened to since.
                    moved = or_(*(positions.c[name] != row[name] for name in ("position_ms", "finished", "queue")))
                    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=new, where=moved))
                connection.execute(delete(positions).where(positions.c.at < kept_since))
        except SQLAlchemyError as error:
            raise storage_failed() from error

    def last_position(self, listener: str) -> StoredPosition | None:
        """Where `listener` was last in an item that was not heard to its end."""
        unfinished = select(positions).where(positions.c.listener == listener, ~positions.c.finished)
        with self._reading() as connection:
            row = connection.execute(unfinished.order_by(positions.c.at.desc()).limit(1)).one_or_none()
        if row is None:
            return None
        queue = tuple(row.queue.split())
        return StoredPosition(row.listener, row.item, row.position_ms, row.finished, in_utc(row.at), queue)

    def finished(self, listener: str, items: Collection[str]) -> set[str]:
        """Which of these items `listener` has heard to the end."""
        heard = select(positions.c.item).where(positions.c.listener == listener, positions.c.finished)
        with self._reading() as connection:
            return set(connection.execute(heard).scalars()).intersection(items)

    def forget_item(self, item: str) -> None:
        """Nobody was in this item, has it on a playlist or was told of it; ServiceError(`storage_failed`)."""
        try:
            with self._engine.begin() as connection:
                for table in (positions, playlist_items, told, arrivals):
                    connection.execute(delete(table).where(table.c.item == item))
        except SQLAlchemyError as error:
            raise storage_failed() from error

    def check(self) -> None:
        """Raise ServiceError unless the database answers."""
        with self._reading() as connection:
            connection.execute(text("SELECT 1"))

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def _upsert(self, conversation: str, now: datetime, memory: Mapping[str, Any], new_turns: int) -> Executable:
        """One statement, so that two first turns of a conversation cannot both find that it is not there."""
        statement = self._insert(conversations).values(
            id=conversation, started_at=now, used_at=now, memory=dict(memory), turns=new_turns
        )
        upsert: Executable = statement.on_conflict_do_update(
            index_elements=[conversations.c.id],
            set_={"used_at": now, "memory": dict(memory), "turns": conversations.c.turns + new_turns},
        )
        return upsert

    def _insert(self, table: Table) -> Any:
        return insert_into(self._engine, table)

    def _reading(self) -> AbstractContextManager[Connection]:
        return reading(self._engine)


def _turn(row: Row[Any]) -> StoredTurn:
    return StoredTurn(row.conversation, row.dialog_request_id, row.channel, row.said, row.intent, row.reply)


def _engine(url: str) -> Engine:
    if url.startswith("postgresql://"):
        url = url.replace("postgresql://", "postgresql+psycopg://", 1)
    engine = create_engine(url, pool_pre_ping=not url.startswith("sqlite"))
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _configure_sqlite)
    return engine


def _configure_sqlite(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA busy_timeout=5000")
    cursor.close()

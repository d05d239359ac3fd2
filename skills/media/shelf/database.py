"""What everything that reads and writes the shelf's tables shares: transactions, and the revision."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import ColumnElement, Table, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from skills.media.captions import Transcript
from skills.media.errors import ShelfError
from skills.media.shelf import tables
from skills.media.shelf.records import Found, Origin
from skills.media.shelf.transcripts import as_rows


class Database:
    """A database that has the tables already. Thread-safe."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def _touch(self, connection: Connection, item: str, values: Mapping[str, Any]) -> bool:
        changed = update(tables.items).where(tables.items.c.id == item)
        return connection.execute(changed.values(revision=self._next_revision(connection), **values)).rowcount > 0

    def _next_revision(self, connection: Connection) -> int:
        """Also takes the database's write lock first, so that two writers wait rather than fail."""
        table = tables.counters
        grown = update(table).where(table.c.name == "revision").values(value=table.c.value + 1).returning(table.c.value)
        return int(connection.execute(grown).scalar_one())

    def _put(
        self,
        connection: Connection,
        table: Table,
        row: Mapping[str, Any],
        only_where: ColumnElement[bool] | None = None,
    ) -> None:
        """Insert a row, or replace the one of the same key, `only_where` that is so."""
        keys = [column.name for column in table.primary_key]
        statement = self._insert(table).values(row)
        others = {name: value for name, value in row.items() if name not in keys}
        connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=others, where=only_where))

    def _insert(self, table: Table) -> Any:
        """An insert that can turn into an update, which each database has in its own dialect."""
        return {"sqlite": sqlite, "postgresql": postgresql}[self._engine.dialect.name].insert(table)

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        try:
            with self._engine.begin() as connection:
                yield connection
        except IntegrityError as error:
            raise ShelfError("item_unknown", "The item that this belongs to has been removed") from error
        except SQLAlchemyError as error:
            raise ShelfError("shelf_failed", f"The database did not take it: {error}", retryable=True) from error

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        try:
            with self._engine.connect() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise ShelfError("shelf_failed", f"The database did not answer: {error}", retryable=True) from error


def unknown(item: str) -> ShelfError:
    """What is raised about an item that is not there."""
    return ShelfError("item_unknown", f"There is no imported item {item[:200]!r}")


def item_row(found: Found) -> dict[str, Any]:
    """The columns that a source, or a creator, describes."""
    return {
        "id": found.id,
        "fingerprint": found.fingerprint,
        "details": found.details.model_dump(mode="json"),
        "links": found.links.model_dump(mode="json"),
        "place": found.place,
    }


def transcript_row(item: str, origin: Origin, transcript: Transcript) -> dict[str, Any]:
    """All columns of a transcript."""
    segments = as_rows(transcript)
    return {"item": item, "origin": origin.value, "language": transcript.language, "segments": segments}

"""What everything that reads and writes entries shares: transactions, rows, and the shop's turn to change them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from sqlalchemy import Row, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from skills.stored_times import in_utc
from skills.storefront.entry import Entry
from skills.storefront.errors import StorefrontError
from skills.storefront.tables import heads


class Head(NamedTuple):
    """How often a shop's entries were published, and how often a draft was changed."""

    revision: int
    edits: int


class Database:
    """A database that has the tables already. Thread-safe; every method blocks and may raise StorefrontError
    (`entries_failed`, worth another try). Another shop's ids look like ids that do not exist.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        try:
            with self._engine.begin() as connection:
                yield connection
        except IntegrityError as error:
            raise StorefrontError("shop_unknown", "There is no such shop") from error
        except SQLAlchemyError as error:
            raise _failed(error) from error

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        try:
            with self._engine.connect() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise _failed(error) from error


def insert_into(connection: Connection, table: Table) -> Any:
    """An insert that can turn into an update, which each database has in its own dialect."""
    return {"sqlite": sqlite, "postgresql": postgresql}[connection.dialect.name].insert(table)


def grow(connection: Connection, shop: str, *, edits: int = 0, revision: int = 0) -> Head:
    """Count a change, or none; until the transaction ends the shop's entries are changed by nobody else."""
    statement = insert_into(connection, heads).values(shop=shop, edits=edits, revision=revision)
    grown = {"edits": heads.c.edits + edits, "revision": heads.c.revision + revision}
    statement = statement.on_conflict_do_update(index_elements=["shop"], set_=grown)
    row = connection.execute(statement.returning(heads.c.revision, heads.c.edits)).one()
    return Head(row.revision, row.edits)


def draft_of(row: Row[Any]) -> Entry:
    """An entry as its draft has it."""
    return _entry(row, row.draft if row.draft is not None else row.live, removed=row.draft is None)


def live_of(row: Row[Any]) -> Entry:
    """An entry as customers get it."""
    return _entry(row, row.live if row.live is not None else row.draft, removed=row.live is None)


def _entry(row: Row[Any], text: str | None, *, removed: bool) -> Entry:
    return Entry(
        shop=row.shop,
        kind=row.kind,
        id=row.id,
        place=row.place,
        text=text if text is not None else "{}",
        revision=row.revision,
        by=row.by,
        at=in_utc(row.at),
        changed=row.changed,
        is_live=row.live is not None,
        removed=removed,
    )


def _failed(error: SQLAlchemyError) -> StorefrontError:
    return StorefrontError("entries_failed", f"The database did not answer: {error}", retryable=True)

"""Transactions whose errors are the service's own, and what each database has in its own dialect."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from assistant.errors import ServiceError


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection for reading.

    Raises:
        ServiceError: `storage_failed`.
    """
    try:
        with engine.connect() as connection:
            yield connection
    except SQLAlchemyError as error:
        raise storage_failed() from error


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction: all that is done in it, or nothing.

    Raises:
        ServiceError: `storage_failed`, nothing was written.
    """
    try:
        with engine.begin() as connection:
            yield connection
    except SQLAlchemyError as error:
        raise storage_failed() from error


def insert_into(engine: Engine, table: Table) -> Any:
    """An insert that can turn into an update, or into nothing."""
    dialect = {"sqlite": sqlite, "postgresql": postgresql}[engine.dialect.name]
    return dialect.insert(table)


def storage_failed() -> ServiceError:
    """What is said where the database does not do as it should."""
    return ServiceError("storage_failed", "I cannot reach my notes right now. Please try again in a moment.", 503)

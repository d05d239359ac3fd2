"""The tables of a collection's database, and how older ones become them."""

from __future__ import annotations

import sqlite3
from uuid import uuid4

from search_index.errors import ErrorCode, SearchError

FORMAT = 2

_TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;
CREATE TABLE documents (
    key INTEGER PRIMARY KEY AUTOINCREMENT, tenant TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL,
    fingerprint BLOB NOT NULL, content BLOB NOT NULL, UNIQUE (tenant, id));
CREATE TABLE passages (
    key INTEGER PRIMARY KEY AUTOINCREMENT, document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
    number INTEGER NOT NULL, chunk TEXT NOT NULL, text TEXT NOT NULL, context TEXT NOT NULL DEFAULT '',
    start_ms INTEGER NOT NULL, end_ms INTEGER NOT NULL, seq INTEGER NOT NULL, UNIQUE (document, number));
CREATE INDEX passages_seq ON passages (seq, key);
CREATE TABLE removed (passage INTEGER PRIMARY KEY, seq INTEGER NOT NULL);
CREATE TABLE keywords (
    field TEXT NOT NULL, value TEXT NOT NULL, document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
    PRIMARY KEY (field, value, document)) WITHOUT ROWID;
CREATE INDEX keywords_document ON keywords (document, field);
CREATE TABLE numbers (
    field TEXT NOT NULL, value REAL NOT NULL, document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
    PRIMARY KEY (field, value, document)) WITHOUT ROWID;
CREATE INDEX numbers_document ON numbers (document, field);
CREATE TABLE names (
    field TEXT NOT NULL, document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE, value TEXT NOT NULL,
    PRIMARY KEY (field, document, value)) WITHOUT ROWID;
CREATE INDEX names_document ON names (document);
"""
_VARIANTS = """
CREATE TABLE IF NOT EXISTS variants (
    document INTEGER PRIMARY KEY REFERENCES documents ON DELETE CASCADE, listed TEXT NOT NULL)
"""
"""Came without a new format: who does not know it does not need it."""
_ENCODERS = """
CREATE TABLE encoders (
    number INTEGER PRIMARY KEY AUTOINCREMENT, fingerprint TEXT NOT NULL UNIQUE, dimension INTEGER NOT NULL,
    complete INTEGER NOT NULL);
"""
_VECTORS = """
CREATE TABLE {name} (passage INTEGER PRIMARY KEY REFERENCES passages ON DELETE CASCADE, vector BLOB NOT NULL)
"""


def vectors_table(encoder: int) -> str:
    """The name of the table that has the vectors of encoder number `encoder`."""
    return f"vectors_{encoder:d}"


def make_vectors_table(connection: sqlite3.Connection, encoder: int) -> None:
    connection.execute(_VECTORS.format(name=vectors_table(encoder)))


def make_or_bring_up_to_date(connection: sqlite3.Connection) -> None:
    """Make the tables, or those of this format out of older ones; within a transaction of the caller's.

    Raises `SearchError` (storage) for a format that is not known.
    """
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone():
        _execute(connection, _TABLES + _ENCODERS)
        first = {"format": FORMAT, "seq": 0, "identity": uuid4().hex}
        connection.executemany("INSERT INTO meta VALUES (?, ?)", first.items())
        connection.execute(_VARIANTS)
        return
    (found,) = connection.execute("SELECT value FROM meta WHERE name = 'format'").fetchone() or (None,)
    if found == 1:
        _from_1(connection)
    elif found != FORMAT:
        raise SearchError(ErrorCode.STORAGE, f"the store has format {found}; this version knows 1 to {FORMAT}")
    connection.execute(_VARIANTS)


def _from_1(connection: sqlite3.Connection) -> None:
    """Format 1 kept each passage's vector in its row, and overwrote it when the encoder changed."""
    _execute(connection, _ENCODERS)
    row = connection.execute(
        "SELECT encoder, length(max(vector)) / 4, count(*) FROM passages WHERE vector IS NOT NULL"
        " GROUP BY encoder ORDER BY count(*) DESC LIMIT 1"
    ).fetchone()
    if row:
        fingerprint, dimension, _ = row
        (others,) = connection.execute(
            "SELECT count(*) FROM passages WHERE vector IS NOT NULL AND encoder != ?", (fingerprint,)
        ).fetchone()
        number = 1
        connection.execute("INSERT INTO encoders VALUES (?, ?, ?, ?)", (number, fingerprint, dimension, not others))
        make_vectors_table(connection, number)
        connection.execute(
            f"INSERT INTO {vectors_table(number)} SELECT key, vector FROM passages"  # noqa: S608 (a number)
            " WHERE vector IS NOT NULL AND encoder = ? ORDER BY key",
            (fingerprint,),
        )
    connection.execute("DROP INDEX passages_encoder")
    for column in ("vector", "encoder"):
        connection.execute(f"ALTER TABLE passages DROP COLUMN {column}")
    connection.execute("ALTER TABLE passages ADD COLUMN context TEXT NOT NULL DEFAULT ''")
    connection.execute("UPDATE meta SET value = ? WHERE name = 'format'", (FORMAT,))


def _execute(connection: sqlite3.Connection, statements: str) -> None:
    """One statement after the other: `executescript` would end the transaction."""
    for statement in statements.split(";\n"):
        connection.execute(statement)

"""What a query reads from the database: scopes, pages, facets, boosts and names, each a plain SQL statement."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Set
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search_index.documents import Chunk
from search_index.filters import Filter, to_sql
from search_index.schema import (
    MAX_KEYWORD,
    Schema,
    clean_text,
)

Keys = NDArray[np.int64]


@dataclass(frozen=True)
class Scope:
    """A condition over the table alias `d` of documents, with its parameters."""

    sql: str
    parameters: tuple[str | float, ...]

    @classmethod
    def of(cls, schema: Schema, tenant: str, condition: Filter | None) -> Scope:
        """The tenant's documents that pass the filter."""
        clean_text("tenant", tenant, MAX_KEYWORD)
        if condition is None:
            return cls("d.tenant = ?", (tenant,))
        sql, parameters = to_sql(condition, schema)
        return cls(f"d.tenant = ? AND {sql}", (tenant, *parameters))

    @classmethod
    def of_keys(cls, documents: Iterable[int]) -> Scope:
        """The documents with these keys."""
        return cls("d.key IN (SELECT value FROM json_each(?))", (json.dumps(list(documents)),))


def seq(connection: sqlite3.Connection) -> int:
    """The number of the last change this connection sees."""
    return int(connection.execute("SELECT value FROM meta WHERE name = 'seq'").fetchone()[0])


def identity(connection: sqlite3.Connection) -> str:
    """The name of the database, which no other has."""
    return str(connection.execute("SELECT value FROM meta WHERE name = 'identity'").fetchone()[0])


def count(connection: sqlite3.Connection, scope: Scope) -> int:
    query = f"SELECT count(*) FROM documents d WHERE {scope.sql}"  # noqa: S608 (compiled from constants)
    return int(connection.execute(query, scope.parameters).fetchone()[0])


def count_passages(connection: sqlite3.Connection) -> int:
    """All passages of all tenants."""
    return int(connection.execute("SELECT count(*) FROM passages").fetchone()[0])


def other_tenants(connection: sqlite3.Connection, tenant: str) -> bool:
    """Whether anyone else has documents here: if not, a scan of everything is a scan of the tenant's own."""
    query = "SELECT EXISTS (SELECT 1 FROM documents WHERE tenant {} ?)"
    return any(connection.execute(query.format(sign), (tenant,)).fetchone()[0] for sign in "<>")


def passage_keys(connection: sqlite3.Connection, scope: Scope) -> Keys:
    """Keys of all passages of the documents in scope, ascending."""
    query = f"SELECT p.key FROM passages p JOIN documents d ON d.key = p.document WHERE {scope.sql} ORDER BY p.key"  # noqa: S608
    return np.fromiter((key for (key,) in connection.execute(query, scope.parameters)), np.int64)


def document_keys(connection: sqlite3.Connection, scope: Scope) -> Keys:
    """Keys of all documents in scope."""
    query = f"SELECT d.key FROM documents d WHERE {scope.sql}"  # noqa: S608
    return np.fromiter((key for (key,) in connection.execute(query, scope.parameters)), np.int64)


def own_passages(connection: sqlite3.Connection, documents: Iterable[int]) -> dict[int, int]:
    """By document the key of the passage that is its own text."""
    query = "SELECT document, key FROM passages WHERE number = 0 AND document IN (SELECT value FROM json_each(?))"
    return dict(connection.execute(query, (json.dumps(list(documents)),)).fetchall())


def owners(connection: sqlite3.Connection, tenant: str, passages: Keys) -> dict[int, tuple[int, int, str]]:
    """By passage its number and the key and id of its document, for those that are there and the tenant's."""
    rows = connection.execute(
        "SELECT p.key, p.number, d.key, d.id FROM passages p CROSS JOIN documents d ON d.key = p.document"
        " WHERE p.key IN (SELECT value FROM json_each(?)) AND d.tenant = ?",
        (json.dumps(passages.tolist()), tenant),
    )
    return {passage: (number, document, identity) for passage, number, document, identity in rows}


def names(
    connection: sqlite3.Connection, field: str, tenant: str, documents: Set[int] | None = None
) -> list[tuple[int, str]]:
    """The names that the tenant's documents, or `documents` among them, have in `field`, with the documents' keys."""
    among, parameters = "", [field, tenant]
    if documents is not None:
        among = " AND d.key IN (SELECT value FROM json_each(?))"
        parameters.append(json.dumps([*documents]))
    return connection.execute(
        "SELECT n.document, n.value FROM names n JOIN documents d ON d.key = n.document"  # noqa: S608 (constants)
        f" WHERE n.field = ? AND d.tenant = ?{among} ORDER BY n.document",
        parameters,
    ).fetchall()


def documents_since(connection: sqlite3.Connection, tenant: str, seq: int) -> frozenset[int]:
    """Keys of the tenant's documents whose content came or changed after change number `seq`."""
    rows = connection.execute(
        "SELECT d.key FROM passages p CROSS JOIN documents d ON d.key = p.document"
        " WHERE p.seq > ? AND p.number = 0 AND d.tenant = ?",
        (seq, tenant),
    )
    return frozenset(key for (key,) in rows)


def ids(connection: sqlite3.Connection, documents: Iterable[int]) -> dict[int, str]:
    """By document its id, for those that are there."""
    query = "SELECT key, id FROM documents WHERE key IN (SELECT value FROM json_each(?))"
    return dict(connection.execute(query, (json.dumps(list(documents)),)).fetchall())


def own_passage(connection: sqlite3.Connection, tenant: str, identity: str) -> tuple[int, int, str] | None:
    """Of the document with this id: its key, and the key and text of the passage that is its own text."""
    row: tuple[int, int, str] | None = connection.execute(
        "SELECT d.key, p.key, p.text FROM documents d CROSS JOIN passages p ON p.document = d.key"
        " WHERE d.tenant = ? AND d.id = ? AND p.number = 0",
        (tenant, identity),
    ).fetchone()
    return row


def body(connection: sqlite3.Connection, document: int) -> str:
    """What is kept of a document."""
    return str(connection.execute("SELECT body FROM documents WHERE key = ?", (document,)).fetchone()[0])


def variants(connection: sqlite3.Connection, document: int) -> str:
    """The variants of a document as they are kept, empty where it has none."""
    row = connection.execute("SELECT listed FROM variants WHERE document = ?", (document,)).fetchone()
    return str(row[0]) if row else ""


def chunk(connection: sqlite3.Connection, passage: int) -> Chunk | None:
    """The passage as a chunk, None where it is a document's own text."""
    number, *parts = connection.execute(
        "SELECT number, text, start_ms, end_ms, chunk, context FROM passages WHERE key = ?", (passage,)
    ).fetchone()
    return Chunk(*parts) if number else None


def times(connection: sqlite3.Connection, passages: Iterable[int]) -> dict[int, tuple[int, int]]:
    """By passage when it starts and ends (ms)."""
    query = "SELECT key, start_ms, end_ms FROM passages WHERE key IN (SELECT value FROM json_each(?))"
    rows = connection.execute(query, (json.dumps(list(passages)),))
    return {key: (start, end) for key, start, end in rows}


def chunks_of(connection: sqlite3.Connection, document: int) -> tuple[Chunk, ...]:
    """A document's chunks in their order."""
    rows = connection.execute(
        "SELECT text, start_ms, end_ms, chunk, context FROM passages WHERE document = ? AND number > 0 ORDER BY number",
        (document,),
    )
    return tuple(Chunk(*row) for row in rows)

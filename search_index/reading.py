"""What a query reads from the database: scopes, pages, facets, boosts and names, each a plain SQL statement."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search_index.documents import Chunk
from search_index.errors import ErrorCode, SearchError
from search_index.filters import Filter, to_sql
from search_index.names import Names
from search_index.query import Boost, Sort
from search_index.schema import (
    ID_FIELD,
    MAX_KEYWORD,
    BooleanField,
    DateField,
    KeywordField,
    NumberField,
    Schema,
    TextField,
    Value,
    clean_text,
)

MAX_FACET_VALUES = 200
"""The most frequent values of a facet; a list longer than this helps nobody."""

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


def count(connection: sqlite3.Connection, scope: Scope) -> int:
    query = f"SELECT count(*) FROM documents d WHERE {scope.sql}"  # noqa: S608 (compiled from constants)
    return int(connection.execute(query, scope.parameters).fetchone()[0])


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


def owners(connection: sqlite3.Connection, tenant: str, passages: Keys) -> dict[int, tuple[int, str]]:
    """By passage the key and id of its document, for those passages that are there and the tenant's."""
    rows = connection.execute(
        "SELECT p.key, d.key, d.id FROM passages p CROSS JOIN documents d ON d.key = p.document"
        " WHERE p.key IN (SELECT value FROM json_each(?)) AND d.tenant = ?",
        (json.dumps(passages.tolist()), tenant),
    )
    return {passage: (document, identity) for passage, document, identity in rows}


def page(
    connection: sqlite3.Connection, schema: Schema, scope: Scope, order: Sort | None, limit: int, offset: int
) -> list[tuple[str, str]]:
    """Ids and bodies of one page of the documents in scope, in the order asked for, else by id."""
    ordering, parameters = "d.id", tuple[str, ...]()
    if order is not None:
        value, parameters = _sort_value(schema, order)
        ordering = f"{value} IS NULL, {value} {'DESC' if order.descending else 'ASC'}, d.id"
        parameters *= 2
    query = f"SELECT d.id, d.body FROM documents d WHERE {scope.sql} ORDER BY {ordering} LIMIT ? OFFSET ?"  # noqa: S608
    return connection.execute(query, (*scope.parameters, *parameters, limit, offset)).fetchall()


def ranks(connection: sqlite3.Connection, schema: Schema, order: Sort, documents: Sequence[int]) -> dict[int, int]:
    """By document its place in the order asked for."""
    scope = Scope.of_keys(documents)
    value, parameters = _sort_value(schema, order)
    direction = "DESC" if order.descending else "ASC"
    query = f"SELECT d.key FROM documents d WHERE {scope.sql} ORDER BY {value} IS NULL, {value} {direction}, d.id"  # noqa: S608
    rows = connection.execute(query, (*scope.parameters, *parameters, *parameters))
    return {key: place for place, (key,) in enumerate(rows)}


def _sort_value(schema: Schema, order: Sort) -> tuple[str, tuple[str, ...]]:
    field = schema.field(order.field)
    if order.field == ID_FIELD:
        return "d.id", ()
    if isinstance(field, TextField):
        raise SearchError(ErrorCode.BAD_QUERY, f"{order.field} is searched text and has no order", field=order.field)
    table = "keywords" if isinstance(field, KeywordField) else "numbers"
    return f"(SELECT min(value) FROM {table} v WHERE v.document = d.key AND v.field = ?)", (order.field,)  # noqa: S608


def facets(
    connection: sqlite3.Connection, schema: Schema, scope: Scope, fields: Iterable[str]
) -> dict[str, Mapping[Value, int]]:
    """How many documents in scope have each value of each field, the most frequent values first."""
    return {name: _facet(connection, schema, scope, name) for name in fields}


def _facet(connection: sqlite3.Connection, schema: Schema, scope: Scope, name: str) -> dict[Value, int]:
    field = schema.field(name)
    if isinstance(field, TextField | DateField) or name == ID_FIELD:
        raise SearchError(ErrorCode.BAD_QUERY, f"the values of {name} cannot be counted", field=name)
    table = "keywords" if isinstance(field, KeywordField) else "numbers"
    rows = connection.execute(
        f"SELECT v.value, count(*) AS n FROM documents d CROSS JOIN {table} v ON v.document = d.key"  # noqa: S608
        f" WHERE v.field = ? AND {scope.sql} GROUP BY v.value ORDER BY n DESC, v.value LIMIT {MAX_FACET_VALUES}",
        (name, *scope.parameters),
    )
    return {bool(value) if isinstance(field, BooleanField) else value: times for value, times in rows}


def boosts(
    connection: sqlite3.Connection, schema: Schema, tenant: str, boost: Boost, documents: Sequence[int]
) -> NDArray[np.float64]:
    """The factor (at least 1) by which each document's score grows, [n]."""
    if not isinstance(schema.field(boost.field), NumberField):
        raise SearchError(ErrorCode.BAD_QUERY, f"{boost.field} is no number to boost by", field=boost.field)
    (largest,) = connection.execute(
        "SELECT max(v.value) FROM numbers v JOIN documents d ON d.key = v.document WHERE v.field = ? AND d.tenant = ?",
        (boost.field, tenant),
    ).fetchone()
    if not largest or largest <= 0:
        return np.ones(len(documents))
    rows = dict(
        connection.execute(
            "SELECT document, value FROM numbers WHERE field = ? AND document IN (SELECT value FROM json_each(?))",
            (boost.field, json.dumps(list(documents))),
        ).fetchall()
    )
    values = np.array([max(0.0, rows.get(document, 0.0)) for document in documents])
    factors: NDArray[np.float64] = 1 + boost.weight * np.log1p(values) / np.log1p(largest)
    return factors


def names(connection: sqlite3.Connection, field: str, tenant: str) -> Names:
    """All names the tenant's documents have in `field`."""
    rows = connection.execute(
        "SELECT n.document, n.value FROM names n JOIN documents d ON d.key = n.document"
        " WHERE n.field = ? AND d.tenant = ? ORDER BY n.document",
        (field, tenant),
    ).fetchall()
    return Names(np.array([document for document, _ in rows], np.int64), [value for _, value in rows])


def chunks_of(connection: sqlite3.Connection, document: int) -> tuple[Chunk, ...]:
    """A document's chunks in their order."""
    rows = connection.execute(
        "SELECT text, start_ms, end_ms, chunk FROM passages WHERE document = ? AND number > 0 ORDER BY number",
        (document,),
    )
    return tuple(Chunk(*row) for row in rows)

"""What a query reads of the values of fields: to sort by, to count, to boost by."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search_index.cursor import Place
from search_index.errors import ErrorCode, SearchError
from search_index.filters import value_of_variants
from search_index.query import Boost, Recency, Sort
from search_index.reading import Keys, Scope
from search_index.schema import (
    ID_FIELD,
    BooleanField,
    DateField,
    KeywordField,
    NumberField,
    Schema,
    TextField,
    Value,
    as_number,
    clean_date,
)

MAX_FACET_VALUES = 200
"""The most frequent values of a facet; a list longer than this helps nobody."""


@dataclass(frozen=True)
class Listed:
    """A document of a page: whether it lacks the value sorted by, that value, and what is kept of it."""

    missing: int
    value: float | str | None
    id: str
    body: str
    variants: str


def page(
    connection: sqlite3.Connection, schema: Schema, scope: Scope, order: Sort | None, limit: int, after: Place | None
) -> list[Listed]:
    """One page of the documents in scope, in the order asked for, else by id; `after` the place where one ended."""
    value: str = "NULL"
    field: tuple[str | float, ...] = ()
    if order:
        value, field = _sort_value(schema, order)
    direction, beyond = ("DESC", "<") if order and order.descending else ("ASC", ">")
    condition, parameters = "1", tuple[str | float | None, ...]()
    if after is not None:
        condition = f"(missing > ? OR missing = ? AND (value {beyond} ? OR value IS ? AND id > ?))"
        parameters = (after.tier, after.tier, after.value, after.value, after.id)
    rows = connection.execute(
        f"SELECT value IS NULL AS missing, value, id, body,"  # noqa: S608 (compiled from constants)
        f" coalesce((SELECT listed FROM variants n WHERE n.document = key), '') FROM"
        f" (SELECT {value} AS value, d.id, d.body, d.key FROM documents d WHERE {scope.sql})"
        f" WHERE {condition} ORDER BY missing, value {direction}, id LIMIT ?",
        (*field, *scope.parameters, *parameters, limit),
    )
    return [Listed(*row) for row in rows]


def sort_values(
    connection: sqlite3.Connection, schema: Schema, order: Sort, documents: Sequence[int]
) -> dict[int, float | str | None]:
    """By document the value to sort by, None where it has none."""
    scope = Scope.of_keys(documents)
    value, parameters = _sort_value(schema, order)
    query = f"SELECT d.key, {value} FROM documents d WHERE {scope.sql}"  # noqa: S608
    return dict(connection.execute(query, (*parameters, *scope.parameters)).fetchall())


def _sort_value(schema: Schema, order: Sort) -> tuple[str, tuple[str | float, ...]]:
    field = schema.field(order.field)
    if order.field == ID_FIELD:
        return "d.id", ()
    if isinstance(field, TextField):
        raise SearchError(ErrorCode.BAD_QUERY, f"{order.field} is searched text and has no order", field=order.field)
    table = "keywords" if isinstance(field, KeywordField) else "numbers"
    least = "max" if order.descending else "min"
    own = f"(SELECT {least}(value) FROM {table} v WHERE v.document = d.key AND v.field = ?)"  # noqa: S608
    if order.field not in schema.variants or order.among is None:
        return own, (order.field,)
    of_variants, parameters = value_of_variants(order.field, least, order.among, schema)
    return f"coalesce({of_variants}, {own})", (*parameters, order.field)


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
    connection: sqlite3.Connection, schema: Schema, tenant: str, boost: Boost | Recency, now: float, documents: Keys
) -> NDArray[np.float64]:
    """The factor (at least 1) by which the score of each of `documents` [n] grows, [n]; `now` in seconds since 1970."""
    wanted = NumberField if isinstance(boost, Boost) else DateField
    if not isinstance(schema.field(boost.field), wanted):
        kind = "number" if isinstance(boost, Boost) else "date"
        raise SearchError(ErrorCode.BAD_QUERY, f"{boost.field} is no {kind} to boost by", field=boost.field)
    rows = connection.execute(
        "SELECT document, max(value) FROM numbers WHERE field = ? AND document IN (SELECT value FROM json_each(?))"
        " GROUP BY document",
        (boost.field, json.dumps(documents.tolist())),
    )
    known = dict(rows.fetchall())
    values = np.array([known.get(document, np.nan) for document in documents.tolist()])
    if isinstance(boost, Boost):
        largest = _largest(connection, tenant, boost.field)
        growth = np.log1p(np.maximum(values, 0.0)) / np.log1p(largest) if largest > 0 else np.zeros(len(values))
    else:
        ages = (as_number(clean_date("now", boost.now)) if boost.now else now) - values
        growth = 2.0 ** (-np.maximum(ages, 0.0) / boost.half_life.total_seconds())
    factors: NDArray[np.float64] = 1 + boost.weight * np.nan_to_num(growth, nan=0.0)
    return factors


def _largest(connection: sqlite3.Connection, tenant: str, field: str) -> float:
    """The largest number of the tenant in the field, 0 where there is none: read from the top of the table's order."""
    query = (
        "SELECT v.value FROM numbers v CROSS JOIN documents d ON d.key = v.document"
        " WHERE v.field = ? AND d.tenant = ? ORDER BY v.value DESC LIMIT 1"
    )
    row = connection.execute(query, (field, tenant)).fetchone()
    return float(row[0]) if row else 0.0


def numbers(
    connection: sqlite3.Connection, schema: Schema, field: str, documents: Sequence[int]
) -> NDArray[np.float64]:
    """The number [n] that each document has in a field, the largest of several; NaN where it has none."""
    known = sort_values(connection, schema, Sort(field, descending=True), list(set(documents)))
    return np.array([np.nan if known.get(key) is None else known[key] for key in documents], np.float64)


def values(connection: sqlite3.Connection, schema: Schema, tenant: str, name: str) -> dict[Value, int]:
    """How many of the tenant's documents have each value of a field, the most frequent first: all of them."""
    field = schema.field(name)
    if isinstance(field, TextField) or name == ID_FIELD:
        raise SearchError(ErrorCode.BAD_QUERY, f"the values of {name} cannot be listed", field=name)
    table = "keywords" if isinstance(field, KeywordField) else "numbers"
    rows = connection.execute(
        f"SELECT v.value, count(*) AS n FROM {table} v CROSS JOIN documents d ON d.key = v.document"  # noqa: S608
        " WHERE v.field = ? AND d.tenant = ? GROUP BY v.value ORDER BY n DESC, v.value",
        (name, tenant),
    )
    return dict(rows.fetchall())

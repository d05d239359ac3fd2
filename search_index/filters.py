"""Filters: a small algebra over a document's values, evaluated by the database and therefore never approximate."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from search_index.errors import ErrorCode, SearchError
from search_index.schema import (
    ID_FIELD,
    MAX_KEYWORD,
    KeywordField,
    Scalar,
    Schema,
    TextField,
    as_number,
    clean,
    clean_text,
)

MAX_DEPTH = 12
"""Nesting that SQLite's parser is sure to take."""
MAX_PARTS = 500
"""Parts of one And or Or; longer lists of values belong into AnyOf."""

Sql = tuple[str, list[str | float]]


class Filter:
    """Base of all filters; they combine with `&`, `|` and `~`."""

    def __and__(self, other: Filter) -> And:
        return And(self, other)

    def __or__(self, other: Filter) -> Or:
        return Or(self, other)

    def __invert__(self) -> Not:
        return Not(self)


@dataclass(frozen=True)
class Equals(Filter):
    """The field has this value; where it has many, one of them is it. A document without the field does not match."""

    field: str
    value: Scalar


@dataclass(frozen=True, init=False)
class AnyOf(Filter):
    """The field has one of these values (none given: nothing matches)."""

    field: str
    values: tuple[Scalar, ...]

    def __init__(self, field: str, values: Iterable[Scalar]) -> None:
        object.__setattr__(self, "field", field)
        object.__setattr__(self, "values", tuple(values))


@dataclass(frozen=True)
class Range(Filter):
    """The number or date lies between the bounds, both included; a bound left out is open."""

    field: str
    minimum: Scalar | None = None
    maximum: Scalar | None = None


@dataclass(frozen=True, init=False)
class And(Filter):
    """All parts match (none given: everything matches)."""

    parts: tuple[Filter, ...]

    def __init__(self, *parts: Filter) -> None:
        object.__setattr__(self, "parts", parts)


@dataclass(frozen=True, init=False)
class Or(Filter):
    """At least one part matches (none given: nothing matches)."""

    parts: tuple[Filter, ...]

    def __init__(self, *parts: Filter) -> None:
        object.__setattr__(self, "parts", parts)


@dataclass(frozen=True)
class Not(Filter):
    """The part does not match; a document without the field it names is therefore included."""

    part: Filter


def to_sql(condition: Filter, schema: Schema, depth: int = 0) -> Sql:
    """Compile a filter to a condition over the table alias `d` of documents, and its parameters.

    Every part is a membership test, so no NULL arises and Not is a true complement.
    Raises `SearchError`: unknown_field, bad_value for a value of the wrong type, bad_filter for what is no filter.
    """
    if depth > MAX_DEPTH:
        raise SearchError(ErrorCode.BAD_FILTER, f"the filter is nested more than {MAX_DEPTH} deep")
    match condition:
        case Equals(field=name, value=value):
            return _any_of(name, (value,), schema)
        case AnyOf(field=name, values=values):
            return _any_of(name, values, schema)
        case Range():
            return _range(condition, schema)
        case And(parts=parts):
            return _joined(" AND ", "1", parts, schema, depth)
        case Or(parts=parts):
            return _joined(" OR ", "0", parts, schema, depth)
        case Not(part=part):
            sql, parameters = to_sql(part, schema, depth + 1)
            return f"NOT {sql}", parameters
    raise SearchError(ErrorCode.BAD_FILTER, f"{condition!r:.80} is no filter")


def _joined(operator: str, empty: str, parts: tuple[Filter, ...], schema: Schema, depth: int) -> Sql:
    if len(parts) > MAX_PARTS:
        raise SearchError(ErrorCode.BAD_FILTER, f"a filter joins {len(parts)} parts; at most {MAX_PARTS} are taken")
    compiled = [to_sql(part, schema, depth + 1) for part in parts]
    sql = operator.join(sql for sql, _ in compiled) or empty
    return f"({sql})", [parameter for _, parameters in compiled for parameter in parameters]


def _any_of(name: str, values: tuple[Scalar, ...], schema: Schema) -> Sql:
    field = schema.field(name)
    if isinstance(field, TextField):
        raise SearchError(ErrorCode.BAD_FILTER, f"{name} is searched text; filters need a typed field", field=name)
    if isinstance(field, KeywordField):
        listed = json.dumps([clean_text(name, value, MAX_KEYWORD) for value in values], ensure_ascii=False)
        if name == ID_FIELD:
            return "d.id IN (SELECT value FROM json_each(?))", [listed]
        return _members("keywords", "value IN (SELECT value FROM json_each(?))"), [name, listed]
    listed = json.dumps([as_number(clean(name, field, value)) for value in values])
    return _members("numbers", "value IN (SELECT value FROM json_each(?))"), [name, listed]


def _range(condition: Range, schema: Schema) -> Sql:
    name = condition.field
    field = schema.field(name)
    if isinstance(field, TextField | KeywordField):
        raise SearchError(ErrorCode.BAD_FILTER, f"{name} is text and has no range", field=name)
    parameters: list[str | float] = [name]
    bounds = []
    for operator, bound in ((">=", condition.minimum), ("<=", condition.maximum)):
        if bound is not None:
            bounds.append(f"value {operator} ?")
            parameters.append(as_number(clean(name, field, bound)))
    if not bounds:
        raise SearchError(ErrorCode.BAD_FILTER, f"the range of {name} has no bound", field=name)
    return _members("numbers", " AND ".join(bounds)), parameters


def _members(table: str, condition: str) -> str:
    return f"d.key IN (SELECT document FROM {table} WHERE field = ? AND {condition})"  # noqa: S608 (constants only)

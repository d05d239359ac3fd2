"""Filters: a small algebra over a document's values, evaluated by the database and therefore never approximate."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from search_index.errors import ErrorCode, SearchError
from search_index.schema import ID_FIELD, KeywordField, Scalar, Schema, TextField, as_number, clean_one

MAX_DEPTH = 12
"""Nesting that SQLite's parser is sure to take."""
MAX_PARTS = 500
"""Parts of one filter in all; longer lists of values belong into AnyOf."""

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
    """A number or date of the field lies between the bounds; a bound left out is open.

    `minimum` and `maximum` are included, `above` and `below` are not. Where the field has many values, one of them
    has to lie within all bounds. A document without the field does not match.
    """

    field: str
    minimum: Scalar | None = None
    maximum: Scalar | None = None
    above: Scalar | None = None
    below: Scalar | None = None


@dataclass(frozen=True)
class Exists(Filter):
    """The document has a value in the field."""

    field: str


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


def to_sql(condition: Filter, schema: Schema) -> Sql:
    """Compile a filter to a condition over the table alias `d` of documents, and its parameters.

    Every part is a membership test, so no NULL arises and Not is a true complement.
    Raises `SearchError`: unknown_field, bad_value for a value of the wrong type, bad_filter for what is no filter.
    """
    if _size(condition, 0) > MAX_PARTS:
        raise SearchError(ErrorCode.BAD_FILTER, f"the filter has more than {MAX_PARTS} parts")
    return _compiled(condition, schema)


def _size(condition: Filter, depth: int) -> int:
    """How many parts there are; stops counting soon after there are too many."""
    if depth > MAX_DEPTH:
        raise SearchError(ErrorCode.BAD_FILTER, f"the filter is nested more than {MAX_DEPTH} deep")
    match condition:
        case Not(part=part):
            return 1 + _size(part, depth + 1)
        case And(parts=parts) | Or(parts=parts):
            size = 1
            for part in parts:
                size += _size(part, depth + 1)
                if size > MAX_PARTS:
                    break
            return size
    return 1


def _compiled(condition: Filter, schema: Schema) -> Sql:
    match condition:
        case Equals(field=name, value=value):
            return _any_of(name, (value,), schema)
        case AnyOf(field=name, values=values):
            return _any_of(name, values, schema)
        case Range():
            return _range(condition, schema)
        case Exists(field=name):
            return ("1", []) if name == ID_FIELD else (_members(_table(name, schema), "1"), [name])
        case And(parts=parts):
            return _joined(" AND ", "1", parts, schema)
        case Or(parts=parts):
            return _joined(" OR ", "0", parts, schema)
        case Not(part=part):
            sql, parameters = _compiled(part, schema)
            return f"NOT {sql}", parameters
    raise SearchError(ErrorCode.BAD_FILTER, f"{condition!r:.80} is no filter")


def _joined(operator: str, empty: str, parts: tuple[Filter, ...], schema: Schema) -> Sql:
    compiled = [_compiled(part, schema) for part in parts]
    sql = operator.join(sql for sql, _ in compiled) or empty
    return f"({sql})", [parameter for _, parameters in compiled for parameter in parameters]


def _any_of(name: str, values: tuple[Scalar, ...], schema: Schema) -> Sql:
    table, field = _table(name, schema), schema.field(name)
    cleaned = [clean_one(name, field, value) for value in values]
    if name == ID_FIELD:
        return "d.id IN (SELECT value FROM json_each(?))", [json.dumps(cleaned, ensure_ascii=False)]
    kept = [value if isinstance(value, str) else as_number(value) for value in cleaned]
    listed = json.dumps(kept, ensure_ascii=False)
    return _members(table, "value IN (SELECT value FROM json_each(?))"), [name, listed]


def _range(condition: Range, schema: Schema) -> Sql:
    name = condition.field
    if _table(name, schema) != "numbers":
        raise SearchError(ErrorCode.BAD_FILTER, f"{name} is text and has no range", field=name)
    parameters: list[str | float] = [name]
    compared = []
    bounds = ((">=", condition.minimum), ("<=", condition.maximum), (">", condition.above), ("<", condition.below))
    for operator, bound in bounds:
        if bound is not None:
            compared.append(f"value {operator} ?")
            parameters.append(as_number(clean_one(name, schema.field(name), bound)))
    if not compared:
        raise SearchError(ErrorCode.BAD_FILTER, f"the range of {name} has no bound", field=name)
    return _members("numbers", " AND ".join(compared)), parameters


def _table(name: str, schema: Schema) -> str:
    """Where the values of a field are kept."""
    match schema.field(name):
        case TextField():
            raise SearchError(ErrorCode.BAD_FILTER, f"{name} is searched text; filters need a typed field", field=name)
        case KeywordField():
            return "keywords"
        case _:
            return "numbers"


def _members(table: str, condition: str) -> str:
    return f"d.key IN (SELECT document FROM {table} WHERE field = ? AND {condition})"  # noqa: S608 (constants only)

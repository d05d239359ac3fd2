"""Filters: a small algebra over a document's values, evaluated by the database and therefore never approximate."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from search_index.errors import ErrorCode, SearchError
from search_index.schema import ID_FIELD, BooleanField, KeywordField, Scalar, Schema, TextField, as_number, clean_one

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


@dataclass(frozen=True)
class OneVariant(Filter):
    """One of the document's variants passes the part by itself: a shoe in size 42 that is red, not one in size 42
    and another that is red. Of other fields than those of variants, the document's values count, and of a document
    without variants all of them.
    """

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
        case Not(part=part) | OneVariant(part=part):
            return 1 + _size(part, depth + 1)
        case And(parts=parts) | Or(parts=parts):
            size = 1
            for part in parts:
                size += _size(part, depth + 1)
                if size > MAX_PARTS:
                    break
            return size
    return 1


def _compiled(condition: Filter, schema: Schema, variant: bool = False) -> Sql:
    """`variant`: fields of variants are those of `v`, a row of `json_each` over the variants of `d`."""
    match condition:
        case Equals(field=name, value=value):
            return _any_of(name, (value,), schema, variant)
        case AnyOf(field=name, values=values):
            return _any_of(name, values, schema, variant)
        case Range():
            return _range(condition, schema, variant)
        case Exists(field=name):
            if name == ID_FIELD:
                return "1", []
            return _has(name, _table(name, schema), "value IS NOT NULL", schema, variant), [name]
        case And(parts=parts):
            return _joined(" AND ", "1", parts, schema, variant)
        case Or(parts=parts):
            return _joined(" OR ", "0", parts, schema, variant)
        case Not(part=part):
            sql, parameters = _compiled(part, schema, variant)
            return f"NOT {sql}", parameters
        case OneVariant(part=part):
            return _compiled(part, schema, True) if variant else _one_variant(part, schema)
    raise SearchError(ErrorCode.BAD_FILTER, f"{condition!r:.80} is no filter")


def _one_variant(part: Filter, schema: Schema) -> Sql:
    """First what the document must have in any case: that is found by the tables' order, without its variants."""
    plain, parameters = _compiled(part, schema)
    if not schema.variants:
        return plain, parameters
    parts = part.parts if isinstance(part, And) else (part,)
    necessary, needed = _joined(" AND ", "1", tuple(one for one in parts if _grows(one, schema)), schema, False)
    inside, given = _compiled(part, schema, True)
    own = f"EXISTS (SELECT 1 FROM variants n, json_each(n.listed) v WHERE n.document = d.key AND {inside})"  # noqa: S608
    several = "EXISTS (SELECT 1 FROM variants n WHERE n.document = d.key)"
    return f"({necessary} AND CASE WHEN {several} THEN {own} ELSE {plain} END)", [*needed, *given, *parameters]


def _grows(condition: Filter, schema: Schema) -> bool:
    """Whether more values never make it fail, so that what holds for a variant holds for its document."""
    match condition:
        case Not() | OneVariant():
            return False
        case And(parts=parts) | Or(parts=parts):
            return all(_grows(part, schema) for part in parts)
        case Equals(field=name) | AnyOf(field=name) | Range(field=name):
            return not isinstance(schema.field(name), BooleanField)  # of those the document has but one
    return True


def value_of_variants(name: str, least: str, passing: Filter | None, schema: Schema) -> Sql:
    """The `least` ("min" or "max") of the values that the variants of `d` have, of those alone that are `passing`."""
    condition, parameters = _compiled(passing, schema, True) if passing else ("1", [])
    sql = (
        f"(SELECT {least}(v.value ->> ?) FROM variants n, json_each(n.listed) v"  # noqa: S608 (constants only)
        f" WHERE n.document = d.key AND {condition})"
    )
    return sql, [name, *parameters]


def _joined(operator: str, empty: str, parts: tuple[Filter, ...], schema: Schema, variant: bool) -> Sql:
    compiled = [_compiled(part, schema, variant) for part in parts]
    sql = operator.join(sql for sql, _ in compiled) or empty
    return f"({sql})", [parameter for _, parameters in compiled for parameter in parameters]


def _any_of(name: str, values: tuple[Scalar, ...], schema: Schema, variant: bool) -> Sql:
    table, field = _table(name, schema), schema.field(name)
    cleaned = [clean_one(name, field, value) for value in values]
    if name == ID_FIELD:
        return "d.id IN (SELECT value FROM json_each(?))", [json.dumps(cleaned, ensure_ascii=False)]
    kept = [value if isinstance(value, str) else as_number(value) for value in cleaned]
    listed = json.dumps(kept, ensure_ascii=False)
    return _has(name, table, "value IN (SELECT value FROM json_each(?))", schema, variant), [name, listed]


def _range(condition: Range, schema: Schema, variant: bool) -> Sql:
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
    return _has(name, "numbers", " AND ".join(compared), schema, variant), parameters


def _table(name: str, schema: Schema) -> str:
    """Where the values of a field are kept."""
    match schema.field(name):
        case TextField():
            raise SearchError(ErrorCode.BAD_FILTER, f"{name} is searched text; filters need a typed field", field=name)
        case KeywordField():
            return "keywords"
        case _:
            return "numbers"


def _has(name: str, table: str, condition: str, schema: Schema, variant: bool) -> str:
    """That the document, or the variant `v` of it, has such a value; the first parameter is the field's name."""
    if variant and name in schema.variants:
        return f"EXISTS (SELECT 1 FROM (SELECT v.value ->> ? AS value) WHERE {condition})"  # noqa: S608
    return f"d.key IN (SELECT document FROM {table} WHERE field = ? AND {condition})"  # noqa: S608 (constants only)

"""The typed shape of a collection: its fields, and what a value of each may be."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any

from search_index.errors import ErrorCode, SearchError

MAX_TEXT = 1_000_000
"""Characters of one text value; longer texts belong into chunks."""
MAX_KEYWORD = 1_000
"""Characters of one keyword or id."""
MAX_VALUES = 1_000
"""Values of one field that takes a list, in one document."""
MAX_NUMBER = 2.0**53
"""Numbers are kept as doubles; beyond this size whole numbers would no longer be told apart."""

ID_FIELD = "id"
"""Filters may name the document's id like a keyword field."""

_is_name = re.compile(r"[a-z][a-z0-9_]{0,62}").fullmatch
_not_text = re.compile("[\x00\ud800-\udfff]").search

Scalar = str | int | float | date
"""What a filter compares with (`bool` is an `int`, `datetime` a `date`)."""
Value = Scalar | list[str] | list[int | float] | tuple[str | int | float, ...] | None


@dataclass(frozen=True)
class TextField:
    """Words to search. `weight` multiplies its word scores; `sound` lets names in it be linked though misheard."""

    weight: float = 1.0
    stemmed: bool = True
    sound: bool = False


@dataclass(frozen=True)
class KeywordField:
    """Exact values to filter and count by; with a `weight` above 0 its words are searched too.

    `many` takes a list of values. A value that is a code (an EAN, a model number) is found in full whatever its
    hyphens, spaces and case.
    """

    many: bool = False
    weight: float = 0.0
    sound: bool = False


@dataclass(frozen=True)
class NumberField:
    """A finite number, at most 2**53 in size; `many` takes a list of them."""

    many: bool = False


@dataclass(frozen=True)
class DateField:
    """A day or a moment: `date`, `datetime` (UTC where it names no zone) or ISO 8601 text."""


@dataclass(frozen=True)
class BooleanField:
    """True or false."""


Field = TextField | KeywordField | NumberField | DateField | BooleanField


@dataclass(frozen=True)
class Schema:
    """A named set of typed fields. Raises `SearchError` (bad_schema) for names or weights that cannot be.

    `variants` names the fields that the variants of a document have, each of its own: keywords and numbers that are
    `many`, since the document has them all, and booleans, of which the document's is whether any variant has it.
    """

    name: str
    fields: Mapping[str, Field]
    variants: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not _is_name(self.name):
            raise SearchError(ErrorCode.BAD_SCHEMA, f"collection name {self.name!r} is not a lower-case identifier")
        for name, field in self.fields.items():
            if not _is_name(name) or name == ID_FIELD:
                raise SearchError(ErrorCode.BAD_SCHEMA, f"{name!r} cannot name a field", field=name)
            if not isinstance(field, Field):
                raise SearchError(ErrorCode.BAD_SCHEMA, f"{name} is no field but {field!r}", field=name)
            if isinstance(field, TextField | KeywordField) and not (math.isfinite(field.weight) and field.weight >= 0):
                raise SearchError(ErrorCode.BAD_SCHEMA, f"weight of {name} must be finite and not negative", field=name)
        for name in self.variants:
            field = self.field(name)
            if not (isinstance(field, BooleanField) or (isinstance(field, KeywordField | NumberField) and field.many)):
                raise SearchError(ErrorCode.BAD_SCHEMA, f"{name} cannot be a field of variants", field=name)

    def field(self, name: str) -> Field:
        """Return the field called `name`, or raise `SearchError` (unknown_field)."""
        if name == ID_FIELD:
            return KeywordField()
        try:
            return self.fields[name]
        except (KeyError, TypeError):
            known = ", ".join(sorted(self.fields))
            raise SearchError(
                ErrorCode.UNKNOWN_FIELD, f"{self.name} has no field {name!r}; it has {known}", field=str(name)
            ) from None

    def searched(self) -> dict[str, TextField | KeywordField]:
        """Fields whose words are searched, the heaviest first."""
        found = {n: f for n, f in self.fields.items() if isinstance(f, TextField | KeywordField) and f.weight > 0}
        return dict(sorted(found.items(), key=lambda item: -item[1].weight))

    def sounded(self) -> list[str]:
        """Fields whose values can be linked to what was heard."""
        return [n for n, f in self.fields.items() if isinstance(f, TextField | KeywordField) and f.sound]

    def canonical(self) -> str:
        """One string per schema: equal strings mean the stored data needs no reshaping."""
        fields = {name: [type(field).__name__, asdict(field)] for name, field in sorted(self.fields.items())}
        return json.dumps([self.name, fields, *([sorted(self.variants)] if self.variants else [])], sort_keys=True)


def clean(name: str, field: Field, value: Any) -> Value:
    """Return `value` in the one form it is kept in, or raise `SearchError` (bad_value) naming the field."""
    match field:
        case TextField():
            return clean_text(name, value, MAX_TEXT)
        case KeywordField(many=True):
            return list(dict.fromkeys(clean_text(name, one, MAX_KEYWORD) for one in _listed(name, value)))
        case KeywordField():
            return clean_text(name, value, MAX_KEYWORD)
        case NumberField(many=True):
            return list(dict.fromkeys(clean_number(name, one) for one in _listed(name, value)))
        case NumberField():
            return clean_number(name, value)
        case DateField():
            return clean_date(name, value)
        case BooleanField():
            return clean_boolean(name, value)


def clean_one(name: str, field: Field, value: Any) -> Scalar:
    """Return a value to compare the field's values with, in the form they are kept in; errors as for `clean`."""
    match field:
        case TextField() | KeywordField():
            return clean_text(name, value, MAX_KEYWORD)
        case NumberField():
            return clean_number(name, value)
        case DateField():
            return clean_date(name, value)
        case BooleanField():
            return clean_boolean(name, value)


def clean_text(name: str, value: Any, longest: int) -> str:
    if not isinstance(value, str):
        raise _bad(name, f"must be text, not {type(value).__name__}")
    if len(value) > longest:
        raise _bad(name, f"is {len(value):,} characters long; at most {longest:,} are kept")
    if _not_text(value):
        raise _bad(name, "holds a null character or half a surrogate pair, which is no text")
    return value


def clean_number(name: str, value: Any) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _bad(name, f"must be a number, not {type(value).__name__}")
    if not abs(value) <= MAX_NUMBER:
        raise _bad(name, "must be finite and at most 2**53 in size")
    return value


def clean_date(name: str, value: Any) -> date:
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value) if len(value) <= 10 else datetime.fromisoformat(value)
        except ValueError:
            raise _bad(name, f"{value[:40]!r} is no ISO 8601 date") from None
    if isinstance(value, datetime):
        try:
            return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        except OverflowError:
            raise _bad(name, "is outside the calendar") from None
    if not isinstance(value, date):
        raise _bad(name, f"must be a date, not {type(value).__name__}")
    return value


def clean_boolean(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise _bad(name, "must be true or false")
    return value


def as_number(value: Scalar) -> float:
    """The number a date (seconds since 1970, UTC), boolean or number is compared by; texts have none."""
    if isinstance(value, datetime):
        return value.timestamp()
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC).timestamp()
    assert not isinstance(value, str)
    return float(value)


def _listed(name: str, value: Any) -> list[Any] | tuple[Any, ...]:
    if not isinstance(value, list | tuple) or len(value) > MAX_VALUES:
        raise _bad(name, f"must be a list of at most {MAX_VALUES:,} values")
    return value


def _bad(name: str, problem: str) -> SearchError:
    return SearchError(ErrorCode.BAD_VALUE, f"{name} {problem}", field=name)

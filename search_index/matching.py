"""Filters held against a document in memory: what the database says of stored ones, and which variants pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from search_index.documents import Document, values_of
from search_index.errors import ErrorCode, SearchError
from search_index.filters import And, AnyOf, Equals, Exists, Filter, Not, OneVariant, Or, Range
from search_index.schema import ID_FIELD, Scalar, Schema, Value, as_number, clean_one

Values = Mapping[str, Value]


def passes(condition: Filter, document: Document, schema: Schema) -> bool:
    """Whether the document passes the filter, as it does once it is stored; raises `SearchError` as a search does."""
    return _passes(condition, replace(document, values=values_of(schema, document)), schema, None)


def passing_variants(condition: Filter, document: Document, schema: Schema) -> tuple[int, ...]:
    """The numbers of the document's variants that pass the filter, each by itself."""
    whole = replace(document, values=values_of(schema, document))
    return tuple(number for number, one in enumerate(document.variants) if _passes(condition, whole, schema, one))


def _passes(condition: Filter, document: Document, schema: Schema, variant: Values | None) -> bool:
    match condition:
        case And(parts=parts):
            return all(_passes(part, document, schema, variant) for part in parts)
        case Or(parts=parts):
            return any(_passes(part, document, schema, variant) for part in parts)
        case Not(part=part):
            return not _passes(part, document, schema, variant)
        case OneVariant(part=part):
            if variant is not None or not document.variants:
                return _passes(part, document, schema, variant)
            return any(_passes(part, document, schema, one) for one in document.variants)
        case Equals(field=name, value=value):
            return _comparable(name, value, schema) in _ones(name, document, schema, variant)
        case AnyOf(field=name, values=values):
            wanted = {_comparable(name, value, schema) for value in values}
            return any(one in wanted for one in _ones(name, document, schema, variant))
        case Exists(field=name):
            return bool(_ones(name, document, schema, variant))
        case Range(field=name):
            return any(_within(condition, one, schema) for one in _ones(name, document, schema, variant))
    raise SearchError(ErrorCode.BAD_FILTER, f"{condition!r:.80} is no filter")


def _ones(name: str, document: Document, schema: Schema, variant: Values | None) -> list[str | float]:
    """The values to compare with: the variant's own of a field of variants, else the document's."""
    schema.field(name)
    if name == ID_FIELD:
        return [document.id]
    own = variant is not None and name in schema.variants
    value = variant.get(name) if own and variant is not None else document.values.get(name)
    ones = value if isinstance(value, list | tuple) else [] if value is None else [value]
    return [_comparable(name, one, schema) for one in ones]


def _comparable(name: str, value: Scalar, schema: Schema) -> str | float:
    cleaned = clean_one(name, schema.field(name), value)
    return cleaned if isinstance(cleaned, str) else as_number(cleaned)


def _within(condition: Range, value: str | float, schema: Schema) -> bool:
    def bound(limit: Scalar | None) -> float | None:
        return None if limit is None else float(_comparable(condition.field, limit, schema))

    number = float(value)
    least, most, above, below = map(bound, (condition.minimum, condition.maximum, condition.above, condition.below))
    return (
        (least is None or number >= least)
        and (most is None or number <= most)
        and (above is None or number > above)
        and (below is None or number < below)
    )

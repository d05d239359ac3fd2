"""Documents as callers give them, and the record of one that is ready to be stored."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from search_index.codes import codes_of
from search_index.errors import ErrorCode, SearchError
from search_index.schema import (
    ID_FIELD,
    MAX_KEYWORD,
    BooleanField,
    KeywordField,
    Schema,
    TextField,
    Value,
    as_number,
    clean,
    clean_one,
    clean_text,
)

MAX_CHUNK = 20_000
"""Characters of one chunk."""
MAX_CHUNKS = 20_000
"""Chunks of one document: more than a day of speech in windows of five seconds."""
MAX_VARIANTS = 1_000


@dataclass(frozen=True)
class Chunk:
    """A part of a document with its place in time (milliseconds); an empty `id` becomes its number, from 1.

    `context` is what follows or surrounds `text` there: its words help to find the chunk, but it is neither shown
    nor part of the vector. `windows` makes such chunks out of a transcript.
    """

    text: str
    start_ms: int = 0
    end_ms: int = 0
    id: str = ""
    context: str = ""


@dataclass(frozen=True)
class Document:
    """What is indexed: typed `values`, timed `chunks`, and the tenant alone who may find it.

    `variants` are things of which the document is one of several in all but a few fields (`Schema.variants`), such as
    the sizes of a shoe; the document's own values of these fields are those of all its variants.
    """

    id: str
    values: Mapping[str, Value] = field(default_factory=dict)
    chunks: tuple[Chunk, ...] = ()
    tenant: str = ""
    variants: tuple[Mapping[str, Value], ...] = ()


@dataclass(frozen=True)
class Record:
    """A checked document, taken apart into what each table keeps.

    `fingerprint` covers everything, `content` only what words, names and vectors are made from, so that a changed
    price does not cause anything to be indexed or embedded again.
    """

    id: str
    tenant: str
    body: str
    variants: str
    passages: tuple[Chunk, ...]
    keywords: tuple[tuple[str, str], ...]
    numbers: tuple[tuple[str, float], ...]
    names: tuple[tuple[str, str], ...]
    fingerprint: bytes
    content: bytes


def prepare(schema: Schema, document: Document) -> Record:
    """Check a document against its schema and take it apart; raises `SearchError` naming document and field."""
    try:
        identity = _clean_id(document.id)
        tenant = clean_text("tenant", document.tenant, MAX_KEYWORD)
        variants = _clean_variants(schema, document.variants)
        values = values_of(schema, document)
        chunks = _clean_chunks(document.chunks)
    except SearchError as error:
        raise SearchError(error.code, f"document {document.id!r:.80}: {error}", field=error.field) from error
    keywords, numbers, names = _attributes(schema, values)
    body = json.dumps(values, default=_isoformat, ensure_ascii=False)
    listed = json.dumps(variants, ensure_ascii=False) if variants else ""
    passages = (Chunk(text=own_text(schema, values)), *chunks)
    searched = {name: values[name] for name in schema.searched() if name in values}
    codes = codes_of(values, schema)
    return Record(
        identity, tenant, body, listed, passages, keywords, numbers, names,
        fingerprint=_digest(body, chunks, *([listed] if listed else [])),
        content=_digest(searched, codes, names, passages),
    )  # fmt: skip


def values_of(schema: Schema, document: Document) -> dict[str, Value]:
    """The document's values as they are kept, those of its variants among them; raises `SearchError`."""
    return _clean_values(schema, document.values) | _of_all(schema, _clean_variants(schema, document.variants))


def own_text(schema: Schema, values: Mapping[str, Value]) -> str:
    """The document in one text, for its vector: its searched fields, the heaviest first."""
    parts = [words_of(values.get(name)) for name in schema.searched()]
    return ". ".join(part for part in parts if part.strip())


def words_of(value: Value) -> str:
    """A text or keyword value as running text."""
    if isinstance(value, list | tuple):
        return ", ".join(str(one) for one in value)
    return str(value or "")


def decode(schema: Schema, body: str) -> dict[str, Value]:
    """The values of a stored document; fields the schema no longer has are left out."""
    stored: dict[str, Any] = json.loads(body)
    return {name: clean(name, schema.fields[name], value) for name, value in stored.items() if name in schema.fields}


def decode_variants(schema: Schema, listed: str) -> tuple[Mapping[str, Value], ...]:
    """The variants of a stored document, as `decode` its values."""
    stored: list[dict[str, Any]] = json.loads(listed or "[]")
    return tuple({name: value for name, value in one.items() if name in schema.variants} for one in stored)


def _clean_id(identity: str) -> str:
    if not clean_text(ID_FIELD, identity, MAX_KEYWORD):
        raise SearchError(ErrorCode.BAD_VALUE, "id is empty", field=ID_FIELD)
    return identity


def _clean_values(schema: Schema, values: Mapping[str, Value]) -> dict[str, Value]:
    cleaned = {}
    for name in sorted(values):
        kind = schema.field(name)
        if name == ID_FIELD:
            raise SearchError(ErrorCode.UNKNOWN_FIELD, "id is not among the values but beside them", field=ID_FIELD)
        if values[name] is not None:
            cleaned[name] = clean(name, kind, values[name])
    return cleaned


def _clean_variants(schema: Schema, variants: Sequence[Mapping[str, Value]]) -> list[dict[str, Value]]:
    if len(variants) > MAX_VARIANTS:
        message = f"has {len(variants):,} variants; at most {MAX_VARIANTS:,} are kept"
        raise SearchError(ErrorCode.BAD_VALUE, message, field="variants")
    return [
        {name: _clean_of_variant(schema, name, value) for name, value in sorted(one.items()) if value is not None}
        for one in variants
    ]


def _clean_of_variant(schema: Schema, name: str, value: Value) -> Value:
    if name not in schema.variants:
        raise SearchError(ErrorCode.BAD_VALUE, f"{name} is no field of variants", field=name)
    return clean_one(name, schema.field(name), value)


def _of_all(schema: Schema, variants: Sequence[Mapping[str, Value]]) -> dict[str, Value]:
    """The document's values of the fields of its variants."""
    found: dict[str, list[Any]] = {}
    for one in variants:
        for name, value in one.items():
            found.setdefault(name, []).append(value)
    return {
        name: any(values) if isinstance(schema.fields[name], BooleanField) else list(dict.fromkeys(values))
        for name, values in found.items()
    }


def _clean_chunks(chunks: tuple[Chunk, ...]) -> tuple[Chunk, ...]:
    if len(chunks) > MAX_CHUNKS:
        message = f"has {len(chunks):,} chunks; at most {MAX_CHUNKS:,} are kept"
        raise SearchError(ErrorCode.BAD_VALUE, message, field="chunks")
    cleaned = []
    for number, chunk in enumerate(chunks, start=1):
        where = f"chunk {number}"
        times = (chunk.start_ms, chunk.end_ms)
        if not all(type(time) is int for time in times) or not 0 <= chunk.start_ms <= chunk.end_ms < 2**53:
            message = f"{where} must start at or after 0 ms and not end before it starts"
            raise SearchError(ErrorCode.BAD_VALUE, message, field=where)
        identity = clean_text(where, chunk.id, MAX_KEYWORD) or str(number)
        texts = (clean_text(where, text, MAX_CHUNK) for text in (chunk.text, chunk.context))
        cleaned.append(Chunk(next(texts), *times, identity, next(texts)))
    if len({chunk.id for chunk in cleaned}) < len(cleaned):
        raise SearchError(ErrorCode.BAD_VALUE, "two of its chunks have the same id", field="chunks")
    return tuple(cleaned)


def _attributes(
    schema: Schema, values: Mapping[str, Value]
) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, float], ...], tuple[tuple[str, str], ...]]:
    keywords, numbers, names = [], [], []
    sounded = schema.sounded()
    for name, value in values.items():
        kind = schema.fields[name]
        ones = value if isinstance(value, list | tuple) else [value]
        texts = [one for one in ones if isinstance(one, str)]
        if isinstance(kind, KeywordField):
            keywords += [(name, text) for text in texts]
        elif not isinstance(kind, TextField):
            numbers += [(name, as_number(one)) for one in ones if one is not None]
        if name in sounded:
            names += [(name, text) for text in texts if text.strip()]
    return tuple(keywords), tuple(numbers), tuple(names)


def _digest(*parts: Any) -> bytes:
    return hashlib.blake2b(repr(parts).encode(), digest_size=16).digest()


def _isoformat(value: date) -> str:
    return value.isoformat()

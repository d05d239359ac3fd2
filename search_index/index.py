"""A collection on disk: opening it whole, writing to it, and asking it."""

from __future__ import annotations

import fcntl
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from itertools import islice
from pathlib import Path
from threading import RLock
from typing import IO, TypeVar

import numpy as np

from search_index import reading
from search_index.documents import Document, Record, decode, prepare
from search_index.encoder import Encoder, Matrix
from search_index.errors import ErrorCode, SearchError, wrapped
from search_index.filters import AnyOf, Filter
from search_index.query import NameHit, Query, Results, Weights
from search_index.reading import Scope
from search_index.schema import ID_FIELD, MAX_KEYWORD, Schema, clean_text
from search_index.searching import Searcher
from search_index.store import Store
from search_index.vectors import Vectors
from search_index.words import WordEntry, Words

BATCH = 64
"""Documents that become visible, and safe, together."""
REPLAY = 2_000
"""Passages handed to the word index at a time."""

T = TypeVar("T")
Progress = Callable[[int, int | None], None]
"""Called with how many are done, and of how many where that is known."""


class Index:
    """One collection. Searching is safe from any thread; writers take turns; one process at a time has it open.

    A write is first a transaction of the store, then replayed into words and vectors by its sequence number.
    Whatever interrupts it, the next `open` finds the store whole and replays the rest.
    """

    def __init__(
        self,
        path: Path,
        schema: Schema,
        encoder: Encoder,
        weights: Weights,
        lock: IO[str],
        on_progress: Progress | None,
    ) -> None:
        self._schema = schema
        self._encoder = encoder
        self._lock = lock
        self._writing = RLock()
        self._store = Store(path / "store.sqlite")
        self._words = Words(path / "words", schema, str(self._store.meta("identity")))
        self._vectors = Vectors(encoder.dimension)
        self._vectors_seq = 0
        self._closed = False
        try:
            self._recover(on_progress)
        except BaseException:
            self.close()
            raise
        self._searcher = Searcher(schema, self._store, self._words, self._vectors, encoder, weights)

    @classmethod
    def open(
        cls,
        path: Path,
        schema: Schema,
        encoder: Encoder,
        *,
        weights: Weights = Weights(),  # noqa: B008 (frozen)
        on_progress: Progress | None = None,
    ) -> Index:
        """Open the collection in the directory `path`, or make it.

        Missing or damaged word files are made anew. Where the schema changed, the stored documents are checked
        against it and indexed again; where the encoder changed, all texts are embedded again (`on_progress` tells
        how far; interrupted, the next open carries on). `weights` are those of queries that name none.

        Raises `SearchError`: locked (another process has it open), bad_schema (stored documents do not fit the
        schema), storage (the database cannot be used).
        """
        with wrapped(ErrorCode.STORAGE, f"{path} cannot be used", OSError):
            path.mkdir(parents=True, exist_ok=True)
            lock = (path / "lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return cls(path, schema, encoder, weights, lock, on_progress)
        except BlockingIOError as error:
            lock.close()
            raise SearchError(ErrorCode.LOCKED, f"{path} is open in another process") from error
        except BaseException:
            lock.close()
            raise

    def close(self) -> None:
        """Let go of the files once the current write is done. Closing twice is allowed."""
        with self._writing:
            if not self._closed:
                self._closed = True
                self._words.close()
                self._store.close()
                self._lock.close()

    def __enter__(self) -> Index:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def generation(self) -> int:
        """The number of the last change; it grows by one with every committed batch."""
        self._check_open()
        return self._store.seq

    def upsert(self, documents: Iterable[Document], on_progress: Progress | None = None) -> int:
        """Add documents or replace those of the same tenant and id; returns how many were new or different.

        They are committed in batches, each visible to the next query. An error leaves the batches before it in
        place and nothing of its own; doing the whole again is cheap, for what is unchanged is skipped, and a text
        whose vector is known is not encoded again. Raises `SearchError` naming document and field.
        """
        total = len(documents) if isinstance(documents, Sized) else None
        done = changed = 0
        for batch in _batches(documents, BATCH):
            changed += self._write([prepare(self._schema, document) for document in batch])
            done += len(batch)
            if on_progress:
                on_progress(done, total)
        return changed

    def delete(self, ids: Iterable[str], tenant: str = "") -> int:
        """Remove documents by id; returns how many were there."""
        return self.delete_where(AnyOf(ID_FIELD, ids), tenant)

    def delete_where(self, filter: Filter, tenant: str = "") -> int:
        """Remove the tenant's documents that pass the filter; returns how many."""
        scope = Scope.of(self._schema, tenant, filter)
        with self._writing:
            self._check_open()
            deleted = self._store.delete(scope.sql, scope.parameters, self._words.seq)
            self._replay()
        return deleted

    def get(self, id: str, tenant: str = "") -> Document | None:
        """The stored document, or None."""
        self._check_open()
        names = clean_text("tenant", tenant, MAX_KEYWORD), clean_text(ID_FIELD, id, MAX_KEYWORD)
        with self._store.reading() as connection:
            query = "SELECT key, body FROM documents WHERE tenant = ? AND id = ?"
            row = connection.execute(query, names).fetchone()
            return row and Document(id, decode(self._schema, row[1]), reading.chunks_of(connection, row[0]), tenant)

    def count(self, filter: Filter | None = None, tenant: str = "") -> int:
        """How many of the tenant's documents pass the filter."""
        self._check_open()
        scope = Scope.of(self._schema, tenant, filter)
        with self._store.reading() as connection:
            return reading.count(connection, scope)

    def search(self, query: Query) -> Results:
        """Answer a query. The text may be anything at all: it is never read as query syntax."""
        self._check_open()
        return self._searcher.search(query)

    def link(
        self, text: str, field: str = "title", limit: int = 5, filter: Filter | None = None, tenant: str = ""
    ) -> list[NameHit]:
        """Link a name as it was heard to the documents that bear it in `field` (declared with `sound=True`).

        At most one hit a document, best first; spelling and sound both count, so a misheard word does little harm.
        """
        self._check_open()
        return self._searcher.link(text, field, limit, filter, tenant)

    def _check_open(self) -> None:
        if self._closed:
            raise SearchError(ErrorCode.CLOSED, f"the index of {self._schema.name} has been closed")

    def _write(self, records: Sequence[Record]) -> int:
        with self._writing:
            self._check_open()
            changed = self._store.changed(records)
            if changed:
                self._put(changed)
            return len(changed)

    def _put(self, records: Sequence[Record]) -> None:
        fingerprint = self._encoder.fingerprint
        known: dict[str, bytes] = {}
        for record in records:
            known |= self._store.vectors_of(record, fingerprint)
        texts = {passage.text for record in records for passage in record.passages if passage.text.strip()}
        missing = sorted(texts - known.keys())
        known |= zip(missing, self._vectors_for(missing), strict=True)
        self._store.put(records, known, fingerprint, forget=self._words.seq)
        self._replay()

    def _vectors_for(self, texts: Sequence[str]) -> list[bytes]:
        """The texts' vectors as they are stored; raises `SearchError` (encoder) where they are no unit vectors."""
        if not texts:
            return []
        vectors: Matrix = np.asarray(self._encoder.encode(texts), np.float32)
        if vectors.shape != (len(texts), self._encoder.dimension):
            raise SearchError(
                ErrorCode.ENCODER, f"the encoder gave vectors of shape {vectors.shape} for {len(texts)} texts"
            )
        if not np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-2):
            raise SearchError(ErrorCode.ENCODER, "the encoder gave vectors that are not of length 1")
        return [vector.tobytes() for vector in vectors]

    def _replay(self) -> None:
        """Bring words and vectors up to the store."""
        seq = self._store.seq
        if self._vectors_seq < seq:
            keys, vectors = self._store.vectors_since(self._vectors_seq, self._encoder.dimension)
            self._vectors.apply(self._store.removed_since(self._vectors_seq), keys, vectors)
            self._vectors_seq = seq
        if self._words.seq < seq:
            self._words.apply(self._store.removed_since(self._words.seq), self._entries(self._words.seq), seq)

    def _entries(self, seq: int) -> Iterator[WordEntry]:
        key = sys.maxsize  # every passage of change `seq` itself is known
        while passages := self._store.passages_since(seq, key, REPLAY):
            for one in passages:
                values = decode(self._schema, one.body) if one.body else {}
                yield WordEntry(one.key, one.tenant, values, "" if one.body else one.text)
            seq, key = passages[-1].seq, passages[-1].key

    def _recover(self, on_progress: Progress | None) -> None:
        """Make everything derived agree with the store, the schema and the encoder."""
        if self._words.seq > self._store.seq:  # the store is an older copy put back
            self._words.clear()
        self._embed_again(on_progress)
        self._reshape(on_progress)
        self._replay()
        if self._words.count != self._store.count_passages():
            self._words.clear()
            self._replay()

    def _reshape(self, on_progress: Progress | None) -> None:
        """Index the stored documents again where the schema has changed since."""
        canonical = self._schema.canonical()
        if self._store.meta("schema") == canonical:
            return
        for record in self._stored():  # all are checked before the first is written
            del record
        done = 0
        for records in _batches(self._stored(), BATCH):
            self._put(records)
            done += len(records)
            if on_progress:
                on_progress(done, None)
        self._store.set_meta("schema", canonical)

    def _stored(self) -> Iterator[Record]:
        after = 0
        while rows := self._store.bodies(after, BATCH):
            for key, tenant, identity, body in rows:
                try:
                    with self._store.reading() as connection:
                        chunks = reading.chunks_of(connection, key)
                    yield prepare(self._schema, Document(identity, decode(self._schema, body), chunks, tenant))
                except SearchError as error:
                    message = f"stored document {identity!r:.80} does not fit the schema: {error}"
                    raise SearchError(ErrorCode.BAD_SCHEMA, message, field=error.field) from error
            after = rows[-1][0]

    def _embed_again(self, on_progress: Progress | None) -> None:
        """Replace the vectors that another encoder made, batch by batch."""
        fingerprint = self._encoder.fingerprint
        total = self._store.count_foreign(fingerprint)
        done = 0
        while rows := self._store.foreign_texts(fingerprint, BATCH):
            spoken = [(key, text) for key, text in rows if text.strip()]
            vectors = zip((key for key, _ in spoken), self._vectors_for([text for _, text in spoken]), strict=True)
            self._store.set_vectors((dict.fromkeys((key for key, _ in rows)) | dict(vectors)).items(), fingerprint)
            done += len(rows)
            if on_progress:
                on_progress(done, total)


def _batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch

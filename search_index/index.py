"""A collection on disk: opening it whole, writing to it, and asking it."""

from __future__ import annotations

import fcntl
from collections.abc import Iterable, Iterator, Sized
from functools import partial
from pathlib import Path
from typing import IO

from search_index import field_values, reading
from search_index.documents import Document, Record, decode, decode_variants, prepare
from search_index.encoder import Encoder
from search_index.engine import BATCH, Engine, IndexStats, Progress
from search_index.errors import ErrorCode, SearchError, wrapped
from search_index.evidence import Observation
from search_index.filters import AnyOf, Filter
from search_index.query import UNTUNED, Query, Weights
from search_index.reading import Scope
from search_index.relevance.tuning import Tuning, load_reranker, read_tuning
from search_index.results import NameHit, Results
from search_index.schema import ID_FIELD, MAX_KEYWORD, Schema, Value, clean_text
from search_index.searching import Searcher

BATCH_PASSAGES = 4_096
"""Passages from which a batch has no further document: long transcripts are not to pile up in memory."""


class Index:
    """One collection. Searching is safe from any thread; writers take turns; one process at a time has it open.

    Each query sees one consistent state of it: that after some change, whatever is being written meanwhile.
    """

    def __init__(
        self, path: Path, schema: Schema, engine: Engine, weights: Weights, tuning: Tuning, lock: IO[str]
    ) -> None:
        """Use `Index.open`."""
        self._path = path
        self._schema = schema
        self._engine = engine
        self._lock = lock
        weights_for = partial(tuning.weights_for, default=weights)
        self._searcher = Searcher(schema, engine.snapshots, weights_for, load_reranker(path, schema, tuning))

    @classmethod
    def open(
        cls,
        path: Path,
        schema: Schema,
        encoder: Encoder,
        *,
        previous: Encoder | None = None,
        weights: Weights = UNTUNED,
        tuned: bool = True,
        on_progress: Progress | None = None,
    ) -> Index:
        """Open the collection in the directory `path`, or make it.

        Missing or damaged files of words and vectors are made anew. Where the schema changed, the stored documents are
        checked against it and indexed again first. Where the encoder changed, all texts are embedded again in the
        background, by this opening and those after it: until that is done, meaning is searched by the vectors before if
        `previous` is the encoder that made them, else not at all. `on_progress` tells how far indexing and embedding
        again are (the latter from a thread of its own). `weights` are those of queries that name none,
        save where others have been learnt for the collection (`relevance.tuning`) and `tuned` lets them hold.

        Raises `SearchError`: locked (another process has it open), bad_schema (stored documents do not fit the
        schema), storage (the database cannot be used).
        """
        lock = locked(path)
        try:
            tuning = read_tuning(path, schema) if tuned else Tuning()
            engine = Engine(path, schema, encoder, previous, on_progress)
            return cls(path, schema, engine, weights, tuning, lock)
        except BaseException:
            lock.close()
            raise

    def close(self) -> None:
        """Let go of the files once the current write is done, and what the background is at. Twice is allowed."""
        self._engine.close()
        self._lock.close()

    def __enter__(self) -> Index:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def path(self) -> Path:
        """The collection's directory."""
        return self._path

    @property
    def schema(self) -> Schema:
        """The collection's fields."""
        return self._schema

    @property
    def generation(self) -> int:
        """The number of the last change; it grows by one with every committed batch."""
        self._engine.check_open()
        return self._engine.store.seq

    def stats(self) -> IndexStats:
        """How many documents, passages, words and vectors there are."""
        self._engine.check_open()
        return self._engine.stats()

    def settle(self, timeout_s: float | None = None) -> bool:
        """Wait until nothing is left to do in the background; False where that took longer.

        Nobody has to: searches and writes go on meanwhile. Raises `SearchError` where that work failed; it is tried
        again after the next write, and at the next opening.
        """
        self._engine.check_open()
        return self._engine.settle(timeout_s)

    def upsert(self, documents: Iterable[Document], on_progress: Progress | None = None) -> int:
        """Add documents or replace those of the same tenant and id; returns how many were new or different.

        They are committed in batches, each visible to the next query. An error leaves the batches before it in
        place and nothing of its own; doing the whole again is cheap, for what is unchanged is skipped, and a text
        whose vector is known is not encoded again. Raises `SearchError` naming document and field.
        """
        total = len(documents) if isinstance(documents, Sized) else None
        done = changed = 0
        for batch in _batches(prepare(self._schema, document) for document in documents):
            changed += self._engine.write(batch)
            done += len(batch)
            if on_progress:
                on_progress(done, total)
        return changed

    def delete(self, ids: Iterable[str], tenant: str = "") -> int:
        """Remove documents by id; returns how many were there."""
        return self.delete_where(AnyOf(ID_FIELD, ids), tenant)

    def delete_where(self, filter: Filter, tenant: str = "") -> int:
        """Remove the tenant's documents that pass the filter; returns how many."""
        return self._engine.delete(Scope.of(self._schema, tenant, filter))

    def get(self, id: str, tenant: str = "") -> Document | None:
        """The stored document, or None."""
        self._engine.check_open()
        names = clean_text("tenant", tenant, MAX_KEYWORD), clean_text(ID_FIELD, id, MAX_KEYWORD)
        with self._engine.store.reading() as connection:
            query = "SELECT key, body FROM documents WHERE tenant = ? AND id = ?"
            row = connection.execute(query, names).fetchone()
            if row is None:
                return None
            variants = decode_variants(self._schema, reading.variants(connection, row[0]))
            chunks = reading.chunks_of(connection, row[0])
            return Document(id, decode(self._schema, row[1]), chunks, tenant, variants)

    def count(self, filter: Filter | None = None, tenant: str = "") -> int:
        """How many of the tenant's documents pass the filter."""
        self._engine.check_open()
        scope = Scope.of(self._schema, tenant, filter)
        with self._engine.store.reading() as connection:
            return reading.count(connection, scope)

    def values(self, field: str, tenant: str = "") -> dict[Value, int]:
        """Every value of a keyword, number, date or boolean field (the last two as numbers) and how many of the
        tenant's documents have it, the most frequent first. Raises `SearchError` for a text field.
        """
        self._engine.check_open()
        with self._engine.store.reading() as connection:
            return field_values.values(connection, self._schema, tenant, field)

    def search(self, query: Query) -> Results:
        """Answer a query. The text may be anything at all: it is never read as query syntax."""
        self._engine.check_open()
        return self._searcher.search(query)

    def observe(self, query: Query) -> Observation:
        """What there is to learn from about the first `query.limit` passages of a query, in their fused order."""
        self._engine.check_open()
        return self._searcher.observe(query)

    def link(
        self, text: str, field: str = "title", limit: int = 5, filter: Filter | None = None, tenant: str = ""
    ) -> list[NameHit]:
        """Link a name as it was heard to the documents that bear it in `field` (declared with `sound=True`).

        At most one hit a document, best first; spelling and sound both count, so a misheard word does little harm.
        """
        self._engine.check_open()
        return self._searcher.link(text, field, limit, filter, tenant)


def locked(path: Path) -> IO[str]:
    """The lock of the collection in `path`, held until the file is closed or the process ends.

    Raises `SearchError`: locked (another process has it), storage (the directory cannot be made or used).
    """
    with wrapped(ErrorCode.STORAGE, f"{path} cannot be used", OSError):
        path.mkdir(parents=True, exist_ok=True)
        lock = (path / "lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.close()
        raise SearchError(ErrorCode.LOCKED, f"{path} is open in another process") from error
    return lock


def _batches(records: Iterable[Record]) -> Iterator[list[Record]]:
    batch: list[Record] = []
    passages = 0
    for record in records:
        batch.append(record)
        passages += len(record.passages)
        if len(batch) == BATCH or passages >= BATCH_PASSAGES:
            yield batch
            batch, passages = [], 0
    if batch:
        yield batch

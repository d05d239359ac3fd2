"""The truth and what is derived from it, kept in line: every change goes to the store, then to words and vectors."""

from __future__ import annotations

import logging
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from threading import RLock
from typing import TypeVar

from search_index import reading
from search_index.background import Background
from search_index.documents import Document, Record, decode, decode_variants, prepare
from search_index.embedding import Embedding
from search_index.encoder import Encoder
from search_index.errors import ErrorCode, SearchError
from search_index.reading import Scope
from search_index.schema import Schema
from search_index.segments import inspect_segments
from search_index.snapshots import Snapshots
from search_index.store import Store
from search_index.words import WordEntry, Words

BATCH = 256
"""Documents that become visible, and safe, together."""
REPLAY = 2_000
"""Passages handed to the word index at a time."""

T = TypeVar("T")
log = logging.getLogger(__name__)
Progress = Callable[[int, int | None], None]
"""Called with how many are done, and of how many where that is known."""


@dataclass(frozen=True)
class IndexStats:
    """How much there is: `words` and `vectors` are passages that the word index and the vectors in use have.

    `in_files` of the vectors are in files, `listed` of those in the lists of IVF. `embedding` is how many texts have
    been embedded again for another encoder, of how many; None where none has to be.
    """

    documents: int
    passages: int
    words: int
    vectors: int
    in_files: int
    listed: int
    seq: int
    embedding: tuple[int, int] | None


class Engine:
    """Store, words and vectors of one collection, whose lock the caller holds. Writers take turns.

    A write is first a transaction of the store, then replayed into words and vectors by its sequence number, then shown
    to readers as a whole. Whatever interrupts it, the next opening finds the store whole and replays the rest.
    """

    def __init__(
        self, path: Path, schema: Schema, encoder: Encoder, previous: Encoder | None, on_progress: Progress | None
    ) -> None:
        self._schema = schema
        self._on_progress = on_progress
        self._writing = RLock()
        self._closed = False
        self.store = Store(path / "store.sqlite")
        self._background = Background(self._step, f"index {schema.name}")
        self._words: Words | None = None
        self._snapshots: Snapshots | None = None
        try:
            _discard_if_damaged(path / "words")
            self._words = Words(path / "words", schema, str(self.store.meta("identity")))
            self._embedding = Embedding(path, self.store, encoder, previous, on_progress)
            self._recover()
        except BaseException:
            self.close()
            raise
        self._background.wake()

    @property
    def words(self) -> Words:
        assert self._words is not None
        return self._words

    @property
    def snapshots(self) -> Snapshots:
        """What readers see."""
        assert self._snapshots is not None
        return self._snapshots

    def stats(self) -> IndexStats:
        """What readers see at this moment, counted."""
        with self.snapshots.open() as at:
            vectors = at.meaning.vectors
            return IndexStats(
                documents=reading.count(at.connection, Scope("TRUE", ())),
                passages=reading.count_passages(at.connection),
                words=at.words.count,
                vectors=len(vectors),
                in_files=len(vectors.base),
                listed=vectors.ivf.rows if vectors.ivf else 0,
                seq=reading.seq(at.connection),
                embedding=self._embedding.progress,
            )

    def check_open(self) -> None:
        if self._closed:
            raise SearchError(ErrorCode.CLOSED, f"the index of {self._schema.name} has been closed")

    def close(self) -> None:
        """Let go of the files once the current write is done, and the current step in the background."""
        self._background.close()
        with self._writing:
            if self._closed:
                return
            self._closed = True
            if self._snapshots is not None:
                self._snapshots.close()
            if self._words is not None:
                self._words.close()
            self.store.close()

    def settle(self, timeout_s: float | None) -> bool:
        """Wait for the background; False where that took longer. Raises what stopped it."""
        return self._background.settle(timeout_s)

    def write(self, records: Sequence[Record]) -> int:
        """Store what is new or different; when this returns it is safe and visible. Returns how many that were."""
        with self._writing:
            self.check_open()
            if self.words.seq < self.store.seq:  # a write before could not be finished: the disk was full
                self._replay()
            changed = self.store.changed(records)
            if changed:
                self._put(changed)
            return len(changed)

    def delete(self, scope: Scope) -> int:
        """Remove the documents in scope; returns how many."""
        with self._writing:
            self.check_open()
            deleted = self.store.delete(scope.sql, scope.parameters, self.words.seq)
            self._replay()
            return deleted

    def _put(self, records: Sequence[Record]) -> None:
        vectors = self._embedding.encode(records)
        self._embedding.before_write()
        self.store.put(records, vectors, forget=self.words.seq)
        self._replay()

    def _replay(self, on_progress: Progress | None = None) -> None:
        """Bring words and vectors up to the store, and show the new state."""
        try:
            self._embedding.replay()
            if self.words.seq < self.store.seq:
                seq = self.words.seq
                self.words.apply(self.store.removed_since(seq), self._entries(seq, on_progress), self.store.seq)
        finally:  # what could not be derived now will be with the next write, or at the next opening
            self._publish()
        if self._embedding.is_due:
            self._background.wake()

    def _publish(self) -> None:
        if self._snapshots is not None:
            self._snapshots.publish(self.words.view(), self._embedding.meaning)

    def _entries(self, seq: int, on_progress: Progress | None) -> Iterator[WordEntry]:
        key, done = sys.maxsize, 0  # every passage of change `seq` itself is known
        while passages := self.store.passages_since(seq, key, REPLAY):
            for one in passages:
                values = decode(self._schema, one.body) if one.body else {}
                chunk, context = ("", "") if one.body else (one.text, one.context)
                yield WordEntry(one.key, one.tenant, values, chunk, context)
            seq, key, done = passages[-1].seq, passages[-1].key, done + len(passages)
            if on_progress:
                on_progress(done, None)

    def _step(self) -> bool:
        """A piece of what can wait."""
        return self._embedding.step(self._writing, self._publish)

    def _recover(self) -> None:
        """Make everything derived agree with the store, the schema and the encoder."""
        if self.words.seq > self.store.seq:  # the store is an older copy put back
            self.words.clear()
        self._reshape()
        self._replay(self._on_progress)
        with self.store.reading() as connection:
            passages = reading.count_passages(connection)
        if self.words.count != passages:
            self.words.clear()
            self._replay(self._on_progress)
        self._snapshots = Snapshots(self.store, self.words.view(), self._embedding.meaning)

    def _reshape(self) -> None:
        """Index the stored documents again where the schema has changed since."""
        canonical = self._schema.canonical()
        if self.store.meta("schema") == canonical:
            return
        for record in self._stored():  # all are checked before the first is written
            del record
        done = 0
        for records in batches(self._stored(), BATCH):
            self._put(records)
            done += len(records)
            if self._on_progress:
                self._on_progress(done, None)
        self.store.set_meta("schema", canonical)

    def _stored(self) -> Iterator[Record]:
        after = 0
        while rows := self.store.bodies(after, BATCH):
            for key, tenant, identity, body in rows:
                try:
                    with self.store.reading() as connection:
                        chunks = reading.chunks_of(connection, key)
                        variants = decode_variants(self._schema, reading.variants(connection, key))
                    values = decode(self._schema, body)
                    yield prepare(self._schema, Document(identity, values, chunks, tenant, variants))
                except SearchError as error:
                    message = f"stored document {identity!r:.80} does not fit the schema: {error}"
                    raise SearchError(ErrorCode.BAD_SCHEMA, message, field=error.field) from error
            after = rows[-1][0]


def _discard_if_damaged(words: Path) -> None:
    """Remove a word index with damaged files: tantivy would find out in the middle of a query."""
    if not words.exists():
        return
    if problems := inspect_segments(words, thorough=False).problems:
        log.warning("the word index %s is made anew: %s", words, "; ".join(problems))
        shutil.rmtree(words, ignore_errors=True)


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """The items in lists of `size`, the last one perhaps shorter."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch

"""Words: a tantivy index of passages, derived from the store and thrown away whenever it cannot be trusted."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tantivy
from numpy.typing import NDArray
from tantivy import Occur

from search_index.documents import words_of
from search_index.errors import ErrorCode, SearchError, wrapped
from search_index.schema import Schema, TextField, Value
from search_index.terms import ANALYZERS, composed, is_stemmed, word_query

FORMAT = 1
"""Raised when analysis or layout changes, so that older directories are rebuilt."""
HEAP_BYTES = 30_000_000
CHUNK = "chunk"

Keys = NDArray[np.int64]
_ERRORS = (ValueError, OSError, RuntimeError)


@dataclass(frozen=True)
class WordEntry:
    """A passage to add: a document's own `values`, or the text of one of its chunks."""

    key: int
    tenant: str
    values: Mapping[str, Value]
    chunk: str


@dataclass(frozen=True)
class _Engine:
    schema: tantivy.Schema
    index: tantivy.Index
    writer: tantivy.IndexWriter


class Words:
    """The words of all passages, and the sequence number of the store (told apart by its name) they reflect: `seq`."""

    def __init__(self, path: Path, schema: Schema, store: str) -> None:
        self._path = path
        self._manifest = path.with_suffix(".json")
        self._fields = {CHUNK: TextField(), **{f"t_{name}": field for name, field in schema.searched().items()}}
        self._digest = hashlib.sha256(f"{FORMAT} {store} {schema.canonical()}".encode()).hexdigest()
        self.seq = self._trusted_seq()
        self._engine: _Engine | None = None
        if self.seq:
            with suppress(*_ERRORS):
                self._engine = self._open()
        if self._engine is None:
            self.clear()

    def _trusted_seq(self) -> int:
        try:
            manifest = json.loads(self._manifest.read_text())
            return int(manifest["seq"]) if manifest["digest"] == self._digest else 0
        except (OSError, ValueError, KeyError, TypeError):
            return 0

    def _open(self) -> _Engine:
        self._path.mkdir(parents=True, exist_ok=True)
        builder = tantivy.SchemaBuilder()
        # A Python int given to an unsigned field kills the writer later on; signed fields take it.
        builder.add_integer_field("key", indexed=True, fast=True)
        builder.add_text_field("tenant", tokenizer_name="raw", index_option="basic")
        for name, field in self._fields.items():
            builder.add_text_field(
                name, tokenizer_name="stemmed" if is_stemmed(field) else "plain", index_option="freq"
            )
        schema = builder.build()
        index = tantivy.Index(schema, path=str(self._path))
        index.register_tokenizer("stemmed", ANALYZERS[True, False])
        index.register_tokenizer("plain", ANALYZERS[False, False])
        index.config_reader("manual")
        writer = index.writer(HEAP_BYTES, 1)
        index.reload()
        return _Engine(schema, index, writer)

    @property
    def _live(self) -> _Engine:
        if self._engine is None:
            raise SearchError(ErrorCode.CLOSED, f"the word index {self._path} has been closed")
        return self._engine

    def clear(self) -> None:
        """Forget everything, on disk too."""
        with wrapped(ErrorCode.STORAGE, f"the word index {self._path} cannot be made anew", *_ERRORS):
            self._engine = None
            self._manifest.unlink(missing_ok=True)
            shutil.rmtree(self._path, ignore_errors=True)
            self.seq = 0
            self._engine = self._open()

    @property
    def count(self) -> int:
        """Passages that can be found."""
        return int(self._live.index.searcher().num_docs)

    def apply(self, removed: Iterable[int], added: Iterable[WordEntry], seq: int) -> None:
        """Take out and put in passages; when this returns it is on disk, visible, and recorded as `seq`.

        Doing it again does no harm: an entry replaces the one with the same key.
        """
        index, writer = self._live.index, self._live.writer
        with wrapped(ErrorCode.STORAGE, f"the word index {self._path} cannot be written", *_ERRORS):
            for key in removed:
                writer.delete_documents_by_term("key", key)
            for entry in added:
                writer.delete_documents_by_term("key", entry.key)
                writer.add_document(self._document(entry))
            writer.commit()
            index.reload()
            self._record(seq)

    def _document(self, entry: WordEntry) -> tantivy.Document:
        document = tantivy.Document()
        document.add_integer("key", entry.key)
        document.add_text("tenant", entry.tenant)
        if entry.chunk:
            document.add_text(CHUNK, composed(entry.chunk))
        for name in self._fields:
            value = entry.values.get(name.removeprefix("t_")) if name != CHUNK else None
            if value is not None:
                document.add_text(name, composed(words_of(value)))
        return document

    def _record(self, seq: int) -> None:
        temporary = self._manifest.with_suffix(".tmp")
        with temporary.open("w") as file:
            json.dump({"format": FORMAT, "digest": self._digest, "seq": seq}, file)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(self._manifest)
        self.seq = seq

    def search(
        self, text: str, tenant: str, limit: int, allowed: Keys | None = None
    ) -> tuple[Keys, NDArray[np.float64], float]:
        """The keys [n] and BM25 scores [n] of the best `limit` passages, among the `allowed` keys where given.

        The third value is the score of a passage that has every word, by which to judge the others.
        """
        schema, searcher = self._live.schema, self._live.index.searcher()
        wanted = word_query(searcher, schema, self._fields, text)
        if wanted is None:
            return np.empty(0, np.int64), np.empty(0), 0.0
        of_tenant = tantivy.Query.const_score_query(tantivy.Query.term_query(schema, "tenant", tenant, "basic"), 0.0)
        query = tantivy.Query.boolean_query([(Occur.Must, wanted.query), (Occur.Must, of_tenant)])
        depth = limit if allowed is None else max(1024, 2 * limit)
        while True:
            found = searcher.search(query, limit=depth, count=False).hits
            keys = np.array(searcher.fast_field_values("key", [address for _, address in found]), np.int64)
            scores = np.array([score for score, _ in found], np.float64)
            if allowed is not None:
                kept = np.isin(keys, allowed)
                keys, scores = keys[kept], scores[kept]
            if len(keys) >= limit or len(found) < depth:
                return keys[:limit], scores[:limit], wanted.full_score
            depth *= 8

    def close(self) -> None:
        """Let go of the files, once merges under way are done; the directory can then be opened again."""
        if self._engine is not None:
            self._engine.writer.wait_merging_threads()
            self._engine = None

"""Words: a tantivy index of passages, derived from the store and thrown away whenever it cannot be trusted."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tantivy

from search_index.analysis import is_stemmed, terms_of
from search_index.codes import codes_in, codes_of
from search_index.documents import words_of
from search_index.errors import ErrorCode, SearchError, wrapped
from search_index.manifest import read_manifest, remove_manifest, write_manifest
from search_index.schema import Schema, TextField, Value
from search_index.terms import CODES, EVERYONE, TENANT, tenant_term
from search_index.word_view import CHUNK, CONTEXT, WordView

FORMAT = 2
"""Raised when analysis or layout changes, so that older directories are rebuilt."""
HEAP_BYTES = 30_000_000

_ERRORS = (ValueError, OSError, RuntimeError)


@dataclass(frozen=True)
class WordEntry:
    """A passage to add: a document's own `values`, or the text of one of its chunks and the context of that."""

    key: int
    tenant: str
    values: Mapping[str, Value]
    chunk: str
    context: str = ""


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
        self._shape = schema
        of_document = {f"t_{name}": field for name, field in schema.searched().items()}
        self._fields = {CHUNK: TextField(), CONTEXT: TextField(), **of_document}
        self._digest = hashlib.sha256(f"{FORMAT} {store} {schema.canonical()}".encode()).hexdigest()
        self._closed = False
        self._in_step = False
        """Whether all that has been committed is recorded: else some of what comes may be there already."""
        self.seq = self._trusted_seq()
        self._engine: _Engine | None = None
        if self.seq:
            with suppress(*_ERRORS):
                self._engine = self._open()
        if self._engine is None:
            self.clear()

    def _trusted_seq(self) -> int:
        def parse(content: dict[str, Any]) -> int:
            return int(content["seq"]) if content["digest"] == self._digest else 0

        return read_manifest(self._manifest, parse) or 0

    def _open(self) -> _Engine:
        self._path.mkdir(parents=True, exist_ok=True)
        builder = tantivy.SchemaBuilder()
        # A Python int given to an unsigned field kills the writer later on; signed fields take it.
        builder.add_integer_field("key", indexed=True, fast=True)
        builder.add_text_field(TENANT, tokenizer_name="whitespace", index_option="basic")
        builder.add_text_field(CODES, tokenizer_name="whitespace", index_option="basic")
        for name in self._fields:  # what is added has been cut into terms already
            builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
        schema = builder.build()
        index = tantivy.Index(schema, path=str(self._path))
        index.config_reader("manual")
        writer = index.writer(HEAP_BYTES, 1)
        index.reload()
        return _Engine(schema, index, writer)

    @property
    def _live(self) -> _Engine:
        if self._closed:
            raise SearchError(ErrorCode.CLOSED, f"the word index {self._path} has been closed")
        if self._engine is None:
            with wrapped(ErrorCode.STORAGE, f"the word index {self._path} cannot be opened", *_ERRORS):
                self._engine = self._open()
        return self._engine

    def clear(self) -> None:
        """Forget everything, on disk too."""
        with wrapped(ErrorCode.STORAGE, f"the word index {self._path} cannot be made anew", *_ERRORS):
            self._engine = None
            remove_manifest(self._manifest)
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
        with wrapped(ErrorCode.STORAGE, f"the word index {self._path} cannot be written", *_ERRORS):
            try:
                self._apply(self._live, removed, added)
                write_manifest(self._manifest, {"digest": self._digest, "seq": seq})
            except BaseException:
                self._in_step = False
                self._go_back()
                raise
        self.seq, self._in_step = seq, True

    def _apply(self, engine: _Engine, removed: Iterable[int], added: Iterable[WordEntry]) -> None:
        for key in removed:
            engine.writer.delete_documents_by_term("key", key)
        for entry in added:
            if not self._in_step:
                engine.writer.delete_documents_by_term("key", entry.key)
            engine.writer.add_document(self._document(entry))
        engine.writer.commit()
        engine.index.reload()

    def _go_back(self) -> None:
        """To the last commit: what the writer still holds after an error, or whether it lives, nobody knows."""
        engine, self._engine = self._engine, None
        with suppress(*_ERRORS):
            if engine is not None:
                engine.writer.rollback()
                self._engine = engine

    def _document(self, entry: WordEntry) -> tantivy.Document:
        document = tantivy.Document()
        document.add_integer("key", entry.key)
        before = tenant_term(entry.tenant)
        document.add_text(TENANT, f"{before or ':'} {EVERYONE}")
        codes = codes_in(entry.chunk) if entry.chunk else codes_of(entry.values, self._shape)
        texts = {f"t_{name}": words_of(entry.values.get(name)) for name in self._shape.searched()}
        if entry.chunk:
            # A word of the chunk itself counts in both fields, so more than one of the context alone.
            texts |= {CHUNK: entry.chunk, CONTEXT: f"{entry.chunk} {entry.context}" if entry.context else ""}
        terms = {
            name: terms_of(texts[name], stemmed=is_stemmed(field))
            for name, field in self._fields.items()
            if texts.get(name)
        }
        for name, found in (*terms.items(), (CODES, codes)):
            if found:
                document.add_text(name, " ".join(before + term for term in found))
        return document

    def view(self) -> WordView:
        """The words as they are now, for one reader."""
        engine = self._live
        return WordView(engine.index.searcher(), engine.schema, self._fields)

    def close(self) -> None:
        """Let go of the files, once merges under way are done; the directory can then be opened again."""
        self._closed = True
        if self._engine is not None:
            self._engine.writer.wait_merging_threads()
            self._engine = None

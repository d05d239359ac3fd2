"""What was acknowledged stays, whatever happens to the process or to the derived files."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from search_corpus import DOCUMENTS, SCHEMA

from search_index import (
    Chunk,
    Document,
    Encoder,
    Equals,
    ErrorCode,
    Index,
    KeywordField,
    MiniLM,
    NumberField,
    Query,
    Schema,
    SearchError,
    TextField,
    Weights,
)

SMALL = Schema("small", {"title": TextField(), "number": NumberField()})


class Letters:
    """A real if modest encoder: counts of letters. Fast enough to write thousands of documents in a test."""

    dimension = 384

    def __init__(self, fingerprint: str = "letters 1") -> None:
        self.fingerprint = fingerprint
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        self.encoded += texts
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in enumerate(texts):
            np.add.at(vectors[row], [ord(letter) % self.dimension for letter in text], 1)
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)

    def encode_query(self, text: str) -> np.ndarray:
        return self.encode([text])[0]


def numbered(start: int, stop: int) -> list[Document]:
    return [
        Document(str(n), {"title": f"entry {n} word{n}", "number": n}, (Chunk(f"spoken {n}"),))
        for n in range(start, stop)
    ]


def consistent(index: Index) -> int:
    """Assert that store, words and vectors hold the same documents; returns how many."""
    count = index.count()
    for n in {0, count // 2, count - 1} - {-1}:
        found = index.search(Query(f"word{n}", limit=1, min_meaning=1.0)).hits
        assert [hit.id for hit in found] == [str(n)]
        assert found[0].explanation.meaning.raw > 0
    assert index.get(str(count)) is None
    return count


def test_unchanged_documents_are_neither_written_nor_encoded_again(tmp_path: Path) -> None:
    encoder = Letters()
    with Index.open(tmp_path, SMALL, encoder) as index:
        assert index.upsert(numbered(0, 100)) == 100
        generation, encoded = index.generation, len(encoder.encoded)
        assert index.upsert(numbered(0, 100)) == 0
        assert (index.generation, len(encoder.encoded)) == (generation, encoded)
        assert index.upsert([Document("7", {"title": "entry 7 word7", "number": 70}, (Chunk("spoken 7"),))]) == 1
        assert len(encoder.encoded) == encoded, "another number changes no text"
        assert index.count(Equals("number", 70)) == 2
        index.upsert([Document("7", {"title": "entry 7 word7", "number": 70}, (Chunk("spoken 7"), Chunk("and more")))])
        assert encoder.encoded[encoded:] == ["and more"], "a text whose vector is known keeps it"


def test_a_later_document_of_the_same_id_wins(tmp_path: Path) -> None:
    with Index.open(tmp_path, SMALL, Letters()) as index:
        assert index.upsert([Document("a", {"title": "first"}), Document("a", {"title": "second"})]) == 1
        assert index.get("a") == Document("a", {"title": "second"})
        assert [hit.id for hit in index.search(Query("second", min_meaning=1.0)).hits] == ["a"]
        assert index.search(Query("first", weights=Weights(words=1, meaning=0))).hits == ()


@pytest.mark.parametrize(
    "harm", ["directory gone", "manifest gone", "manifest garbled", "segment gone", "meta garbled"]
)
def test_a_damaged_word_index_is_made_anew(tmp_path: Path, harm: str) -> None:
    with Index.open(tmp_path, SMALL, Letters()) as index:
        index.upsert(numbered(0, 200))
    words, manifest = tmp_path / "words", tmp_path / "words.json"
    if harm == "directory gone":
        shutil.rmtree(words)
    elif harm == "manifest gone":
        manifest.unlink()
    elif harm == "manifest garbled":
        manifest.write_text('{"seq": ')
    elif harm == "segment gone":
        next(words.glob("*.store")).unlink()
    else:
        (words / "meta.json").write_text("{}")
    with Index.open(tmp_path, SMALL, Letters()) as index:
        assert consistent(index) == 200


def test_an_older_store_put_back_is_what_is_found(tmp_path: Path) -> None:
    with Index.open(tmp_path, SMALL, Letters()) as index:
        index.upsert(numbered(0, 100))
    shutil.copy(tmp_path / "store.sqlite", tmp_path / "copy")
    with Index.open(tmp_path, SMALL, Letters()) as index:
        index.upsert(numbered(100, 300))
    shutil.move(tmp_path / "copy", tmp_path / "store.sqlite")
    with Index.open(tmp_path, SMALL, Letters()) as index:
        assert consistent(index) == 100


def test_a_changed_schema_indexes_what_is_stored_again(tmp_path: Path) -> None:
    with Index.open(tmp_path, Schema("small", {"title": KeywordField(), "number": NumberField()}), Letters()) as index:
        index.upsert(numbered(0, 10))
        assert index.search(Query("word3", min_meaning=1.0)).hits == ()
    with Index.open(tmp_path, SMALL, Letters()) as index:
        assert consistent(index) == 10


def test_a_schema_the_stored_documents_do_not_fit_changes_nothing(tmp_path: Path) -> None:
    with Index.open(tmp_path, SMALL, Letters()) as index:
        index.upsert(numbered(0, 10))
    with pytest.raises(SearchError) as caught:
        Index.open(tmp_path, Schema("small", {"title": NumberField()}), Letters())
    assert (caught.value.code, caught.value.field) == (ErrorCode.BAD_SCHEMA, "title")
    with Index.open(tmp_path, SMALL, Letters()) as index:
        assert consistent(index) == 10


def test_a_second_writer_is_told_so(tmp_path: Path) -> None:
    with Index.open(tmp_path, SMALL, Letters()) as index:
        index.upsert(numbered(0, 3))
        with pytest.raises(SearchError) as caught:
            Index.open(tmp_path, SMALL, Letters())
        assert caught.value.code is ErrorCode.LOCKED
        assert consistent(index) == 3


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "store.sqlite").write_bytes(b"this is not a database" * 100)
    with pytest.raises(SearchError, match=r"store\.sqlite") as caught:
        Index.open(tmp_path, SMALL, Letters())
    assert caught.value.code is ErrorCode.STORAGE
    assert isinstance(caught.value.__cause__, sqlite3.DatabaseError)


def test_a_closed_index_says_so(tmp_path: Path) -> None:
    index = Index.open(tmp_path, SMALL, Letters())
    index.close()
    index.close()
    for call in (
        lambda: index.search(Query("x")),
        lambda: index.upsert(numbered(0, 1)),
        index.count,
        lambda: index.get("1"),
    ):
        with pytest.raises(SearchError) as caught:
            call()
        assert caught.value.code is ErrorCode.CLOSED


@pytest.mark.parametrize("vectors", [np.ones((1, 384)), np.full((1, 384), np.nan), np.eye(1, 5)])
def test_an_encoder_that_gives_no_unit_vectors_does_no_harm(tmp_path: Path, vectors: np.ndarray) -> None:
    class Broken(Letters):
        def encode(self, texts: Sequence[str]) -> np.ndarray:
            return vectors

    broken: Encoder = Broken()
    with Index.open(tmp_path, SMALL, broken) as index:
        with pytest.raises(SearchError) as caught:
            index.upsert([Document("a", {"title": "word"})])
        assert (caught.value.code, index.count(), index.generation) == (ErrorCode.ENCODER, 0, 0)


def test_the_corpus_comes_back_as_it_was_given(encoder: MiniLM, tmp_path: Path) -> None:
    with Index.open(tmp_path, SCHEMA, encoder) as index:
        index.upsert(iter(DOCUMENTS))
    with Index.open(tmp_path, SCHEMA, encoder) as index:
        assert index.count() == len(DOCUMENTS)
        stored = index.get("m1")
        assert stored is not None
        assert [chunk.text for chunk in stored.chunks] == [chunk.text for chunk in DOCUMENTS[0].chunks]
        assert [chunk.id for chunk in stored.chunks] == ["1", "2", "3", "4"]
        assert stored.values["published"].isoformat() == DOCUMENTS[0].values["published"]
        assert index.upsert([stored]) == 0, "what was read can be written back"

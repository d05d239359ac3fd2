"""Damage is noticed and mended where it can be, a full disk is an error and nothing more, and backups are whole."""

from __future__ import annotations

import logging
import resource
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from test_search_storage import SMALL, Letters, consistent, numbered

from search_index import Document, ErrorCode, Index, Query, SearchError, vectors
from search_index.backup import forget_derived, restore, snapshot
from search_index.inspection import check_collection, collection_stats


def parts(path: Path) -> set[str]:
    return {problem.part for problem in check_collection(path)}


@contextmanager
def files_no_larger_than(size: int) -> Iterator[None]:
    """The nearest to a full disk that a process can arrange for itself; Python ignores the signal."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.fixture
def with_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A collection whose 400 vectors are in files and in lists of IVF."""
    monkeypatch.setattr(vectors, "TAIL", 64)
    monkeypatch.setattr(vectors, "EXACT", 128)
    path = tmp_path / "index"
    with Index.open(path, SMALL, Letters()) as index:
        index.upsert(numbered(0, 200))
        index.settle()
        stats = index.stats()
        assert (stats.vectors, stats.in_files, stats.listed) == (400, 400, 400)
    assert check_collection(path) == []
    return path


def flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 3] ^= 0x10
    file.write_bytes(content)


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


@pytest.mark.parametrize(
    ("harm", "name"),
    [
        *((flip, name) for name in ("rows-*", "keys-*", "ivf-*", "words/*.idx", "words/*.fast")),
        (cut, "rows-*"), (cut, "ivf-*"), (cut, "words/*.term"), (Path.unlink, "keys-*"), (Path.unlink, "words/*.pos"),
    ],
)  # fmt: skip
def test_a_damaged_file_is_found_and_made_anew(
    with_files: Path, harm: Callable[[Path], None], name: str, caplog: pytest.LogCaptureFixture
) -> None:
    harm(max(with_files.rglob(name), key=lambda file: file.stat().st_size))
    assert parts(with_files) == {"words" if name.startswith("words") else "vectors"}
    with caplog.at_level(logging.WARNING), Index.open(with_files, SMALL, Letters()) as index:
        assert "anew" in caplog.text
        assert consistent(index) == 200
        index.settle()
        assert consistent(index) == 200
        assert index.stats().vectors == index.stats().words == 400
    assert check_collection(with_files) == []


def test_a_garbled_manifest_of_vectors_falls_back_to_the_one_before(with_files: Path) -> None:
    manifest = next(with_files.rglob("vectors-*/manifest.json"))
    manifest.write_text("{")
    with Index.open(with_files, SMALL, Letters()) as index:
        assert index.stats().vectors == 400
        assert consistent(index) == 200


def fill(index: Index) -> None:
    for start in range(200, 1_200, 50):
        index.upsert(numbered(start, start + 50))


@pytest.mark.parametrize("size", [0, 10_000, 60_000, 150_000, 300_000])
def test_a_full_disk_is_an_error_that_leaves_the_collection_as_it_was(with_files: Path, size: int) -> None:
    with Index.open(with_files, SMALL, Letters()) as index:
        with files_no_larger_than(size), pytest.raises(SearchError) as caught:
            fill(index)
        assert caught.value.code is ErrorCode.STORAGE
        there = index.count()
        assert there >= 200
        assert there % 50 == 0, "a batch is there whole or not at all"
        index.upsert(numbered(there, there + 10))
        assert consistent(index) == there + 10
        index.settle()
        stats = index.stats()
        assert stats.words == stats.vectors == stats.passages == 2 * (there + 10)
    with Index.open(with_files, SMALL, Letters()) as index:
        assert consistent(index) == there + 10
    assert check_collection(with_files) == []


def test_a_collection_of_format_1_is_brought_up_to_date(tmp_path: Path) -> None:
    with Index.open(tmp_path, SMALL, Letters()) as index:
        index.upsert([*numbered(0, 50), Document("blank", {"number": 1})])
    as_format_1(tmp_path / "store.sqlite", encoder="letters 1")
    encoder = Letters()
    with Index.open(tmp_path, SMALL, encoder) as index:
        assert index.count() == 51
        assert encoder.encoded == [], "its vectors are taken over"
        assert consistent_but_one(index)
    assert check_collection(tmp_path) == []


def test_a_half_embedded_collection_of_format_1_is_embedded_to_the_end(tmp_path: Path) -> None:
    with Index.open(tmp_path, SMALL, Letters()) as index:
        index.upsert(numbered(0, 50))
    as_format_1(tmp_path / "store.sqlite", encoder="letters 1")
    with closing(sqlite3.connect(tmp_path / "store.sqlite")) as store:
        store.execute("UPDATE passages SET encoder = 'letters 0' WHERE key % 3 = 0")
        store.commit()
    encoder = Letters()
    with Index.open(tmp_path, SMALL, encoder) as index:
        assert index.settle(60)
        assert len(encoder.encoded) == 33
        assert consistent(index) == 50


def consistent_but_one(index: Index) -> bool:
    return [hit.id for hit in index.search(Query("word7", limit=1)).hits] == ["7"]


def as_format_1(path: Path, encoder: str) -> None:
    """Put the vectors back into the rows of the passages, where format 1 had them."""
    with closing(sqlite3.connect(path)) as store:
        store.executescript(f"""
            ALTER TABLE passages DROP COLUMN context;
            ALTER TABLE passages ADD COLUMN vector BLOB;
            ALTER TABLE passages ADD COLUMN encoder TEXT NOT NULL DEFAULT '{encoder}';
            UPDATE passages SET vector = (SELECT vector FROM vectors_1 v WHERE v.passage = passages.key);
            CREATE INDEX passages_encoder ON passages (encoder);
            DROP TABLE vectors_1;
            DROP TABLE encoders;
            UPDATE meta SET value = 1 WHERE name = 'format';
        """)


def test_a_store_of_a_later_version_is_left_alone(tmp_path: Path) -> None:
    with Index.open(tmp_path, SMALL, Letters()) as index:
        index.upsert(numbered(0, 5))
    with closing(sqlite3.connect(tmp_path / "store.sqlite")) as store:
        store.execute("UPDATE meta SET value = 99 WHERE name = 'format'")
        store.commit()
    before = (tmp_path / "store.sqlite").read_bytes()
    for look in (lambda: Index.open(tmp_path, SMALL, Letters()), lambda: collection_stats(tmp_path)):
        with pytest.raises(SearchError, match="format 99") as caught:
            look()
        assert caught.value.code is ErrorCode.STORAGE
    assert (tmp_path / "store.sqlite").read_bytes() == before


def test_a_snapshot_of_an_index_in_use_is_of_one_moment_and_can_be_restored(with_files: Path, tmp_path: Path) -> None:
    file = tmp_path / "backup.sqlite"
    with Index.open(with_files, SMALL, Letters()) as index:

        def write_meanwhile(done: int, of: int) -> None:
            index.upsert(numbered(200 + done, 201 + done))

        snapshot(with_files, file, write_meanwhile)
        assert index.count() > 200
        assert collection_stats(with_files).in_use
        assert check_collection(with_files) == []
        with pytest.raises(SearchError) as caught:
            restore(with_files, file)
        assert caught.value.code is ErrorCode.LOCKED
        with pytest.raises(SearchError) as caught:
            forget_derived(with_files)
        assert caught.value.code is ErrorCode.LOCKED
        index.delete([str(n) for n in range(100)])
    restore(with_files, file)
    for path in (with_files, tmp_path / "elsewhere"):
        if path != with_files:
            restore(path, file)
        encoder = Letters()
        with Index.open(path, SMALL, encoder) as index:
            assert consistent(index) == 200
            assert set(encoder.encoded) <= {"word0", "word100", "word199"}, "vectors are in the snapshot"
        assert check_collection(path) == []


def test_what_is_no_snapshot_changes_nothing(with_files: Path, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.sqlite", tmp_path / "bad.sqlite"
    snapshot(with_files, good)
    bad.write_bytes(good.read_bytes()[:-5_000])
    (tmp_path / "text").write_text("hello")
    for file in (bad, tmp_path / "text", tmp_path / "missing"):
        with pytest.raises(SearchError) as caught:
            restore(with_files, file)
        assert caught.value.code is ErrorCode.STORAGE
    with pytest.raises(SearchError, match="exists already"):
        snapshot(with_files, good)
    with pytest.raises(SearchError), files_no_larger_than(50_000):
        snapshot(with_files, tmp_path / "full.sqlite")
    assert not list(tmp_path.glob("full*"))
    with Index.open(with_files, SMALL, Letters()) as index:
        assert consistent(index) == 200


def test_a_store_that_is_no_database_any_more_is_replaced_by_a_snapshot(with_files: Path, tmp_path: Path) -> None:
    file = tmp_path / "backup.sqlite"
    snapshot(with_files, file)
    (with_files / "store.sqlite").write_bytes(b"this is not a database" * 1_000)
    with pytest.raises(SearchError):
        check_collection(with_files)
    restore(with_files, file)
    with Index.open(with_files, SMALL, Letters()) as index:
        assert consistent(index) == 200
    assert (with_files / "damaged-store.sqlite").exists()


def test_forgetting_what_is_derived_loses_nothing(with_files: Path) -> None:
    forget_derived(with_files)
    assert {file.name.partition("-")[0] for file in with_files.iterdir()} == {"lock", "store.sqlite"}
    encoder = Letters()
    with Index.open(with_files, SMALL, encoder) as index:
        assert encoder.encoded == []
        assert consistent(index) == 200


def test_looking_at_nothing_says_so(tmp_path: Path) -> None:
    for look in (check_collection, collection_stats, forget_derived):
        with pytest.raises(SearchError, match="no collection") as caught:
            look(tmp_path)
        assert caught.value.code is ErrorCode.STORAGE
    assert not list(tmp_path.iterdir())
    shutil.rmtree(tmp_path)

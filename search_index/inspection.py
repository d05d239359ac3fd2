"""Looking at a collection on the disk without opening it: what there is, and whether all of it is whole.

Nothing is changed and no lock is taken, so that a collection that is in use can be looked at too.
"""

from __future__ import annotations

import fcntl
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from search_index.errors import ErrorCode, SearchError, wrapped
from search_index.segments import inspect_segments
from search_index.tables import FORMAT, vectors_table
from search_index.vector_files import inspect_vector_files
from search_index.vector_tables import StoredEncoder

STORE = "store.sqlite"


@dataclass(frozen=True)
class Problem:
    """Something wrong in one `part`: "store" is the truth, "words" and "vectors" can be made again from it."""

    part: str
    message: str


@dataclass(frozen=True)
class CollectionStats:
    """A collection as its files have it; sizes in bytes. `in_use` where a process has it open."""

    name: str
    seq: int
    tenants: int
    documents: int
    passages: int
    words: int
    vectors_in_files: int
    vectors_listed: int
    encoders: tuple[StoredEncoder, ...]
    store_size: int
    words_size: int
    vectors_size: int
    in_use: bool


@contextmanager
def reading_store(path: Path) -> Iterator[sqlite3.Connection]:
    """The store of the collection in `path` for reading alone, at one moment.

    Raises `SearchError` (storage): there is none, it cannot be read, or is of another format.
    """
    store = path / STORE
    if not store.is_file():
        raise SearchError(ErrorCode.STORAGE, f"there is no collection in {path}: {STORE} is missing")
    with (
        wrapped(ErrorCode.STORAGE, f"{store} cannot be read", sqlite3.Error),
        closing(sqlite3.connect(f"{store.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None)) as connection,
    ):
        connection.execute("BEGIN")
        (found,) = connection.execute("SELECT value FROM meta WHERE name = 'format'").fetchone() or (None,)
        if found != FORMAT:
            message = f"{store} has format {found}, not {FORMAT}; opening it by this version brings format 1 up to date"
            raise SearchError(ErrorCode.STORAGE, message)
        yield connection


def is_in_use(path: Path) -> bool:
    """Whether a process has the collection in `path` open."""
    try:
        with (path / "lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return False
    return False


def collection_stats(path: Path) -> CollectionStats:
    """Count what is there. Raises `SearchError` (storage) where there is no collection that can be read."""
    with reading_store(path) as connection:
        (seq,) = connection.execute("SELECT value FROM meta WHERE name = 'seq'").fetchone()
        (schema,) = connection.execute("SELECT value FROM meta WHERE name = 'schema'").fetchone() or ("[null]",)
        documents, tenants = connection.execute("SELECT count(*), count(DISTINCT tenant) FROM documents").fetchone()
        (passages,) = connection.execute("SELECT count(*) FROM passages").fetchone()
        encoders = _encoders(connection)
    words = inspect_segments(path / "words", thorough=False)
    vectors = [inspect_vector_files(_folder(path, encoder), thorough=False) for encoder in encoders]
    return CollectionStats(
        name=str(json.loads(schema)[0] or ""),
        seq=seq,
        tenants=tenants,
        documents=documents,
        passages=passages,
        words=words.passages,
        vectors_in_files=sum(one.rows for one in vectors),
        vectors_listed=sum(one.listed for one in vectors),
        encoders=encoders,
        store_size=sum(file.stat().st_size for file in path.glob(f"{STORE}*")),
        words_size=words.size,
        vectors_size=sum(one.size for one in vectors),
        in_use=is_in_use(path),
    )


def check_collection(path: Path) -> list[Problem]:
    """Verify every checksum and every count; the problems found, none where all is whole.

    Reads everything, which takes seconds for each gigabyte. Raises `SearchError` (storage) where there is no store
    that can be read at all.
    """
    problems = []
    with reading_store(path) as connection:
        problems += [Problem("store", message) for message in _store_problems(connection)]
        (passages,) = connection.execute("SELECT count(*) FROM passages").fetchone()
        encoders = _encoders(connection)
    in_use = is_in_use(path)
    words = inspect_segments(path / "words", thorough=True)
    problems += [Problem("words", message) for message in words.problems]
    if not (words.problems or in_use or words.passages == passages):
        problems.append(Problem("words", f"it has {words.passages:,} passages, the store {passages:,}"))
    for encoder in encoders:
        found = inspect_vector_files(_folder(path, encoder), thorough=True).problems
        problems += [Problem("vectors", message) for message in found]
    if in_use and any(problem.part != "store" for problem in problems):
        # Files may have been replaced while they were being read: only what is still so is told.
        again = [*inspect_segments(path / "words", thorough=True).problems]
        for encoder in encoders:
            again += inspect_vector_files(_folder(path, encoder), thorough=True).problems
        problems = [one for one in problems if one.part == "store" or one.message in again]
    return problems


def _store_problems(connection: sqlite3.Connection) -> Iterator[str]:
    for (message,) in connection.execute("PRAGMA integrity_check(10)"):
        if message != "ok":
            yield str(message)
    for table, row, *_ in connection.execute("PRAGMA foreign_key_check"):
        yield f"row {row} of {table} belongs to nothing"
    for encoder in _encoders(connection):
        table = vectors_table(encoder.number)
        (wrong,) = connection.execute(
            f"SELECT count(*) FROM {table} WHERE length(vector) != ?",  # noqa: S608 (a number)
            (4 * encoder.dimension,),
        ).fetchone()
        if wrong:
            yield f"{wrong:,} vectors of encoder {encoder.fingerprint} have the wrong length"
        query = f"SELECT text FROM passages p WHERE NOT EXISTS (SELECT 1 FROM {table} v WHERE v.passage = p.key)"  # noqa: S608
        if encoder.complete and (lacking := sum(bool(text.strip()) for (text,) in connection.execute(query))):
            yield f"{lacking:,} passages lack a vector of encoder {encoder.fingerprint}"


def _encoders(connection: sqlite3.Connection) -> tuple[StoredEncoder, ...]:
    rows = connection.execute("SELECT number, fingerprint, dimension, complete FROM encoders ORDER BY number")
    return tuple(StoredEncoder(number, name, size, bool(complete)) for number, name, size, complete in rows)


def _folder(path: Path, encoder: StoredEncoder) -> Path:
    return path / f"vectors-{encoder.number}"

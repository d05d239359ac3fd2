"""The truth: a SQLite database in WAL mode from which words and vectors can always be made again.

Every change is one transaction with the next sequence number. A passage is never changed, only removed and added
under a new key, so whoever knows a number can ask for exactly what came after it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, LifoQueue
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from search_index.documents import Record
from search_index.errors import ErrorCode, wrapped
from search_index.tables import make_or_bring_up_to_date, vectors_table

BUSY_S = 10.0
"""How long a statement waits for a lock of another process before it fails."""
WAL_BYTES = 8 << 20
"""The log is written back into the database when it has grown to this."""

Keys = NDArray[np.int64]


@dataclass(frozen=True)
class Passage:
    """A stored passage: number 0 is a document's own text (`body` holds its values), the others are its chunks."""

    key: int
    seq: int
    tenant: str
    number: int
    body: str
    text: str
    context: str


class Store:
    """Connections to one database: one for writing (callers take turns), a pool for reading.

    CROSS JOIN keeps SQLite to the written order: it guesses wrongly which side is the short one.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._turn = Lock()
        self._idle: LifoQueue[sqlite3.Connection] = LifoQueue()
        self._readers: list[sqlite3.Connection] = []
        with self.guarded("opened"):
            self._connection = self.connect()
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA wal_autocheckpoint = 0")  # see `write_back`
            with self.writing() as connection:
                make_or_bring_up_to_date(connection)

    def guarded(self, doing: str) -> AbstractContextManager[None]:
        """Turn the database's exceptions of the block into `SearchError` (storage)."""
        return wrapped(ErrorCode.STORAGE, f"{self._path} cannot be {doing}", sqlite3.Error)

    def connect(self) -> sqlite3.Connection:
        """Another connection to the database, for the caller to close."""
        connection = sqlite3.connect(self._path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        return connection

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection inside one read transaction: everything read in the block is of the same moment."""
        try:
            connection = self._idle.get_nowait()
        except Empty:
            with self.guarded("opened"):
                connection = self.connect()
                self._readers.append(connection)
        try:
            with self.guarded("read"):
                connection.execute("BEGIN")
                yield connection
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            self._idle.put(connection)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction that writes; threads take turns. Whatever is raised inside undoes all of it."""
        with self._turn, self.guarded("written"):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def close(self) -> None:
        for connection in (*self._readers, self._connection):
            connection.close()

    def meta(self, name: str) -> str | int | None:
        """A setting of the database itself, None where it was never made."""
        with self.reading() as connection:
            row = connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return row[0] if row else None

    def set_meta(self, name: str, value: str) -> None:
        with self.writing() as connection:
            self._set(connection, name, value)

    @staticmethod
    def _set(connection: sqlite3.Connection, name: str, value: str | int) -> None:
        connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    @property
    def seq(self) -> int:
        """The number of the last change."""
        return int(self.meta("seq") or 0)

    def changed(self, records: Iterable[Record]) -> list[Record]:
        """Those of `records` that differ from what is stored; of several with one id the last."""
        latest = {(record.tenant, record.id): record for record in records}
        with self.reading() as connection:
            query = "SELECT fingerprint FROM documents WHERE tenant = ? AND id = ?"
            return [
                record
                for name, record in latest.items()
                if connection.execute(query, name).fetchone() != (record.fingerprint,)
            ]

    def put(self, records: Sequence[Record], vectors: Mapping[int, Mapping[str, bytes]], forget: int) -> int:
        """Store records with the vectors of their texts, by encoder number, in one transaction; returns its number.

        Removals up to number `forget` are no longer kept: the caller knows that everyone has seen them.
        """
        with self.writing() as connection:
            seq = self._advance(connection, forget)
            stored = [_put_document(connection, record) for record in records]
            _put_attributes(connection, stored, records)
            _put_variants(connection, stored, records)
            other = [row for row in zip(stored, records, strict=True) if row[0].content != row[1].content]
            self._drop_passages(connection, [old.key for old, _ in other if old.content is not None], seq)
            _put_passages(connection, [(old.key, record) for old, record in other], vectors, seq)
        return seq

    def _advance(self, connection: sqlite3.Connection, forget: int) -> int:
        (seq,) = connection.execute("UPDATE meta SET value = value + 1 WHERE name = 'seq' RETURNING value").fetchone()
        connection.execute("DELETE FROM removed WHERE seq <= ?", (forget,))
        return int(seq)

    @staticmethod
    def _drop_passages(connection: sqlite3.Connection, documents: Sequence[int], seq: int) -> None:
        if not documents:
            return
        listed = json.dumps(documents)
        which = "WHERE document IN (SELECT value FROM json_each(?))"
        connection.execute(f"INSERT INTO removed SELECT key, ? FROM passages {which}", (seq, listed))  # noqa: S608
        connection.execute(f"DELETE FROM passages {which}", (listed,))  # noqa: S608

    def delete(self, condition: str, parameters: Sequence[str | float], forget: int) -> int:
        """Remove the documents `d` that meet an SQL condition (see `filters.to_sql`); returns how many they were."""
        with self.writing() as connection:
            query = f"SELECT d.key FROM documents d WHERE {condition}"  # noqa: S608
            keys = [key for (key,) in connection.execute(query, parameters)]
            if keys:
                self._drop_passages(connection, keys, self._advance(connection, forget))
                connection.execute(
                    "DELETE FROM documents WHERE key IN (SELECT value FROM json_each(?))", (json.dumps(keys),)
                )
        return len(keys)

    def removed_since(self, seq: int) -> list[int]:
        """Keys of the passages that went after change number `seq`."""
        with self.reading() as connection:
            return [key for (key,) in connection.execute("SELECT passage FROM removed WHERE seq > ?", (seq,))]

    def passages_since(self, seq: int, key: int, limit: int) -> list[Passage]:
        """The next `limit` passages in the order they came, after the one with number `seq` and key `key`."""
        with self.reading() as connection:
            rows = connection.execute(
                "SELECT p.key, p.seq, d.tenant, p.number, CASE p.number WHEN 0 THEN d.body ELSE '' END, p.text,"
                " p.context FROM passages p CROSS JOIN documents d ON d.key = p.document"
                " WHERE (p.seq, p.key) > (?, ?) ORDER BY p.seq, p.key LIMIT ?",
                (seq, key, limit),
            )
            return [Passage(*row) for row in rows]

    def passage_keys(self) -> Keys:
        """The keys of all passages, ascending."""
        with self.reading() as connection:
            rows = connection.execute("SELECT key FROM passages ORDER BY seq, key")
            return np.fromiter((key for (key,) in rows), np.int64)

    def write_back(self) -> bool:
        """Write the log back into the database if it has grown; tells whether it has.

        Not left to SQLite, which would do it inside a commit: readers that hold a snapshot would keep it from ever
        beginning the log anew.
        """
        log = self._path.with_name(f"{self._path.name}-wal")
        if not log.exists() or log.stat().st_size < WAL_BYTES:
            return False
        with self._turn, self.guarded("written"):
            self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
        return True

    def bodies(self, after: int, limit: int) -> list[tuple[int, str, str, str]]:
        """The next `limit` documents with keys above `after`: key, tenant, id, body."""
        with self.reading() as connection:
            return connection.execute(
                "SELECT key, tenant, id, body FROM documents WHERE key > ? ORDER BY key LIMIT ?", (after, limit)
            ).fetchall()


@dataclass(frozen=True)
class _Stored:
    """A document's row: its key, and what its words and vectors were made from, None where it is new."""

    key: int
    content: bytes | None


def _put_document(connection: sqlite3.Connection, record: Record) -> _Stored:
    old = connection.execute(
        "SELECT key, content FROM documents WHERE tenant = ? AND id = ?", (record.tenant, record.id)
    ).fetchone()
    values = record.body, record.fingerprint, record.content
    if old:
        connection.execute(
            "UPDATE documents SET body = ?, fingerprint = ?, content = ? WHERE key = ?", (*values, old[0])
        )
        return _Stored(*old)
    cursor = connection.execute(
        "INSERT INTO documents (body, fingerprint, content, tenant, id) VALUES (?, ?, ?, ?, ?)",
        (*values, record.tenant, record.id),
    )
    assert cursor.lastrowid is not None
    return _Stored(cursor.lastrowid, None)


def _put_attributes(connection: sqlite3.Connection, stored: Sequence[_Stored], records: Sequence[Record]) -> None:
    known = json.dumps([one.key for one in stored if one.content is not None])
    for table in ("keywords", "numbers", "names"):
        connection.execute(
            f"DELETE FROM {table} WHERE document IN (SELECT value FROM json_each(?))",  # noqa: S608 (constants only)
            (known,),
        )
        connection.executemany(
            f"INSERT OR IGNORE INTO {table} (field, value, document) VALUES (?, ?, ?)",  # noqa: S608
            (
                (field, value, one.key)
                for one, record in zip(stored, records, strict=True)
                for field, value in getattr(record, table)
            ),
        )


def _put_variants(connection: sqlite3.Connection, stored: Sequence[_Stored], records: Sequence[Record]) -> None:
    pairs = [(one.key, record.variants) for one, record in zip(stored, records, strict=True)]
    connection.executemany(
        "DELETE FROM variants WHERE document = ?",
        [(one.key,) for one in stored if one.content is not None],
    )
    connection.executemany("INSERT INTO variants VALUES (?, ?)", [(key, listed) for key, listed in pairs if listed])


def _put_passages(
    connection: sqlite3.Connection,
    documents: Sequence[tuple[int, Record]],
    vectors: Mapping[int, Mapping[str, bytes]],
    seq: int,
) -> None:
    row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'passages'").fetchone()
    first = row[0] + 1 if row else 1
    passages = [(document, number, c) for document, r in documents for number, c in enumerate(r.passages)]
    connection.executemany(
        "INSERT INTO passages (key, document, number, chunk, text, context, start_ms, end_ms, seq)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (key, document, number, c.id, c.text, c.context, c.start_ms, c.end_ms, seq)
            for key, (document, number, c) in enumerate(passages, first)
        ),
    )
    for encoder, known in vectors.items():
        connection.executemany(
            f"INSERT INTO {vectors_table(encoder)} VALUES (?, ?)",  # noqa: S608 (a number)
            ((key, known[c.text]) for key, (_, _, c) in enumerate(passages, first) if c.text in known),
        )

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
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from search_index.documents import Record
from search_index.errors import ErrorCode, SearchError, wrapped

FORMAT = 1
BUSY_S = 10.0
"""How long a statement waits for a lock of another process before it fails."""

Keys = NDArray[np.int64]
Matrix = NDArray[np.float32]

_TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;
CREATE TABLE documents (
    key INTEGER PRIMARY KEY AUTOINCREMENT, tenant TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL,
    fingerprint BLOB NOT NULL, content BLOB NOT NULL, UNIQUE (tenant, id));
CREATE TABLE passages (
    key INTEGER PRIMARY KEY AUTOINCREMENT, document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
    number INTEGER NOT NULL, chunk TEXT NOT NULL, text TEXT NOT NULL,
    start_ms INTEGER NOT NULL, end_ms INTEGER NOT NULL,
    vector BLOB, encoder TEXT NOT NULL, seq INTEGER NOT NULL, UNIQUE (document, number));
CREATE INDEX passages_seq ON passages (seq, key);
CREATE INDEX passages_encoder ON passages (encoder);
CREATE TABLE removed (passage INTEGER PRIMARY KEY, seq INTEGER NOT NULL);
CREATE TABLE keywords (
    field TEXT NOT NULL, value TEXT NOT NULL, document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
    PRIMARY KEY (field, value, document)) WITHOUT ROWID;
CREATE INDEX keywords_document ON keywords (document, field);
CREATE TABLE numbers (
    field TEXT NOT NULL, value REAL NOT NULL, document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
    PRIMARY KEY (field, value, document)) WITHOUT ROWID;
CREATE INDEX numbers_document ON numbers (document, field);
CREATE TABLE names (
    field TEXT NOT NULL, document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE, value TEXT NOT NULL,
    PRIMARY KEY (field, document, value)) WITHOUT ROWID;
CREATE INDEX names_document ON names (document);
"""


@dataclass(frozen=True)
class Passage:
    """A stored passage: number 0 is a document's own text (`body` holds its values), the others are its chunks."""

    key: int
    seq: int
    tenant: str
    number: int
    body: str
    text: str


class Store:
    """Connections to one database: one for writing (callers take turns), a pool for reading.

    CROSS JOIN keeps SQLite to the written order: it guesses wrongly which side is the short one.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._idle: LifoQueue[sqlite3.Connection] = LifoQueue()
        self._readers: list[sqlite3.Connection] = []
        with self._guarded("opened"):
            self._connection = self._connect()
            self._connection.execute("PRAGMA journal_mode = WAL")
            if not self._connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone():
                with self._writing():
                    for statement in _TABLES.split(";\n"):
                        self._connection.execute(statement)
                    self._set(self._connection, "format", FORMAT)
                    self._set(self._connection, "seq", 0)
                    self._set(self._connection, "identity", uuid4().hex)
            if self.meta("format") != FORMAT:
                raise SearchError(ErrorCode.STORAGE, f"{path} has format {self.meta('format')}, not {FORMAT}")

    def _guarded(self, doing: str) -> AbstractContextManager[None]:
        return wrapped(ErrorCode.STORAGE, f"{self._path} cannot be {doing}", sqlite3.Error)

    def _connect(self) -> sqlite3.Connection:
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
            with self._guarded("opened"):
                connection = self._connect()
                self._readers.append(connection)
        try:
            with self._guarded("read"):
                connection.execute("BEGIN")
                yield connection
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            self._idle.put(connection)

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._guarded("written"):
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
        with self._writing() as connection:
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

    def vectors_of(self, record: Record, encoder: str) -> dict[str, bytes]:
        """Vectors of the stored document by the text they stand for, as far as `encoder` made them."""
        with self.reading() as connection:
            rows = connection.execute(
                "SELECT p.text, p.vector FROM passages p JOIN documents d ON d.key = p.document"
                " WHERE d.tenant = ? AND d.id = ? AND p.encoder = ? AND p.vector IS NOT NULL",
                (record.tenant, record.id, encoder),
            ).fetchall()
        return dict(rows)

    def put(self, records: Sequence[Record], vectors: Mapping[str, bytes], encoder: str, forget: int) -> int:
        """Store records with the vectors of their texts in one transaction; returns its sequence number.

        Removals up to number `forget` are no longer kept: the caller knows that everyone has seen them.
        """
        with self._writing() as connection:
            seq = self._advance(connection, forget)
            for record in records:
                self._put(connection, record, vectors, encoder, seq)
        return seq

    def _advance(self, connection: sqlite3.Connection, forget: int) -> int:
        (seq,) = connection.execute("UPDATE meta SET value = value + 1 WHERE name = 'seq' RETURNING value").fetchone()
        connection.execute("DELETE FROM removed WHERE seq <= ?", (forget,))
        return int(seq)

    def _put(
        self, connection: sqlite3.Connection, record: Record, vectors: Mapping[str, bytes], encoder: str, seq: int
    ) -> None:
        old = connection.execute(
            "SELECT key, content FROM documents WHERE tenant = ? AND id = ?", (record.tenant, record.id)
        ).fetchone()
        (key,) = connection.execute(
            "INSERT INTO documents (tenant, id, body, fingerprint, content) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (tenant, id) DO UPDATE SET body = excluded.body, fingerprint = excluded.fingerprint,"
            " content = excluded.content RETURNING key",
            (record.tenant, record.id, record.body, record.fingerprint, record.content),
        ).fetchone()
        for table, rows in (("keywords", record.keywords), ("numbers", record.numbers), ("names", record.names)):
            connection.execute(f"DELETE FROM {table} WHERE document = ?", (key,))  # noqa: S608 (constants only)
            connection.executemany(
                f"INSERT OR IGNORE INTO {table} (field, value, document) VALUES (?, ?, ?)",  # noqa: S608
                [(field, value, key) for field, value in rows],
            )
        if old and old[1] == record.content:
            return
        self._drop_passages(connection, [key], seq)
        connection.executemany(
            "INSERT INTO passages (document, number, chunk, text, start_ms, end_ms, vector, encoder, seq)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (key, number, c.id, c.text, c.start_ms, c.end_ms, vectors.get(c.text), encoder, seq)
                for number, c in enumerate(record.passages)
            ],
        )

    @staticmethod
    def _drop_passages(connection: sqlite3.Connection, documents: Sequence[int], seq: int) -> None:
        listed = json.dumps(documents)
        which = "WHERE document IN (SELECT value FROM json_each(?))"
        connection.execute(f"INSERT INTO removed SELECT key, ? FROM passages {which}", (seq, listed))  # noqa: S608
        connection.execute(f"DELETE FROM passages {which}", (listed,))  # noqa: S608

    def delete(self, condition: str, parameters: Sequence[str | float], forget: int) -> int:
        """Remove the documents `d` that meet an SQL condition (see `filters.to_sql`); returns how many they were."""
        with self._writing() as connection:
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
                "SELECT p.key, p.seq, d.tenant, p.number, CASE p.number WHEN 0 THEN d.body ELSE '' END, p.text"
                " FROM passages p CROSS JOIN documents d ON d.key = p.document"
                " WHERE (p.seq, p.key) > (?, ?) ORDER BY p.seq, p.key LIMIT ?",
                (seq, key, limit),
            )
            return [Passage(*row) for row in rows]

    def vectors_since(self, seq: int, dimension: int) -> tuple[Keys, Matrix]:
        """Keys [n] and vectors [n, dimension] of the passages that came after change number `seq`."""
        with self.reading() as connection:
            rows = connection.execute(
                "SELECT key, vector FROM passages WHERE seq > ? AND vector IS NOT NULL", (seq,)
            ).fetchall()
        vectors = np.frombuffer(b"".join(vector for _, vector in rows), np.float32).reshape(-1, dimension)
        return np.array([key for key, _ in rows], np.int64), vectors

    def count_passages(self) -> int:
        with self.reading() as connection:
            (count,) = connection.execute("SELECT count(*) FROM passages").fetchone()
        return int(count)

    def foreign_texts(self, encoder: str, limit: int) -> list[tuple[int, str]]:
        """Keys and texts of passages whose vector another encoder made."""
        with self.reading() as connection:
            query = "SELECT key, text FROM passages WHERE encoder < ?1 OR encoder > ?1 LIMIT ?2"
            return connection.execute(query, (encoder, limit)).fetchall()

    def count_foreign(self, encoder: str) -> int:
        with self.reading() as connection:
            (count,) = connection.execute("SELECT count(*) FROM passages WHERE encoder != ?", (encoder,)).fetchone()
        return int(count)

    def set_vectors(self, vectors: Iterable[tuple[int, bytes | None]], encoder: str) -> None:
        """Give passages, by key, the vectors that `encoder` made."""
        with self._writing() as connection:
            connection.executemany(
                "UPDATE passages SET vector = ?, encoder = ? WHERE key = ?",
                [(vector, encoder, key) for key, vector in vectors],
            )

    def bodies(self, after: int, limit: int) -> list[tuple[int, str, str, str]]:
        """The next `limit` documents with keys above `after`: key, tenant, id, body."""
        with self.reading() as connection:
            return connection.execute(
                "SELECT key, tenant, id, body FROM documents WHERE key > ? ORDER BY key LIMIT ?", (after, limit)
            ).fetchall()

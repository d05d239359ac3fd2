"""The store's vectors: a table for each encoder, and which of them has a vector for every text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search_index.documents import Record
from search_index.store import Store
from search_index.tables import make_vectors_table, vectors_table

Keys = NDArray[np.int64]
Matrix = NDArray[np.float32]


@dataclass(frozen=True)
class StoredEncoder:
    """An encoder whose vectors are kept; `complete` where no text lacks one."""

    number: int
    fingerprint: str
    dimension: int
    complete: bool


class VectorTables:
    """Reading and writing them. Table names are made from numbers alone, hence the unchecked f-strings."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def encoders(self) -> list[StoredEncoder]:
        """All whose vectors are kept, the oldest first."""
        with self._store.reading() as connection:
            rows = connection.execute("SELECT number, fingerprint, dimension, complete FROM encoders ORDER BY number")
            return [StoredEncoder(number, name, size, bool(complete)) for number, name, size, complete in rows]

    def add(self, fingerprint: str, dimension: int) -> StoredEncoder:
        """Begin to keep the vectors of another encoder; where there is no passage yet, they are complete."""
        with self._store.writing() as connection:
            (empty,) = connection.execute("SELECT NOT EXISTS (SELECT 1 FROM passages)").fetchone()
            cursor = connection.execute(
                "INSERT INTO encoders (fingerprint, dimension, complete) VALUES (?, ?, ?)",
                (fingerprint, dimension, empty),
            )
            assert cursor.lastrowid is not None
            make_vectors_table(connection, cursor.lastrowid)
            return StoredEncoder(cursor.lastrowid, fingerprint, dimension, bool(empty))

    def set_complete(self, number: int, complete: bool) -> None:
        """Say whether every text has a vector of this encoder."""
        with self._store.writing() as connection:
            connection.execute("UPDATE encoders SET complete = ? WHERE number = ?", (complete, number))

    def drop(self, number: int) -> None:
        """Forget an encoder and its vectors."""
        with self._store.writing() as connection:
            connection.execute("DELETE FROM encoders WHERE number = ?", (number,))
            connection.execute(f"DROP TABLE {vectors_table(number)}")

    def known(self, number: int, records: Iterable[Record]) -> dict[str, bytes]:
        """Vectors by text, as far as the stored documents of the same names have them."""
        query = (
            "SELECT p.text, v.vector FROM documents d CROSS JOIN passages p ON p.document = d.key"  # noqa: S608
            f" CROSS JOIN {vectors_table(number)} v ON v.passage = p.key WHERE d.tenant = ? AND d.id = ?"
        )
        with self._store.reading() as connection:
            return {
                text: vector
                for record in records
                for text, vector in connection.execute(query, (record.tenant, record.id))
            }

    def missing(self, number: int, after: int, limit: int) -> list[tuple[int, str]]:
        """Keys, above `after`, and texts of the next `limit` passages without a vector of this encoder."""
        with self._store.reading() as connection:
            return connection.execute(
                f"SELECT key, text FROM passages p WHERE key > ? AND {_lacks(number)} ORDER BY key LIMIT ?",  # noqa: S608
                (after, limit),
            ).fetchall()

    def count_missing(self, number: int) -> int:
        """How many passages have no vector of this encoder; those without any words never get one."""
        with self._store.reading() as connection:
            query = f"SELECT count(*) FROM passages p WHERE {_lacks(number)}"  # noqa: S608
            return int(connection.execute(query).fetchone()[0])

    def fill(self, number: int, vectors: Iterable[tuple[int, bytes]]) -> None:
        """Give passages, by key, their vectors; those that have gone meanwhile are left out."""
        with self._store.writing() as connection:
            connection.executemany(
                f"INSERT OR IGNORE INTO {vectors_table(number)} SELECT key, ?2 FROM passages WHERE key = ?1",  # noqa: S608
                vectors,
            )

    def after(self, encoder: StoredEncoder, key: int, latest: int, limit: int) -> tuple[Keys, Matrix]:
        """Keys [n] and vectors [n, dimension] of the next `limit` passages above `key`, up to change `latest`."""
        query = (
            f"SELECT p.key, v.vector FROM passages p CROSS JOIN {vectors_table(encoder.number)} v"  # noqa: S608
            " ON v.passage = p.key WHERE p.key > ? AND p.seq <= ? ORDER BY p.key LIMIT ?"
        )
        with self._store.reading() as connection:
            rows = connection.execute(query, (key, latest, limit)).fetchall()
        vectors = np.frombuffer(b"".join(vector for _, vector in rows), np.float32).reshape(-1, encoder.dimension)
        return np.array([key for key, _ in rows], np.int64), vectors


def _lacks(number: int) -> str:
    return f"NOT EXISTS (SELECT 1 FROM {vectors_table(number)} v WHERE v.passage = p.key)"  # noqa: S608

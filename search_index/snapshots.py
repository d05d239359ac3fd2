"""What a query sees: database, words and vectors of one and the same moment, whatever is being written meanwhile."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Condition

from search_index import reading
from search_index.embedding import Meaning
from search_index.errors import ErrorCode, SearchError
from search_index.store import BUSY_S, Store
from search_index.word_view import WordView


@dataclass(frozen=True)
class Snapshot:
    """The state after one change: `connection` is inside a read transaction of it, the others never change."""

    connection: sqlite3.Connection
    words: WordView
    meaning: Meaning


@dataclass(frozen=True)
class _Published:
    seq: int
    words: WordView
    meaning: Meaning


class Snapshots:
    """Hands out snapshots of the latest published state.

    A change is in the database some milliseconds before it is in words and vectors. SQLite cannot go back to a state
    that is no longer the latest, so connections wait inside a transaction of the published one, ready to be lent.
    """

    def __init__(self, store: Store, words: WordView, meaning: Meaning) -> None:
        self._store = store
        self._changed = Condition()
        self._ready: list[sqlite3.Connection] = []
        self._spare: list[sqlite3.Connection] = []
        self._closed = False
        self._published = _Published(store.seq, words, meaning)
        self._ready.append(self._connected())

    @contextmanager
    def open(self) -> Iterator[Snapshot]:
        """Lend the latest published state. Raises `SearchError` (storage) where the database cannot be read."""
        connection, published = self._take()
        try:
            with self._store.guarded("read"):
                yield Snapshot(connection, published.words, published.meaning)
        finally:
            self._give_back(connection, published)

    def publish(self, words: WordView, meaning: Meaning) -> None:
        """Show what the database, words and vectors have now; they reflect the same change. One thread at a time."""
        with self._changed:
            self._published = _Published(self._store.seq, words, meaning)
            self._renew()
        if self._store.write_back():
            with self._changed:  # those that do not need the log any more let it begin anew
                self._renew()

    def _renew(self) -> None:
        """Let the connections that are ready see the published state."""
        ready, self._ready = self._ready, []
        for connection in ready:
            connection.execute("ROLLBACK")
            self._begin(connection)
            self._ready.append(connection)
        self._changed.notify_all()

    def _take(self) -> tuple[sqlite3.Connection, _Published]:
        with self._changed:
            while not self._ready:
                connection = self._spare.pop() if self._spare else self._connected()
                if not connection.in_transaction:
                    self._begin(connection)
                if reading.seq(connection) == self._published.seq:
                    return connection, self._published
                connection.execute("ROLLBACK")
                self._spare.append(connection)
                # A change is under way, and more readers than ever before: wait for one of them, or for the change.
                if not self._changed.wait(BUSY_S):
                    raise SearchError(ErrorCode.STORAGE, f"no state of the index could be read in {BUSY_S:.0f} s")
            return self._ready.pop(), self._published

    def _give_back(self, connection: sqlite3.Connection, published: _Published) -> None:
        with self._changed:
            if self._closed:
                connection.close()
            elif published is self._published:
                self._ready.append(connection)
            else:
                connection.execute("ROLLBACK")
                self._spare.append(connection)
            self._changed.notify()

    def _connected(self) -> sqlite3.Connection:
        with self._store.guarded("opened"):
            connection = self._store.connect()
            self._begin(connection)
            return connection

    @staticmethod
    def _begin(connection: sqlite3.Connection) -> None:
        connection.execute("BEGIN")
        reading.seq(connection)  # the transaction's state is that of its first read

    def close(self) -> None:
        """Close the connections; those that are lent when they come back."""
        with self._changed:
            self._closed = True
            for connection in (*self._ready, *self._spare):
                connection.close()
            self._ready, self._spare = [], []

"""The names of a collection by field and tenant, kept in step with the database as readers see it."""

from __future__ import annotations

import sqlite3
from threading import Lock

from search_index import reading
from search_index.names import Names, Similar


class Sounding:
    """What is called like something heard. Made at the first question of a field and tenant, then kept up to date."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], tuple[int, Names]] = {}
        self._lock = Lock()

    def similar(self, connection: sqlite3.Connection, field: str, tenant: str, text: str) -> Similar:
        """How alike `text` is to each of the tenant's names in `field`.

        Names of documents that have been deleted since may be among them: the caller looks documents up anyway.
        """
        return self._names(connection, field, tenant).similarities(text)

    def _names(self, connection: sqlite3.Connection, field: str, tenant: str) -> Names:
        seq = reading.seq(connection)
        with self._lock:
            known = self._known.get((field, tenant))
            if known is None:
                known = seq, Names(reading.names(connection, field, tenant))
            elif known[0] < seq:
                documents = reading.documents_since(connection, tenant, known[0])
                named = reading.names(connection, field, tenant, documents) if documents else []
                known = seq, known[1].changed(documents, named) if documents else known[1]
            self._known[field, tenant] = known
            return known[1]

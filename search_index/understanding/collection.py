"""A collection whose queries are understood: an index, what its fields mean, and the words it knows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from threading import Lock

from search_index.documents import Document
from search_index.filters import Equals, Filter, Range
from search_index.index import Index
from search_index.understanding.meanings import Flag, Meaning, Named, Price, Released
from search_index.understanding.parsing import parse
from search_index.understanding.understood import Understood
from search_index.understanding.vocabulary import Vocabulary


class Collection:
    """One tenant's documents in `index`, with the `meanings` of some of its fields. Safe from any thread.

    Raises `SearchError` (unknown_field, bad_filter, bad_value) where a meaning does not fit a field of the index.
    """

    def __init__(self, index: Index, meanings: Mapping[str, Meaning], tenant: str = "") -> None:
        self.index = index
        self.meanings = meanings
        self.tenant = tenant
        self._lock = Lock()
        for name, meaning in meanings.items():
            index.count(_kind_of_filter(name, meaning), tenant)
        self._known = self._read()

    def vocabulary(self) -> Vocabulary:
        """The collection's words as they are now, read again only after a change."""
        with self._lock:
            if self._known[0] != self.index.generation:
                self._known = self._read()
            return self._known[1]

    def _read(self) -> tuple[int, Vocabulary]:
        generation = self.index.generation  # before the values: what comes meanwhile is read again
        listed = {
            name: self.index.values(name, self.tenant)
            for name, meaning in self.meanings.items()
            if not isinstance(meaning, Price | Released | Flag)
        }
        return generation, Vocabulary(self.meanings, listed)


def _kind_of_filter(name: str, meaning: Meaning) -> Filter:
    """A filter such as the meaning's constraints will have: what is wrong shows at once and not in some query."""
    if isinstance(meaning, Named):
        return Equals(name, "")
    if isinstance(meaning, Flag):
        return Equals(name, True)
    return Range(name, minimum=date.min if isinstance(meaning, Released) else 0)


def understand(
    text: str, collection: Collection, reference: Document | None = None, today: date | None = None
) -> Understood:
    """What `text` asks for, in the collection's own values; see `parse`."""
    return parse(text, collection.vocabulary(), reference, today)

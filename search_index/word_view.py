"""Words as they stand at one moment: BM25 over passages, phrases and codes, for one reader."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import tantivy
from numpy.typing import NDArray
from tantivy import Occur

from search_index.terms import Asked, Asking, Fields

CHUNK, CONTEXT = "chunk", "context"
LISTED = 512
"""Up to so many allowed passages tantivy is given their keys; above, it is asked for more and others are dropped."""
LEAST_DEPTH = 1_024

Keys = NDArray[np.int64]
Scores = NDArray[np.float64]


class WordView:
    """One state of the word index; later writes do not show in it. Safe to use from several threads."""

    def __init__(self, searcher: tantivy.Searcher, schema: tantivy.Schema, fields: Fields) -> None:
        self._searcher = searcher
        self._schema = schema
        self._fields = fields

    @property
    def count(self) -> int:
        """Passages of all tenants."""
        return int(self._searcher.num_docs)

    def ask(self, text: str, tenant: str, *, ties: float, prefix: bool = False) -> Asked:
        """Phrase `text` as queries over the tenant's passages; with `prefix` its last word may go on."""
        return Asking(self._searcher, self._schema, self._fields, tenant, ties).ask(text, prefix=prefix)

    def search(self, asked: Asked, limit: int, allowed: Keys | None = None) -> tuple[Keys, Scores]:
        """The keys [n] and BM25 scores [n] of the best `limit` passages, among the sorted `allowed` keys if given."""
        if asked.query is None:
            return np.empty(0, np.int64), np.empty(0)
        return self._best(asked.query, limit, allowed, asked.count)

    def exact(self, asked: Asked, limit: int, allowed: Keys | None = None) -> tuple[Keys, Scores]:
        """Passages [n] that have quoted phrases or codes of the query, with the share [n] of them that they have."""
        found = [self._best(query, limit, allowed, asked.count)[0] for query in asked.exact]
        keys, times = np.unique(np.concatenate([np.empty(0, np.int64), *found]), return_counts=True)
        return keys, times / max(1, len(found))

    def by_field(self, asked: Asked, keys: Keys) -> Mapping[str, Scores]:
        """BM25 of each field alone (its weight left out) for the passages `keys` [n], each an array [n]."""
        columns = {}
        for name in self._fields:
            column = np.zeros(len(keys))
            if (query := asked.by_field.get(name)) and len(keys):
                order = np.argsort(keys)
                found, scores = self._listed(query, len(keys), keys[order])
                column[order[np.searchsorted(keys[order], found)]] = scores
            columns[name.removeprefix("t_")] = column
        return columns

    def _best(self, query: tantivy.Query, limit: int, allowed: Keys | None, count: int) -> tuple[Keys, Scores]:
        """The best among the `allowed` of the tenant's `count` passages."""
        if allowed is None:
            return self._search(query, limit)
        if len(allowed) <= LISTED:
            return self._listed(query, limit, allowed)
        # Where words and filter have nothing to do with each other, this deep there are enough of the allowed.
        depth = max(LEAST_DEPTH, int(1.3 * limit * count / len(allowed)))
        while True:
            keys, scores = self._search(query, depth)
            exhausted = len(keys) < depth
            places = np.minimum(np.searchsorted(allowed, keys), len(allowed) - 1)
            kept = allowed[places] == keys
            if exhausted or np.count_nonzero(kept) >= limit:
                return keys[kept][:limit], scores[kept][:limit]
            depth *= 8

    def _listed(self, query: tantivy.Query, limit: int, keys: Keys) -> tuple[Keys, Scores]:
        """The best among `keys`."""
        if not len(keys):
            return np.empty(0, np.int64), np.empty(0)
        listed = [(Occur.Should, tantivy.Query.term_query(self._schema, "key", key, "basic")) for key in keys.tolist()]
        among = tantivy.Query.const_score_query(tantivy.Query.boolean_query(listed), 0.0)
        return self._search(tantivy.Query.boolean_query([(Occur.Must, query), (Occur.Must, among)]), limit)

    def _search(self, query: tantivy.Query, limit: int) -> tuple[Keys, Scores]:
        found = self._searcher.search(query, limit=limit, count=False).hits
        keys = self._searcher.fast_field_values("key", [address for _, address in found])
        return np.array(keys, np.int64), np.array([score for score, _ in found], np.float64)

"""One query from text to hits: candidates by words, meaning and names, fused, grouped, cut to a page and explained."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from threading import Lock
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from search_index import reading
from search_index.documents import Chunk, decode
from search_index.encoder import Encoder, Matrix
from search_index.errors import ErrorCode, SearchError
from search_index.filters import Filter
from search_index.fusion import Fused, fuse
from search_index.names import Names
from search_index.query import Hit, NameHit, Query, Results, Sort, Weights
from search_index.reading import Scope
from search_index.schema import Schema
from search_index.store import Store
from search_index.vectors import Vectors
from search_index.words import Words

POOL = 200
"""Passages each way of matching brings up; later ones count only where another way brought them up too."""
NAME_POOL = 50
NAMES_SHARE = Weights(words=0.3, meaning=0.4, sound=0.3)
"""Weights where names are asked for and no weights are given."""
LEAST_SIMILAR = 0.25
"""Names less alike than this are not candidates: unrelated titles share that many letters by chance."""

Keys = NDArray[np.int64]
Scores = NDArray[np.float64]


@dataclass(frozen=True)
class Ranked:
    """A passage in its place: the row of the fused scores it came from."""

    row: int
    passage: int
    document: int
    id: str


class Stopwatch:
    """Milliseconds by stage."""

    def __init__(self) -> None:
        self._start = perf_counter()
        self.stages: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        start = perf_counter()
        yield
        self.stages[f"{name}_ms"] = (perf_counter() - start) * 1e3

    @property
    def total_ms(self) -> float:
        return (perf_counter() - self._start) * 1e3


class Searcher:
    """The reading half of an index; any number of threads may use it while another one writes."""

    def __init__(
        self, schema: Schema, store: Store, words: Words, vectors: Vectors, encoder: Encoder, weights: Weights
    ) -> None:
        self._schema = schema
        self._store = store
        self._words = words
        self._vectors = vectors
        self._encoder = encoder
        self._weights = weights
        self._names: dict[tuple[str, str], tuple[int, Names]] = {}
        self._naming = Lock()

    def search(self, query: Query) -> Results:
        """Answer `query`; see `Results`. Raises `SearchError` for unknown fields and what a field cannot do."""
        watch = Stopwatch()
        scope = Scope.of(self._schema, query.tenant, query.filter)
        text = " ".join(query.text.encode("utf-8", "replace").decode().split())
        if not text:
            return self._browse(query, scope, watch)
        query = replace(
            query, text=text, weights=query.weights or (NAMES_SHARE if query.search_names else self._weights)
        )
        assert query.weights is not None
        with watch.stage("encode"):
            vector = self._encoder.encode([text])[0] if query.weights.meaning else None
        with self._store.reading() as connection:
            passages, fused = self._candidates(connection, query, scope, vector, watch)
            with watch.stage("fuse"):
                ranked = self._rank(connection, query, passages, fused)
                page = ranked[query.offset : query.offset + query.limit]
                hits = tuple(self._hit(connection, query, fused, one) for one in page)
                found = Scope.of_keys({one.document for one in ranked})
                facets = reading.facets(connection, self._schema, found, query.facets)
        return Results(hits, len(ranked), facets, watch.total_ms, watch.stages)

    def _browse(self, query: Query, scope: Scope, watch: Stopwatch) -> Results:
        order = query.sort
        if order is None and query.boost is not None:
            order = Sort(query.boost.field, descending=True)
        with self._store.reading() as connection:
            rows = reading.page(connection, self._schema, scope, order, query.limit, query.offset)
            hits = tuple(Hit(identity, 0.0, decode(self._schema, body)) for identity, body in rows)
            facets = reading.facets(connection, self._schema, scope, query.facets)
            total = reading.count(connection, scope)
        return Results(hits, total, facets, watch.total_ms, watch.stages)

    def _candidates(
        self, connection: sqlite3.Connection, query: Query, scope: Scope, vector: Matrix | None, watch: Stopwatch
    ) -> tuple[Keys, Fused]:
        """Passages [n] brought up by any way of matching and their fused scores, without boosts."""
        weights = query.weights or self._weights
        pool = max(POOL, 4 * (query.offset + query.limit))
        allowed = None
        with watch.stage("filter"):
            if query.filter is not None or reading.other_tenants(connection, query.tenant):
                allowed = reading.passage_keys(connection, scope)
        nothing = np.empty(0, np.int64), np.empty(0)
        full_bm25 = 0.0
        with watch.stage("words"):
            by_words = nothing
            if weights.words:
                keys, scores, full_bm25 = self._words.search(query.text, query.tenant, pool, allowed)
                by_words = keys, scores
        with watch.stage("vectors"):
            by_meaning = self._vectors.search(vector, pool, allowed) if vector is not None else nothing
        with watch.stage("names"):
            by_name = self._by_name(connection, query, allowed) if weights.sound else nothing
        passages = np.unique(np.concatenate([by_words[0], by_meaning[0], by_name[0]]))
        bm25, similar = _column(passages, *by_words), _column(passages, *by_name)
        cosines = np.full(len(passages), -1.0)
        if vector is not None:
            cosines = np.nan_to_num(self._vectors.cosines(vector, passages), nan=-1.0)
        kept = (bm25 > 0) | (similar > 0) | (cosines >= query.min_meaning)
        return passages[kept], fuse(bm25[kept], full_bm25, cosines[kept], similar[kept], weights)

    def _by_name(self, connection: sqlite3.Connection, query: Query, allowed: Keys | None) -> tuple[Keys, Scores]:
        best: dict[int, float] = {}
        for field in self._schema.sounded():
            for document, _, score in self._similar(connection, field, query.tenant, query.text, NAME_POOL, None):
                best[document] = max(score, best.get(document, 0.0))
        own = reading.own_passages(connection, best)
        pairs = [
            (own[document], score) for document, score in best.items() if document in own and score >= LEAST_SIMILAR
        ]
        keys = np.array([key for key, _ in pairs], np.int64)
        scores = np.array([score for _, score in pairs], np.float64)
        if allowed is not None:
            kept = np.isin(keys, allowed)
            return keys[kept], scores[kept]
        return keys, scores

    def _rank(self, connection: sqlite3.Connection, query: Query, passages: Keys, fused: Fused) -> list[Ranked]:
        """What was found, best first, one passage a document where grouped; `fused.boosts` is filled in on the way."""
        owners = reading.owners(connection, query.tenant, passages)
        rows = [
            Ranked(row, passage, *owners[passage]) for row, passage in enumerate(passages.tolist()) if passage in owners
        ]
        if query.boost is not None and rows:
            documents = [one.document for one in rows]
            factors = reading.boosts(connection, self._schema, query.tenant, query.boost, documents)
            fused.boosts[[one.row for one in rows]] = factors
        scores = fused.scores
        rows = [one for one in rows if scores[one.row] >= query.min_score]
        rows.sort(key=lambda one: (-scores[one.row], one.id, one.passage))
        if query.group:
            seen: set[int] = set()
            rows = [one for one in rows if not (one.document in seen or seen.add(one.document))]  # type: ignore[func-returns-value]
        if query.sort is not None:
            places = reading.ranks(connection, self._schema, query.sort, [one.document for one in rows])
            rows.sort(key=lambda one: places[one.document])
        return rows

    def _hit(self, connection: sqlite3.Connection, query: Query, fused: Fused, ranked: Ranked) -> Hit:
        (body,) = connection.execute("SELECT body FROM documents WHERE key = ?", (ranked.document,)).fetchone()
        number, *chunk = connection.execute(
            "SELECT number, text, start_ms, end_ms, chunk FROM passages WHERE key = ?", (ranked.passage,)
        ).fetchone()
        explanation = fused.explain(ranked.row, query.boost.field if query.boost else None)
        part = Chunk(*chunk) if number else None
        return Hit(ranked.id, explanation.score, decode(self._schema, body), part, explanation)

    def link(self, text: str, field: str, limit: int, condition: Filter | None, tenant: str) -> list[NameHit]:
        """The documents whose name in `field` is most like `text`, best first; see `Index.link`."""
        Query(text=text, limit=limit)  # the same bounds as any query
        if field not in self._schema.sounded():
            self._schema.field(field)
            raise SearchError(ErrorCode.BAD_QUERY, f"{field} was not declared with sound=True", field=field)
        scope = Scope.of(self._schema, tenant, condition)
        with self._store.reading() as connection:
            allowed = reading.document_keys(connection, scope) if condition is not None else None
            similar = self._similar(connection, field, tenant, text, limit, allowed)
            rows = connection.execute(
                "SELECT key, id FROM documents WHERE key IN (SELECT value FROM json_each(?))",
                Scope.of_keys(document for document, _, _ in similar).parameters,
            )
            ids = dict(rows.fetchall())
        return [NameHit(ids[document], value, score) for document, value, score in similar]

    def _similar(
        self, connection: sqlite3.Connection, field: str, tenant: str, text: str, limit: int, allowed: Keys | None
    ) -> list[tuple[int, str, float]]:
        """Up to `limit` documents with their most similar name and its score above 0, best first."""
        names = self._named(connection, field, tenant)
        scores = names.similarities(text.encode("utf-8", "replace").decode())
        if allowed is not None:
            scores = np.where(np.isin(names.documents, allowed), scores, 0.0)
        found: dict[int, tuple[int, str, float]] = {}
        for row in np.argsort(-scores, kind="stable"):
            if scores[row] <= 0 or len(found) == limit:
                break
            document = int(names.documents[row])
            found.setdefault(document, (document, names.values[row], float(scores[row])))
        return list(found.values())

    def _named(self, connection: sqlite3.Connection, field: str, tenant: str) -> Names:
        """The names as this connection sees them, made again only after a change."""
        seq = reading.seq(connection)
        with self._naming:
            known = self._names.get((field, tenant))
            if known is None or known[0] != seq:
                known = self._names[field, tenant] = seq, reading.names(connection, field, tenant)
            return known[1]


def _column(passages: Keys, keys: Keys, scores: Scores) -> Scores:
    """Scores [n] in the order of the sorted `passages` [n]; 0 for those without one."""
    column = np.zeros(len(passages))
    column[np.searchsorted(passages, keys)] = scores
    return column

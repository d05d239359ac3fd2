"""Everything that any way of matching brings up for a query, with what each way knows about it."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from search_index import field_values, reading
from search_index.encoder import Matrix
from search_index.errors import ErrorCode, SearchError
from search_index.evidence import Evidence
from search_index.query import Query, Weights
from search_index.reading import Scope
from search_index.schema import Schema
from search_index.snapshots import Snapshot
from search_index.sounding import Sounding
from search_index.stopwatch import Stopwatch
from search_index.terms import Asked

WINDOW = 200
"""Passages each way of matching brings up, or as many as a page has where those are more."""
NAME_POOL = 50
LEAST_SIMILAR = 0.25
"""Names less alike than this are not candidates: unrelated titles share that many letters by chance."""
MAX_ENCODED = 4_000
"""Characters of a query that are encoded; encoders read less."""
KEPT_SCOPES = 8
"""Filters whose passages are remembered until something changes."""

Keys = NDArray[np.int64]
Scores = NDArray[np.float64]
_NOTHING = np.empty(0, np.int64), np.empty(0)


@dataclass(frozen=True)
class Candidates:
    """The evidence, the words asked for, and whether there is nothing beyond these candidates."""

    evidence: Evidence
    asked: Asked
    exhaustive: bool


@dataclass(frozen=True)
class _Target:
    """What is looked for: words, the vector of their meaning, what was heard, and the document not to be found."""

    asked: Asked
    vector: Matrix | None
    heard: str
    excluded: int | None


class Gathering:
    """Collects candidates; keeps names and the passages of recent filters between queries."""

    def __init__(self, schema: Schema, sounding: Sounding) -> None:
        self._schema = schema
        self._sounding = sounding
        self._scopes: OrderedDict[tuple[int, Scope], Keys] = OrderedDict()
        self._lock = Lock()

    def gather(
        self, at: Snapshot, query: Query, weights: Weights, scope: Scope, now: float, watch: Stopwatch
    ) -> Candidates:
        """All candidates of `query` in the state `at`; ages are counted from `now` (seconds since 1970)."""
        target = self._target(at, query, weights, watch)
        window = max(WINDOW, query.limit)
        with watch.stage("filter"):
            filtered = self._allowed(at, scope) if query.filter is not None else None
            own = filtered
            if own is None and reading.other_tenants(at.connection, query.tenant):
                own = self._allowed(at, scope)
        with watch.stage("words"):
            by_words = at.words.search(target.asked, window, filtered) if weights.words else _NOTHING
            exact = at.words.exact(target.asked, window, filtered)
        with watch.stage("vectors"):
            by_meaning = _NOTHING
            if target.vector is not None:
                by_meaning = at.meaning.vectors.search(target.vector, window, own)
        with watch.stage("names"):
            names = self._names(at, query, target.heard) if weights.sound and target.heard else {}
            by_name = self._own_passages(at, names, own)
        passages = np.unique(np.concatenate([by_words[0], exact[0], by_meaning[0], by_name]))
        with watch.stage("evidence"):
            evidence = self._evidence(at, query, target, passages, by_words, exact, names, now)
        complete = all(len(found) < window for found in (by_words[0], exact[0], by_meaning[0]))
        return Candidates(evidence, target.asked, complete and len(names) < NAME_POOL)

    def _target(self, at: Snapshot, query: Query, weights: Weights, watch: Stopwatch) -> _Target:
        vector, encoder = None, at.meaning.encoder
        if weights.meaning and encoder is not None and query.text:
            with watch.stage("encode"):
                vector = encoder.encode_query(query.text[:MAX_ENCODED])
        asked = at.words.ask(query.text, query.tenant, ties=weights.ties, prefix=query.prefix)
        if not query.like:
            return _Target(asked, vector, query.text, None)
        own = reading.own_passage(at.connection, query.tenant, query.like)
        if own is None:
            raise SearchError(ErrorCode.BAD_QUERY, f"there is no document {query.like!r:.80} to be like", field="like")
        document, passage, text = own
        if weights.meaning and encoder is not None:
            _, vectors = at.meaning.vectors.gather(np.array([passage], np.int64))
            if len(vectors):
                total = vectors[0] if vector is None else vectors[0] + vector
                vector = (total / max(1e-6, float(np.linalg.norm(total)))).astype(np.float32)
        alike = at.words.ask(f"{query.text} {text}", query.tenant, ties=weights.ties)
        # No other document has all the words of this one: the best that there is counts as a full match.
        return _Target(replace(alike, exact=asked.exact, full_score=0.0), vector, query.text, document)

    def _allowed(self, at: Snapshot, scope: Scope) -> Keys:
        """Keys of the passages in scope, ascending."""
        name = reading.seq(at.connection), scope
        with self._lock:
            if name in self._scopes:
                self._scopes.move_to_end(name)
                return self._scopes[name]
        keys = reading.passage_keys(at.connection, scope)
        with self._lock:
            self._scopes[name] = keys
            while len(self._scopes) > KEPT_SCOPES:
                self._scopes.popitem(last=False)
        return keys

    def _names(self, at: Snapshot, query: Query, heard: str) -> dict[int, float]:
        """The documents whose names are most like what was heard, and how much."""
        best: dict[int, float] = {}
        for field in self._schema.sounded():
            similar = self._sounding.similar(at.connection, field, query.tenant, heard)
            for document, _, score in similar.best(NAME_POOL, LEAST_SIMILAR):
                best[document] = max(score, best.get(document, 0.0))
        return best

    @staticmethod
    def _own_passages(at: Snapshot, names: dict[int, float], allowed: Keys | None) -> Keys:
        own = np.array(list(reading.own_passages(at.connection, names).values()), np.int64)
        if allowed is None:
            return own
        # Not np.isin: it would hash the allowed ones, 80 ms for 100,000.
        kept: Keys = own[np.append(allowed, -1)[np.searchsorted(allowed, own)] == own]
        return kept

    def _evidence(
        self,
        at: Snapshot,
        query: Query,
        target: _Target,
        passages: Keys,
        by_words: tuple[Keys, Scores],
        exact: tuple[Keys, Scores],
        names: dict[int, float],
        now: float,
    ) -> Evidence:
        """What is known of those `passages` that this query may find."""
        cosines = np.full(len(passages), -1.0)
        if target.vector is not None:
            cosines = np.nan_to_num(at.meaning.vectors.cosines(target.vector, passages), nan=-1.0)
        bm25, exactly = _column(passages, *by_words), _column(passages, *exact)
        owners = reading.owners(at.connection, query.tenant, passages)
        known = [owners.get(passage, (0, -1, "")) for passage in passages.tolist()]
        numbers = np.array([number for number, _, _ in known], np.int64)
        documents = np.array([document for _, document, _ in known], np.int64)
        similar = np.array([0.0 if number else names.get(document, 0.0) for number, document, _ in known])
        found = (bm25 > 0) | (similar > 0) | (exactly > 0) | (cosines >= query.min_meaning)
        rows = np.flatnonzero(found & (documents >= 0) & (documents != target.excluded))
        evidence = Evidence(
            passages, documents, numbers, [identity for _, _, identity in known],
            bm25, target.asked.full_score, cosines, similar, exactly, {},
        ).take(rows)  # fmt: skip
        boosts = {
            boost.field: field_values.boosts(at.connection, self._schema, query.tenant, boost, now, evidence.documents)
            for boost in query.boosts
        }
        return replace(evidence, boosts=boosts)


def _column(passages: Keys, keys: Keys, scores: Scores) -> Scores:
    """Scores [n] in the order of the sorted `passages` [n]; 0 for those without one."""
    column = np.zeros(len(passages))
    column[np.searchsorted(passages, keys)] = scores
    return column

"""One query from text to hits: candidates are weighed, put in order, cut to a page and explained."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from search_index import field_values, reading
from search_index.candidates import Candidates, Gathering
from search_index.cursor import Place, read_cursor, write_cursor
from search_index.diversity import DEPTH, diverse
from search_index.documents import Document, decode, decode_variants
from search_index.errors import ErrorCode, SearchError
from search_index.evidence import Observation, Reranker
from search_index.filters import Filter
from search_index.fusion import Fused, fuse
from search_index.highlighting import highlights
from search_index.matching import passing_variants
from search_index.ordering import Ranked, in_order, page_of
from search_index.query import Query, Sort, Weights
from search_index.reading import Scope
from search_index.results import Hit, NameHit, Results
from search_index.schema import BooleanField, DateField, NumberField, Schema, Value
from search_index.snapshots import Snapshot, Snapshots
from search_index.sounding import Sounding
from search_index.stopwatch import Stopwatch
from search_index.windows import moments


class Searcher:
    """The reading half of an index; any number of threads may use it while another one writes."""

    def __init__(
        self,
        schema: Schema,
        snapshots: Snapshots,
        weights: Weights | Callable[[str], Weights],
        reranker: Reranker | None = None,
    ) -> None:
        """`weights` are those of queries that name none: the same for all, or by the text of each."""
        self._schema = schema
        self._snapshots = snapshots
        self._weights = weights
        self._reranker = reranker
        self._sounding = Sounding()
        self._gathering = Gathering(schema, self._sounding)

    def search(self, query: Query) -> Results:
        """Answer `query`; see `Results`. Raises `SearchError` for unknown fields and what a field cannot do."""
        watch = Stopwatch()
        scope = Scope.of(self._schema, query.tenant, query.filter)
        query = replace(query, text=_spoken(query.text, query.prefix), like=_clean(query.like))
        with self._snapshots.open() as at:
            secret = reading.identity(at.connection)
            after = read_cursor(query, secret)
            now = after.asked_at if after else time.time()
            answer = self._ranked if query.text or query.like else self._browsed
            return answer(at, query, scope, after, now, secret, watch)

    def _browsed(
        self, at: Snapshot, query: Query, scope: Scope, after: Place | None, now: float, secret: str, watch: Stopwatch
    ) -> Results:
        order = query.sort
        if order is None and query.boosts:
            order = Sort(query.boosts[0].field, descending=True)
        rows = field_values.page(at.connection, self._schema, scope, order, query.limit + 1, after)
        page = rows[: query.limit]
        hits = tuple(self._listed(query, row) for row in page)
        following = ""
        if len(rows) > len(page):
            last = page[-1]
            following = write_cursor(Place(last.missing, last.value, last.id, 0, now), query, secret)
        facets = field_values.facets(at.connection, self._schema, scope, query.facets)
        total = reading.count(at.connection, scope)
        return Results(hits, total, True, following, facets, watch.total_ms, watch.stages)

    def _ranked(
        self, at: Snapshot, query: Query, scope: Scope, after: Place | None, now: float, secret: str, watch: Stopwatch
    ) -> Results:
        weights = self._weights_for(query)
        candidates = self._gathering.gather(at, query, weights, scope, now, watch)
        with watch.stage("fuse"):
            fused = fuse(candidates.evidence, weights, query.boosts)
            ranked = self._in_order(at, query, candidates, fused)
            page, following = page_of(query, ranked, after, now, secret)
            if query.diversity:
                page, following = self._diverse(at, query, ranked, fused), ""
        with watch.stage("hits"):
            hits = tuple(self._hit(at, query, candidates, fused, one) for one in page)
            found = {int(candidates.evidence.documents[one.row]) for one in ranked}
            facets = field_values.facets(at.connection, self._schema, Scope.of_keys(found), query.facets)
        return Results(hits, len(ranked), candidates.exhaustive, following, facets, watch.total_ms, watch.stages)

    def _weights_for(self, query: Query) -> Weights:
        """The query's own, else the collection's; without sound where nothing could be misheard."""
        weights = query.weights
        if weights is None:
            weights = self._weights(query.text) if callable(self._weights) else self._weights
        if weights.sound and (weights.words or weights.meaning) and not self._schema.sounded():
            weights = replace(weights, sound=0.0)
        return weights

    def _in_order(self, at: Snapshot, query: Query, candidates: Candidates, fused: Fused) -> list[Ranked]:
        """All that was found, best first, one passage a document where grouped."""
        rows = self._fused_order(at, query, fused)
        if query.sort is not None:
            return self._sorted(at, query.sort, rows, fused)
        return self._reranked(at, query, candidates, fused, rows) if self._reranker else rows

    @staticmethod
    def _fused_order(at: Snapshot, query: Query, fused: Fused) -> list[Ranked]:
        evidence = fused.evidence
        rows = [
            Ranked(row, 0, score, evidence.ids[row], int(evidence.passages[row]))
            for row, score in enumerate(fused.scores.tolist())
            if score >= query.min_score
        ]
        rows.sort(key=lambda one: (-fused.scores[one.row], one.id, one.passage))
        if query.group:
            first: dict[str, Ranked] = {}
            for one in rows:
                first.setdefault(one.id, one)
            rows = list(first.values())
        else:
            times = reading.times(at.connection, [one.passage for one in rows])
            rows = [rows[place] for place in moments([(one.id, *times[one.passage]) for one in rows])]
        return rows

    def _sorted(self, at: Snapshot, order: Sort, rows: Sequence[Ranked], fused: Fused) -> list[Ranked]:
        documents = fused.evidence.documents
        values = field_values.sort_values(at.connection, self._schema, order, [int(documents[one.row]) for one in rows])
        return in_order([(one, values[int(documents[one.row])]) for one in rows], order)

    def _reranked(
        self, at: Snapshot, query: Query, candidates: Candidates, fused: Fused, rows: list[Ranked]
    ) -> list[Ranked]:
        """The best in the order of the learnt re-ranker, what is exact still first; the rest behind them."""
        assert self._reranker is not None
        head, tail = rows[: self._reranker.depth], rows[self._reranker.depth :]
        observation = self._observed(at, query, candidates, fused, head)
        evidence, learned = observation.evidence, self._reranker.scores(observation)
        # Among as many exact parts, the learned score decides; it has no bounds of its own.
        places = np.argsort(np.argsort(learned, kind="stable"), kind="stable") / max(1, len(head))
        values = evidence.exact + places / (1 + len(candidates.asked.exact))
        head = [
            replace(
                one,
                value=float(value),
                learned=float(score),
                because=partial(self._reranker.contributions, observation, place),
            )
            for place, (one, value, score) in enumerate(zip(head, values, learned, strict=True))
        ]
        head.sort(key=lambda one: (-one.value, one.id, one.passage))  # type: ignore[operator]
        return head + [replace(one, tier=1) for one in tail]

    def _observed(
        self, at: Snapshot, query: Query, candidates: Candidates, fused: Fused, rows: Sequence[Ranked]
    ) -> Observation:
        places = [one.row for one in rows]
        evidence = fused.evidence.take(places)
        numbers = {
            name: field_values.numbers(at.connection, self._schema, name, evidence.documents.tolist())
            for name, field in self._schema.fields.items()
            if isinstance(field, NumberField | DateField | BooleanField)
        }
        by_field = at.words.by_field(candidates.asked, evidence.passages)
        times = reading.times(at.connection, evidence.passages.tolist())
        spans = np.array([times[key] for key in evidence.passages.tolist()], np.int64).reshape(-1, 2)
        return Observation(query.text, evidence, by_field, numbers, fused.scores[places], spans)

    def observe(self, query: Query) -> Observation:
        """What is known of the first `query.limit` passages, in their fused order; the re-ranker has no say."""
        scope = Scope.of(self._schema, query.tenant, query.filter)
        query = replace(query, text=_spoken(query.text, query.prefix), like=_clean(query.like))
        weights = self._weights_for(query)
        with self._snapshots.open() as at:
            candidates = self._gathering.gather(at, query, weights, scope, time.time(), Stopwatch())
            fused = fuse(candidates.evidence, weights, query.boosts)
            rows = self._fused_order(at, query, fused)[: query.limit]
            return self._observed(at, query, candidates, fused, rows)

    @staticmethod
    def _diverse(at: Snapshot, query: Query, ranked: Sequence[Ranked], fused: Fused) -> list[Ranked]:
        best = ranked[: max(DEPTH, query.limit)]
        known, gathered = at.meaning.vectors.gather(fused.evidence.passages[[one.row for one in best]])
        vectors = np.full((len(best), gathered.shape[1]), np.nan, np.float32)
        vectors[known] = gathered
        return [
            best[row] for row in diverse(fused.scores[[one.row for one in best]], vectors, query.diversity, query.limit)
        ]

    def _hit(self, at: Snapshot, query: Query, candidates: Candidates, fused: Fused, ranked: Ranked) -> Hit:
        document = int(fused.evidence.documents[ranked.row])
        values = decode(self._schema, reading.body(at.connection, document))
        variants = self._variants(query, ranked.id, values, reading.variants(at.connection, document))
        chunk = reading.chunk(at.connection, ranked.passage)
        because = ranked.because() if ranked.because else {}
        explanation = replace(fused.explain(ranked.row), learned=ranked.learned, because=because)
        marked = highlights(self._schema.searched(), values, chunk, candidates.asked) if query.highlight else ()
        return Hit(ranked.id, explanation.score, values, chunk, explanation, marked, variants)

    def _listed(self, query: Query, row: field_values.Listed) -> Hit:
        values = decode(self._schema, row.body)
        return Hit(row.id, 0.0, values, variants=self._variants(query, row.id, values, row.variants))

    def _variants(
        self, query: Query, identity: str, values: Mapping[str, Value], listed: str
    ) -> tuple[Mapping[str, Value], ...]:
        """The document's variants that pass the query's filter."""
        variants = decode_variants(self._schema, listed)
        if query.filter is None or not variants:
            return variants
        document = Document(identity, values, variants=variants)
        return tuple(variants[number] for number in passing_variants(query.filter, document, self._schema))

    def link(self, text: str, field: str, limit: int, condition: Filter | None, tenant: str) -> list[NameHit]:
        """The documents whose name in `field` is most like `text`, best first; see `Index.link`."""
        Query(text=text, limit=limit)  # the same bounds as any query
        if field not in self._schema.sounded():
            self._schema.field(field)
            raise SearchError(ErrorCode.BAD_QUERY, f"{field} was not declared with sound=True", field=field)
        scope = Scope.of(self._schema, tenant, condition)
        with self._snapshots.open() as at:
            similar = self._sounding.similar(at.connection, field, tenant, _clean(text))
            if condition is not None:
                similar = similar.among(reading.document_keys(at.connection, scope))
            return [NameHit(*hit) for hit in _existing(at, similar.best, limit)]


def _existing(
    at: Snapshot, best: Callable[[int], list[tuple[int, str, float]]], limit: int
) -> list[tuple[str, str, float]]:
    """The best `limit` names of documents that are there: those of deleted ones may be among the names still."""
    depth = limit
    while True:
        found = best(depth)
        ids = reading.ids(at.connection, [document for document, _, _ in found])
        there = [(ids[document], value, score) for document, value, score in found if document in ids]
        if len(there) >= limit or len(found) < depth:
            return there[:limit]
        depth *= 4


def _spoken(text: str, prefix: bool) -> str:
    """Words between single spaces; a space after the last one is kept where it tells that the word is complete."""
    cleaned = _clean(text)
    spaced = " ".join(cleaned.split())
    return f"{spaced} " if prefix and spaced and cleaned[-1].isspace() else spaced


def _clean(text: str) -> str:
    """Half surrogate pairs, which are no text, made question marks."""
    return text.encode("utf-8", "replace").decode()

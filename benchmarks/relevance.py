"""How well the index ranks: moments of talks, products and films, beside plain BM25, dense alone and RRF."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.benchmark import MEASURING_DATA, Benchmark, Workplace
from benchmarks.collections import FILMS, PRODUCTS, film_topics, films, product_topics, products
from benchmarks.moments import PLAIN_WORDS, SCHEMA, moment_documents, moment_topics, plain_windows
from benchmarks.peers import PlainBM25, among, reciprocal_rank_fusion
from benchmarks.report import Cell, Findings, Table
from search_index import AnyOf, Document, Encoder, Index, Query, Schema, Weights, open_encoder
from search_index.documents import own_text
from search_index.relevance.evaluation import MAIN, score, summary
from search_index.relevance.judgments import Topic
from search_index.relevance.learning import examples, held_out, relevant, reranked, weights_to_try
from search_index.relevance.runs import DEPTH, Answer, Run, make_run
from search_index.relevance.statistics import Estimate, estimate

FILM_QUERIES, POOL_QUERIES = 500, 1_500
"""Of the 3,000, for the rows over all films: the weights are tried on each of them two dozen times."""
WORDS, MEANING = Weights(1, 0), Weights(0, 1)

ABOUT = f"""
Rankings by judgments, with 95 % bootstrap intervals over queries. *Plain BM25* is tantivy with its English analyzer
over one field that holds a document's whole text; *dense alone* is our index asked by meaning (MiniLM) only, *words
alone* by words only; *RRF* is reciprocal rank fusion (k = 60) of these two lists. *Learnt weights*: each query is asked
with the weights that are best for the queries of the four other folds; *learnt re-ranker*: its candidates are ordered
by a LambdaMART that was trained on those. So no query has a say in its own figure.

Moments: 218 section headings that people wrote, looked for in 124 transcripts; a hit is a passage whose middle lies in
the section. Plain BM25 has windows of about {PLAIN_WORDS} words, ours are those of `search_index.windows`. Products:
the judged queries of Chorus over 19,406 products of Icecat, grades 0 to 3. Films: {FILM_QUERIES:,} of the 3,000
queries of MSRD over its 9,750 films, grades 0 and 1; in the judged pool only the films that were judged for a
query are put in order, for {POOL_QUERIES:,} of them.
"""

Ask = Callable[[Topic, Weights | None], Query]


def run(place: Workplace) -> Findings:
    if not MEASURING_DATA.is_dir():
        raise FileNotFoundError(f"this is measured on public collections, and there is no folder {MEASURING_DATA}")
    encoder = open_encoder("minilm", place.paths.encoder)
    kept = place.kept / "relevance"
    tables = (
        moments(kept, encoder, place.say),
        *judged_products(kept, encoder, place.say),
        *judged_films(kept, encoder, place.say),
    )
    return Findings(tables, REMARKS)


REMARKS = (
    "The pools of Icecat and MSRD were found by BM25, and what nobody judged counts as irrelevant: that flatters BM25, "
    "and judged@10 tells how much.",
    "A re-ranker for moments learnt from 218 headings was worse than the fusion it started from; the index learns one "
    "from 100 queries on and switches it on only where it wins.",
)


def moments(kept: Path, encoder: Encoder, say: Callable[[str], None]) -> Table:
    """Hits of headings over all transcripts, and within the one that is known."""
    topics = moment_topics(MEASURING_DATA / "moments")
    rows: list[tuple[Cell, ...]] = []
    plain = PlainBM25(
        {f"{at.id} {at.start_ms}-{at.end_ms}": text for at, text in plain_windows(MEASURING_DATA / "moments")}
    )
    with _filled(kept / "moments", SCHEMA, lambda: moment_documents(MEASURING_DATA / "moments"), encoder, say) as index:
        for known in (False, True):

            def ask(topic: Topic, weights: Weights | None, known: bool = known) -> Query:
                only = AnyOf("id", [one.id for one in topic.judgments]) if known else None
                return Query(topic.text, limit=DEPTH, group=False, weights=weights, filter=only, min_meaning=-1.0)

            by_words = {topic.id: _windows_of(plain, topic, known) for topic in topics}
            runs = _runs(index, topics, ask, by_words, say)
            runs["learnt weights, cross-validated"] = _learnt(index, topics, ask, say)
            where = "transcript known" if known else "all transcripts"
            rows += [
                (f"{where}: {name}", *_figures(topics, found, ("hit@1", "hit@5", "hit@10")))
                for name, found in runs.items()
            ]
    return Table(("moments of talks, 218 headings", "hit@1", "hit@5", "hit@10"), tuple(rows))


def judged_products(kept: Path, encoder: Encoder, say: Callable[[str], None]) -> tuple[Table, ...]:
    """Icecat, whole."""
    topics = relevant(product_topics(MEASURING_DATA))
    with _filled(kept / "products", PRODUCTS, lambda: products(MEASURING_DATA), encoder, say) as index:
        plain = _plain(PRODUCTS, products(MEASURING_DATA))
        runs = _runs(index, topics, _by_document, {one.id: plain.answers(one.text) for one in topics}, say)
        runs["learnt weights, cross-validated"] = _learnt(index, topics, _by_document, say)
    return (_table(f"products, {len(topics)} queries", topics, runs, (MAIN, "hit@1", "recall@100", "judged@10")),)


def judged_films(kept: Path, encoder: Encoder, say: Callable[[str], None]) -> tuple[Table, ...]:
    """Films, whole and inside the judged pool."""
    everything = relevant(film_topics(MEASURING_DATA))
    drawn = np.random.default_rng(1).permutation(len(everything))
    topics, pooled = ([everything[place] for place in sorted(drawn[:count])] for count in (FILM_QUERIES, POOL_QUERIES))
    columns = (MAIN, "hit@1", "hit@10", "recall@100", "judged@10")
    with _filled(kept / "films", FILMS, lambda: films(MEASURING_DATA), encoder, say) as index:
        plain = _plain(FILMS, films(MEASURING_DATA))
        runs = _runs(index, topics, _by_document, {one.id: plain.answers(one.text) for one in topics}, say)
        runs["learnt weights, cross-validated"] = _learnt(index, topics, _by_document, say)
        found = examples(index, topics, _by_document, None, _quiet)
        runs["learnt re-ranker, cross-validated"] = reranked(FILMS, found, _quiet)
        whole = _table(f"films, {len(topics):,} queries", topics, runs, columns)
        pool = _pool(index, plain, pooled, say)
    return whole, pool


def _pool(index: Index, plain: PlainBM25, topics: Sequence[Topic], say: Callable[[str], None]) -> Table:
    """The judged films of each query alone."""

    def ask(topic: Topic, weights: Weights | None) -> Query:
        pool = AnyOf("id", [one.id for one in topic.judgments])
        return Query(topic.text, limit=DEPTH, filter=pool, weights=weights, min_meaning=-1.0)

    deep = {one.id: plain.answers(one.text, 10_000) for one in topics}
    by_words = {one.id: among(deep[one.id], (j.id for j in one.judgments)) for one in topics}
    runs = _runs(index, topics, ask, by_words, say)
    say("learning to rank within the pool")
    runs["learnt re-ranker, cross-validated"] = reranked(
        index.schema, examples(index, topics, ask, None, _quiet), _quiet
    )
    return _table(f"films in the judged pool, {len(topics):,} queries", topics, runs, (MAIN, "hit@1"))


def _runs(index: Index, topics: Sequence[Topic], ask: Ask, plain: Run, say: Callable[[str], None]) -> dict[str, Run]:
    """The peers and the untuned index."""
    say(f"{len(topics)} queries, untuned")
    dense, words = _asked(index, topics, ask, MEANING), _asked(index, topics, ask, WORDS)
    return {
        "plain BM25": plain,
        "dense alone": dense,
        "words alone": words,
        "RRF of words and dense": {one.id: reciprocal_rank_fusion(words[one.id], dense[one.id]) for one in topics},
        "the index, untuned": _asked(index, topics, ask, None),
    }


def _learnt(index: Index, topics: Sequence[Topic], ask: Ask, say: Callable[[str], None]) -> Run:
    tried = weights_to_try(index.schema)
    runs = []
    for number, weights in enumerate(tried, start=1):
        say(f"{len(topics)} queries, weights {number} of {len(tried)}")
        runs.append(_asked(index, topics, ask, weights))
    table = np.array([[one.values[MAIN] for one in score(topics, found)] for found in runs])
    return {topic.id: runs[row][topic.id] for topic, row in zip(topics, held_out(table).tolist(), strict=True)}


def _asked(index: Index, topics: Sequence[Topic], ask: Ask, weights: Weights | None) -> dict[str, tuple[Answer, ...]]:
    return make_run(topics, lambda topic: index.search(ask(topic, weights)).hits)


def _by_document(topic: Topic, weights: Weights | None) -> Query:
    return Query(topic.text, limit=DEPTH, weights=weights)


def _windows_of(plain: PlainBM25, topic: Topic, known: bool) -> tuple[Answer, ...]:
    """The best windows, of the topic's own transcript alone where it is known."""
    found = []
    for answer in plain.answers(topic.text, 10_000 if known else DEPTH):
        identity, _, times = answer.id.rpartition(" ")
        start, _, end = times.partition("-")
        if not known or identity == topic.judgments[0].id:
            found.append(replace(answer, id=identity, start_ms=int(start), end_ms=int(end)))
    return tuple(found[:DEPTH])


def _plain(schema: Schema, documents: Iterable[Document]) -> PlainBM25:
    return PlainBM25({one.id: own_text(schema, one.values) for one in documents})


def _filled(
    path: Path,
    schema: Schema,
    documents: Callable[[], Iterable[Document]],
    encoder: Encoder,
    say: Callable[[str], None],
) -> Index:
    """The index, kept from run to run since encoding takes minutes."""
    index = Index.open(path, schema, encoder)
    index.upsert(list(documents()), lambda done, of: say(f"{done} of {of} documents are in {path.name}"))
    index.settle()
    return index


def _table(name: str, topics: Sequence[Topic], runs: Mapping[str, Run], columns: Sequence[str]) -> Table:
    rows: list[tuple[Cell, ...]] = [(way, *_figures(topics, found, columns)) for way, found in runs.items()]
    last = list(runs.values())[-1]
    gains = [
        f"{one.mean:+.3f} ({one.low:+.3f} to {one.high:+.3f})"
        for one in (_gain(topics, last, runs["plain BM25"], c) for c in columns)
    ]
    return Table((name, *columns), (*rows, ("last row less plain BM25", *gains)))


def _gain(topics: Sequence[Topic], ours: Run, theirs: Run, column: str) -> Estimate:
    pairs = zip(score(topics, ours), score(topics, theirs), strict=True)
    return estimate([one.values[column] - other.values[column] for one, other in pairs])


def _figures(topics: Sequence[Topic], found: Run, columns: Sequence[str]) -> tuple[str, ...]:
    figures = summary(score(topics, found))
    return tuple(figures[column].describe() for column in columns)


def _quiet(what: str, done: int, of: int) -> None:
    """Nobody is told."""


BENCHMARK = Benchmark("relevance", "Relevance", ABOUT, run)

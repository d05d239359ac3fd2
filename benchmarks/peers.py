"""What the index is compared with: BM25 alone, and reciprocal rank fusion, made from nothing of ours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import tantivy
from tantivy import Occur

from search_index.relevance.runs import DEPTH, Answer

RRF_K = 60
"""Cormack, Clarke, Büttcher, "Reciprocal Rank Fusion outperforms Condorcet", SIGIR 2009."""


class PlainBM25:
    """tantivy with its English analyzer over one field that holds everything, asked for any of the words."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw")
        builder.add_text_field("text", tokenizer_name="en_stem")
        self._schema = builder.build()
        self._index = tantivy.Index(self._schema)
        writer = self._index.writer(50_000_000, 1)
        for identity, text in texts.items():
            writer.add_document(tantivy.Document(id=[identity], text=[text]))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        analyzer = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(tantivy.Filter.remove_long(40))
        self._analyzer = analyzer.filter(tantivy.Filter.lowercase()).filter(tantivy.Filter.stemmer("english")).build()

    def answers(self, text: str, limit: int = DEPTH) -> tuple[Answer, ...]:
        """The best documents and their BM25."""
        terms = [tantivy.Query.term_query(self._schema, "text", term) for term in self._analyzer.analyze(text)]
        if not terms:
            return ()
        searcher = self._index.searcher()
        query = tantivy.Query.boolean_query([(Occur.Should, term) for term in terms])
        found = searcher.search(query, limit=limit, count=False).hits
        return tuple(Answer(searcher.doc(address)["id"][0], score) for score, address in found)


def reciprocal_rank_fusion(*lists: Sequence[Answer]) -> tuple[Answer, ...]:
    """Lists of answers, each best first, made one by their ranks alone."""
    scores: dict[tuple[str, int, int], float] = {}
    for answers in lists:
        for rank, answer in enumerate(answers, start=1):
            place = answer.id, answer.start_ms, answer.end_ms
            scores[place] = scores.get(place, 0.0) + 1 / (RRF_K + rank)
    best = sorted(scores.items(), key=lambda item: (-item[1], item[0]))[:DEPTH]
    return tuple(Answer(identity, score, start, end) for (identity, start, end), score in best)


def among(answers: Iterable[Answer], ids: Iterable[str]) -> tuple[Answer, ...]:
    """Only the answers with these ids, then those of the ids that were not found, in order of id."""
    wanted = set(ids)
    found = tuple(answer for answer in answers if answer.id in wanted)
    missing = sorted(wanted - {answer.id for answer in found})
    return (*found, *(Answer(identity, 0.0) for identity in missing))

"""A query's words made into a tantivy query, term by term and never through its parser."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

import jellyfish
import tantivy
from tantivy import Filter, Occur, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

from search_index.schema import KeywordField, TextField

MAX_TERMS = 64
"""Words of a query that are looked up; speech has no more."""
TIE_BREAKER = 0.3
"""What a word adds through fields other than the one it matches best (as in Elasticsearch's best_fields)."""
MAX_GUESSES = 3
"""Known words one unknown word may stand for."""

Fields = Mapping[str, TextField | KeywordField]


@dataclass(frozen=True)
class WordQuery:
    """What to search for, and the score a passage earns that has every word once in a field of average length."""

    query: tantivy.Query
    full_score: float


def analyzer(*, stemmed: bool, stop: bool = False) -> TextAnalyzer:
    """Lower-cased, accent-free words, as tantivy cuts them; `stop` leaves out English function words."""
    builder = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.remove_long(80))
    builder = builder.filter(Filter.lowercase()).filter(Filter.ascii_fold())
    if stop:
        builder = builder.filter(Filter.stopword("english"))
    if stemmed:
        builder = builder.filter(Filter.stemmer("english"))
    return builder.build()


ANALYZERS = {
    (stemmed, stop): analyzer(stemmed=stemmed, stop=stop) for stemmed in (True, False) for stop in (True, False)
}


def composed(text: str) -> str:
    """Letters and their accents as one: the tokenizer would cut a word at an accent that stands alone."""
    return unicodedata.normalize("NFC", text)


def is_stemmed(field: TextField | KeywordField) -> bool:
    return isinstance(field, TextField) and field.stemmed


def word_query(searcher: tantivy.Searcher, schema: tantivy.Schema, fields: Fields, text: str) -> WordQuery | None:
    """Any of the words of `text`, each in the field it fits best; None where there are none.

    A word that no passage has is replaced by known words one or two letters away, worth less the further away.
    """
    words = list(zip(_terms(text, stemmed=True), _terms(text, stemmed=False), strict=True))[:MAX_TERMS]
    clauses, full_score = [], 0.0
    for stemmed, plain in words:
        terms = {name: stemmed if is_stemmed(field) else plain for name, field in fields.items()}
        frequency = max(searcher.doc_freq(name, term) for name, term in terms.items())
        full_score += _rarity(frequency, searcher.num_docs)
        edits = 2 if len(plain) >= 8 else 1 if len(plain) >= 4 else 0
        worth = dict.fromkeys(terms.items(), 1.0) if frequency else _guesses(searcher, terms, edits)
        matches = [
            tantivy.Query.boost_query(tantivy.Query.term_query(schema, name, term, "freq"), fields[name].weight * share)
            for (name, term), share in worth.items()
        ]
        if matches:
            clauses.append((Occur.Should, tantivy.Query.disjunction_max_query(matches, TIE_BREAKER)))
    return WordQuery(tantivy.Query.boolean_query(clauses), full_score) if clauses else None


def _terms(text: str, *, stemmed: bool) -> list[str]:
    text = composed(text)
    # "The Who" is all function words, and they are then what is asked for.
    terms: list[str] = ANALYZERS[stemmed, True].analyze(text) or ANALYZERS[stemmed, False].analyze(text)
    return terms


def _rarity(frequency: int, count: int) -> float:
    """The inverse document frequency as BM25 in Lucene and tantivy has it."""
    return math.log(1 + (count - frequency + 0.5) / (frequency + 0.5)) if count >= frequency else 0.0


def _guesses(searcher: tantivy.Searcher, terms: Mapping[str, str], edits: int) -> dict[tuple[str, str], float]:
    """Known words with the same first letter and at most `edits` others, by field, with what they are worth (0..1)."""
    found: list[tuple[float, int, str, str]] = []
    for name, term in terms.items():
        known = searcher.terms_with_prefix(name, term[0]) if edits else []
        for word, frequency in known:
            if abs(len(word) - len(term)) > edits:
                continue
            distance = jellyfish.damerau_levenshtein_distance(word, term)
            if distance <= edits:
                found.append((1 - distance / len(term), frequency, name, word))
    found.sort(reverse=True)
    chosen = list(dict.fromkeys(word for _, _, _, word in found))[:MAX_GUESSES]
    return {(name, word): share for share, _, name, word in found if word in chosen}

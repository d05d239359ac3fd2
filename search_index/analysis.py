"""How a text becomes the terms it is found by: the same for documents, queries and highlights."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

from search_index.schema import KeywordField, TextField

LONGEST_TERM = 80
"""Bytes of a term; longer ones are no words and are left out."""

_SPACELESS = "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3"
"""Thai, Lao, Burmese, Khmer, kana, Han; and Hangul, whose words carry their particles with them."""
_spaceless = re.compile(f"[{_SPACELESS}]+")
_word = re.compile(f"[{_SPACELESS}]+|[^\\W_{_SPACELESS}](?:[^\\W_{_SPACELESS}]|[\u0300-\u036f])*")


def _analyzer(*, stemmed: bool, stop: bool) -> TextAnalyzer:
    """Lower-cased, accent-free words, as tantivy cuts them; `stop` leaves out English function words."""
    builder = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.remove_long(LONGEST_TERM))
    builder = builder.filter(Filter.lowercase()).filter(Filter.ascii_fold())
    if stop:
        builder = builder.filter(Filter.stopword("english"))
    if stemmed:
        builder = builder.filter(Filter.stemmer("english"))
    return builder.build()


_ANALYZERS = {
    (stemmed, stop): _analyzer(stemmed=stemmed, stop=stop) for stemmed in (True, False) for stop in (True, False)
}


def is_stemmed(field: TextField | KeywordField) -> bool:
    return isinstance(field, TextField) and field.stemmed


def terms_of(text: str, *, stemmed: bool) -> list[str]:
    """The terms of `text` in order. Writing without spaces is cut into pairs of characters, as Lucene does."""
    terms: list[str] = _ANALYZERS[stemmed, False].analyze(_spaced(text))
    return terms


def query_terms(text: str) -> list[tuple[str, str]]:
    """What a query asks for: each word once, stemmed and plain, without English function words.

    "The Who" is all function words, and they are then what is asked for.
    """
    spaced = _spaced(text)
    stop = bool(_ANALYZERS[False, True].analyze(spaced))
    stemmed, plain = (_ANALYZERS[stemming, stop].analyze(spaced) for stemming in (True, False))
    return list(dict.fromkeys(zip(stemmed, plain, strict=True)))


def placed_terms(text: str, *, stemmed: bool) -> Iterator[tuple[str, int, int]]:
    """The terms of `text`, each with the characters [start, end) of `text` it stands for."""
    for word in _word.finditer(text):
        start, end = word.span()
        if _spaceless.match(word[0]) and end - start > 1:
            for place in range(start, end - 1):
                yield from ((term, place, place + 2) for term in terms_of(text[place : place + 2], stemmed=stemmed))
        else:
            yield from ((term, start, end) for term in terms_of(word[0], stemmed=stemmed))


def _spaced(text: str) -> str:
    """Compatible forms made one (full-width letters, accents that stand alone), pairs of spaceless characters apart."""
    if text.isascii():
        return text
    return _spaceless.sub(lambda run: f" {' '.join(_pairs(run[0]))} ", unicodedata.normalize("NFKC", text))


def _pairs(run: str) -> list[str]:
    return [run[place : place + 2] for place in range(len(run) - 1)] or [run]


def is_spaceless(term: str) -> bool:
    """Whether the term is of a writing without spaces."""
    return bool(_spaceless.match(term))

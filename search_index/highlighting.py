"""Where the words of a query are in a hit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from search_index.analysis import is_stemmed, placed_terms
from search_index.codes import placed_codes
from search_index.documents import Chunk
from search_index.results import Highlight
from search_index.schema import KeywordField, TextField, Value
from search_index.terms import Asked
from search_index.word_view import CHUNK

MAX_READ = 20_000
"""Characters of one text that are looked through."""
MAX_SPANS = 64
SNIPPET = 240
"""Characters of a snippet, at most; longer only where a single word is."""
MARGIN = 60
"""Characters before the first word of a snippet."""
MAX_VALUES = 20
"""Highlighted values of one field."""

Fields = Mapping[str, TextField | KeywordField]


def highlights(fields: Fields, values: Mapping[str, Value], chunk: Chunk | None, asked: Asked) -> tuple[Highlight, ...]:
    """The places in a hit's chunk and searched `fields` that have words, completions, likely spellings or codes."""
    found: list[Highlight] = []
    if chunk is not None:
        found += _in_text(None, chunk.text, asked, CHUNK, stemmed=True)
    for name, field in fields.items():
        value = values.get(name)
        texts = value if isinstance(value, list | tuple) else [value]
        marked: list[Highlight] = []
        for text in texts:
            if isinstance(text, str) and len(marked) < MAX_VALUES:
                marked += _in_text(name, text, asked, f"t_{name}", stemmed=is_stemmed(field))
        found += marked
    return tuple(found)


def _in_text(name: str | None, text: str, asked: Asked, column: str, *, stemmed: bool) -> Iterator[Highlight]:
    wanted = asked.matched.get(column, frozenset[str]())
    read = text[:MAX_READ]
    spans = [(start, end) for term, start, end in placed_terms(read, stemmed=stemmed) if term in wanted]
    if asked.codes:
        spans += [(start, end) for code, start, end in placed_codes(read) if code in asked.codes]
    if spans:
        joined = _joined(spans)[:MAX_SPANS]
        start, end = _window(joined, len(text))
        yield Highlight(name, text[start:end], start, tuple(joined))


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """In order, with those that overlap made one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _window(spans: list[tuple[int, int]], length: int) -> tuple[int, int]:
    """The characters around the place where most spans are close together."""
    if length <= SNIPPET:
        return 0, length

    def near(first: int) -> int:
        return sum(first <= start and end <= first + SNIPPET - MARGIN for start, end in spans)

    start, end = max(spans, key=lambda span: (near(span[0]), -span[0]))
    begin = max(0, min(start - MARGIN, length - SNIPPET))
    return begin, max(end, min(length, begin + SNIPPET))

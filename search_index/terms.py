"""A query's words made into tantivy queries, term by term and never through its parser.

Terms carry their tenant in front, so that document frequencies, guesses and completions are the tenant's own.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b

import jellyfish
import tantivy
from tantivy import Occur

from search_index.analysis import is_spaceless, is_stemmed, query_terms, terms_of
from search_index.codes import codes_asked
from search_index.schema import KeywordField, TextField

MAX_TERMS = 64
"""Words of a query that are searched for: the rarest; speech has no more than some dozens."""
MAX_UNKNOWN = 8
"""Words of a query that nothing has, for which known ones are guessed."""
MAX_GUESSES = 3
"""Known words one unknown word may stand for."""
MAX_COMPLETIONS = 16
"""Words that the beginning of one may be completed to, in each field."""
VOCABULARY = 5_000
"""Known words with the same first letter among which to guess: the most frequent."""
MAX_PHRASES = 8
RARE_COUNT, RARE_SHARE = 10, 0.001
"""A code names one thing: what more passages than this have, as a number and as a share, is a word ("python3")."""

TENANT, EVERYONE, CODES = "tenant", "*", "codes"

Fields = Mapping[str, TextField | KeywordField]
_quoted = re.compile(r'["“„«「『]([^"“”„«»「」『』]{3,400})["”“»」』]').findall


@dataclass(frozen=True)
class Asked:
    """What to search for.

    - `query`: any of the words, each in the field it fits best; None where nothing has any.
    - `by_field`: the same for one field each, without its weight.
    - `exact`: one query for each quoted phrase and each code.
    - `full_score`: what a passage earns that has every word once in a field of average length.
    - `count`: passages of the tenant.
    - `matched`: by field the terms that count as found, `codes` those that are codes.
    """

    query: tantivy.Query | None
    by_field: Mapping[str, tantivy.Query]
    exact: tuple[tantivy.Query, ...]
    full_score: float
    count: int
    matched: Mapping[str, frozenset[str]]
    codes: frozenset[str]


def tenant_term(tenant: str) -> str:
    """What stands before each term of a tenant, and begins as no word does; nothing for the one without a name."""
    return f":{blake2b(tenant.encode(), digest_size=6).hexdigest()}:" if tenant else ""


@dataclass(frozen=True)
class _Word:
    """A word of a query in its field's form, and what each term it stands for is worth there (0..1)."""

    worth: Mapping[tuple[str, str], float]
    rarity: float


class Asking:
    """Reads a tenant's vocabulary in one state of the index and phrases queries with it."""

    def __init__(
        self, searcher: tantivy.Searcher, schema: tantivy.Schema, fields: Fields, tenant: str, ties: float
    ) -> None:
        """`ties` (0..1) is what a word adds through fields other than the one it matches best."""
        self._searcher = searcher
        self._ties = ties
        self._schema = schema
        self._fields = fields
        self._before = tenant_term(tenant)
        self._count = searcher.doc_freq(TENANT, tenant_term(tenant) or ":")
        self._count_all = searcher.doc_freq(TENANT, EVERYONE)

    def ask(self, text: str, *, prefix: bool = False) -> Asked:
        """Any of the words of `text`; with `prefix` its last one may go on."""
        words = self._words(text, prefix)
        clauses = [(Occur.Should, self._clause(word.worth, weighted=True)) for word in words if word.worth]
        matched: dict[str, set[str]] = {name: set() for name in self._fields}
        for name, term in (pair for word in words for pair in word.worth):
            matched[name].add(term)
        codes = self._codes(text)
        return Asked(
            query=tantivy.Query.boolean_query(clauses) if clauses else None,
            by_field={name: query for name in self._fields if (query := self._within(name, words))},
            exact=(*self._phrases(text), *(self._term(CODES, code) for code in codes)),
            full_score=sum(word.rarity for word in words),
            count=self._count,
            matched={name: frozenset(terms) for name, terms in matched.items()},
            codes=frozenset(codes),
        )

    def _words(self, text: str, prefix: bool) -> list[_Word]:
        last = ""
        if prefix and text and not text[-1].isspace():
            *before, last = text.split()
            text = " ".join(before)
        known, unknown = [], []
        for stemmed, plain in query_terms(text):
            terms = self._in_fields(stemmed, plain)
            frequency = self._frequency(terms.items())
            if is_spaceless(plain) and len(plain) == 1:
                completions = self._completions(plain)
                known.append(_Word(completions, self._rarity(self._frequency(completions))))
            elif frequency:
                known.append(_Word(dict.fromkeys(terms.items(), 1.0), self._rarity(frequency)))
            else:
                unknown.append((terms, plain))
        known.sort(key=lambda word: -word.rarity)
        known = known[:MAX_TERMS]
        for place, (terms, plain) in enumerate(unknown[: MAX_TERMS - len(known)]):
            known.append(_Word(self._guesses(terms, plain) if place < MAX_UNKNOWN else {}, self._rarity(0)))
        if typed := terms_of(last, stemmed=False):
            completions = self._completions(typed[-1])
            known.append(_Word(completions, self._rarity(self._frequency(completions))))
        return known

    def _in_fields(self, stemmed: str, plain: str) -> dict[str, str]:
        return {name: stemmed if is_stemmed(field) else plain for name, field in self._fields.items()}

    def _frequency(self, terms: Iterable[tuple[str, str]]) -> int:
        """Of the most frequent of these terms, each with the field it is in."""
        return max((self._doc_freq(name, term) for name, term in terms), default=0)

    def _doc_freq(self, name: str, term: str) -> int:
        return int(self._searcher.doc_freq(name, self._before + term))

    def _rarity(self, frequency: int) -> float:
        return _idf(frequency, self._count)

    def _term(self, name: str, term: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, name, self._before + term, "freq")

    def _clause(self, worth: Mapping[tuple[str, str], float], *, weighted: bool) -> tantivy.Query:
        matches = []
        for (name, term), share in worth.items():
            # tantivy counts all passages; the tenant's own number of them decides how rare a word is.
            frequency = self._doc_freq(name, term)
            own = self._rarity(frequency) / _idf(frequency, self._count_all) if self._count_all else 1.0
            boost = share * own * (self._fields[name].weight if weighted else 1.0)
            matches.append(tantivy.Query.boost_query(self._term(name, term), boost))
        return tantivy.Query.disjunction_max_query(matches, self._ties)

    def _within(self, name: str, words: list[_Word]) -> tantivy.Query | None:
        """The words in one field alone."""
        found = [{pair: share for pair, share in word.worth.items() if pair[0] == name} for word in words]
        clauses = [(Occur.Should, self._clause(worth, weighted=False)) for worth in found if worth]
        return tantivy.Query.boolean_query(clauses) if clauses else None

    def _guesses(self, terms: Mapping[str, str], plain: str) -> dict[tuple[str, str], float]:
        """Known words with the same first letter and one or two letters different; worth less the further away.

        Most slips are later in a word: those with the same two first letters, few, are looked at before the others.
        """
        edits = 2 if len(plain) >= 8 else 1 if len(plain) >= 4 else 0
        for same in (2, 1) if edits else ():
            found: list[tuple[float, int, str, str]] = []
            for name, term in terms.items():
                for word, frequency in self._vocabulary(name, term[:same], VOCABULARY):
                    if abs(len(word) - len(term)) <= edits:
                        distance = jellyfish.damerau_levenshtein_distance(word, term)
                        if distance <= edits:
                            found.append((1 - distance / len(term), frequency, name, word))
            if found:
                found.sort(reverse=True)
                chosen = list(dict.fromkeys(word for _, _, _, word in found))[:MAX_GUESSES]
                return {(name, word): share for share, _, name, word in found if word in chosen}
        return {}

    def _completions(self, typed: str) -> dict[tuple[str, str], float]:
        """Known words that begin with `typed`, worth less the more is missing."""
        found: dict[tuple[str, str], float] = {}
        for name, field in self._fields.items():
            known = [word for word, _ in self._vocabulary(name, typed, MAX_COMPLETIONS)]
            if is_stemmed(field):  # the stem may be shorter than what has been typed: "runni", "run"
                stems = (typed[:length] for length in range(max(3, len(typed) - 3), len(typed)))
                known += [stem for stem in (*stems, *terms_of(typed, stemmed=True)) if self._doc_freq(name, stem)]
            found |= {(name, word): min(1.0, len(typed) / len(word)) for word in known}
        return found

    def _vocabulary(self, name: str, beginning: str, limit: int) -> list[tuple[str, int]]:
        """The most frequent words of a field with this beginning."""
        found = self._searcher.terms_with_prefix(name, self._before + beginning, None, limit)
        return [(word[len(self._before) :], frequency) for word, frequency in found]

    def _phrases(self, text: str) -> list[tantivy.Query]:
        """The quoted parts of `text` of two words and more."""
        queries = []
        for phrase in _quoted(text)[:MAX_PHRASES]:
            fields = []
            for name, field in self._fields.items():
                terms: list[str | tuple[int, str]] = []
                terms += [self._before + term for term in terms_of(phrase, stemmed=is_stemmed(field))]
                if len(terms) > 1:
                    fields.append((Occur.Should, tantivy.Query.phrase_query(self._schema, name, terms)))
            if fields:
                queries.append(tantivy.Query.boolean_query(fields))
        return queries

    def _codes(self, text: str) -> list[str]:
        """The codes of `text` that few enough passages have; of one within another only the longer."""
        most = max(RARE_COUNT, RARE_SHARE * self._count)
        chosen: list[str] = []
        for code in codes_asked(text):
            if not any(code in other for other in chosen) and 0 < self._doc_freq(CODES, code) <= most:
                chosen.append(code)
        return chosen[:MAX_PHRASES]


def _idf(frequency: int, count: int) -> float:
    """The inverse document frequency as BM25 in Lucene and tantivy has it."""
    return math.log(1 + (count - frequency + 0.5) / (frequency + 0.5)) if count >= frequency else 0.0

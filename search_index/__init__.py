"""Hybrid search over typed documents: words, meaning and sound in one query, with filters that hold.

SQLite keeps the truth; tantivy (words) and FAISS (vectors) are derived from it and can always be made again.
"""

from search_index.analysis import placed_terms, query_terms, terms_of
from search_index.documents import Chunk, Document
from search_index.encoder import Encoder
from search_index.encoder_choice import open_encoder
from search_index.engine import Progress
from search_index.errors import ErrorCode, SearchError
from search_index.filters import And, AnyOf, Equals, Exists, Filter, Not, OneVariant, Or, Range
from search_index.index import Index
from search_index.matching import passes, passing_variants
from search_index.query import Boost, Query, Recency, Sort, Weights
from search_index.results import Explanation, Highlight, Hit, NameHit, Part, Results
from search_index.schema import BooleanField, DateField, KeywordField, NumberField, Schema, TextField, Value
from search_index.sentence_encoder import MiniLM, SentenceEncoder
from search_index.windows import windows

__all__ = [
    "And",
    "AnyOf",
    "BooleanField",
    "Boost",
    "Chunk",
    "DateField",
    "Document",
    "Encoder",
    "Equals",
    "ErrorCode",
    "Exists",
    "Explanation",
    "Filter",
    "Highlight",
    "Hit",
    "Index",
    "KeywordField",
    "MiniLM",
    "NameHit",
    "Not",
    "NumberField",
    "OneVariant",
    "Or",
    "Part",
    "Progress",
    "Query",
    "Range",
    "Recency",
    "Results",
    "Schema",
    "SearchError",
    "SentenceEncoder",
    "Sort",
    "TextField",
    "Value",
    "Weights",
    "open_encoder",
    "passes",
    "passing_variants",
    "placed_terms",
    "query_terms",
    "terms_of",
    "windows",
]

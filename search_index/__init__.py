"""Hybrid search over typed documents: words, meaning and sound in one query, with filters that hold.

SQLite keeps the truth; tantivy (words) and FAISS (vectors) are derived from it and can always be made again.
"""

from search_index.documents import Chunk, Document
from search_index.encoder import Encoder, MiniLM
from search_index.errors import ErrorCode, SearchError
from search_index.filters import And, AnyOf, Equals, Filter, Not, Or, Range
from search_index.index import Index, Progress
from search_index.query import Boost, Explanation, Hit, NameHit, Part, Query, Results, Sort, Weights
from search_index.schema import BooleanField, DateField, KeywordField, NumberField, Schema, TextField, Value

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
    "Explanation",
    "Filter",
    "Hit",
    "Index",
    "KeywordField",
    "MiniLM",
    "NameHit",
    "Not",
    "NumberField",
    "Or",
    "Part",
    "Progress",
    "Query",
    "Range",
    "Results",
    "Schema",
    "SearchError",
    "Sort",
    "TextField",
    "Value",
    "Weights",
]

"""What a learnt re-ranker sees of a candidate: named numbers, all of them things that can be explained."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from search_index.evidence import Observation
from search_index.fusion import normalise
from search_index.relevance.query_class import QueryClass, classify
from search_index.schema import BooleanField, DateField, NumberField, Schema

Features = NDArray[np.float64]

OF_THE_MATCH = {
    "fused": "the score by which it was brought up",
    "behind": "how far that is behind the best",
    "words": "BM25 over all fields, as a share of a full match",
    "bm25": "BM25 over all fields as it is",
    "meaning": "the cosine",
    "meaning behind": "how far the cosine is behind the best",
    "name": "how alike its name is to the query, by letters and sound",
    "exact": "share of the query's quoted phrases and codes that it has",
    "moment": "1 for a chunk, 0 for a document's own text",
}
OF_THE_QUERY = {
    "query words": "how many words it has",
    "query rarity": "the BM25 of a passage that has every word: how much the words tell",
    **{f"query is {one.value}": "1 where the query is of this class" for one in QueryClass},
}


def feature_names(schema: Schema) -> tuple[str, ...]:
    """The columns of `features`, in order: of the match, of each field, of the document, of the query."""
    fields = ("chunk", "context", *schema.searched())
    by_field = [f"{kind} {field}" for field in fields for kind in ("words in", "share in")]
    return (*OF_THE_MATCH, *by_field, *(f"value of {name}" for name in numbers_of(schema)), *OF_THE_QUERY)


def numbers_of(schema: Schema) -> Sequence[str]:
    """The fields whose value is a feature: numbers, dates (seconds), booleans."""
    kinds = NumberField | DateField | BooleanField
    return [name for name, field in schema.fields.items() if isinstance(field, kinds)]


def features(schema: Schema, observation: Observation) -> Features:
    """A row [n, columns] for each observed passage; NaN for a value that the document does not have."""
    evidence = observation.evidence
    count = len(evidence.ids)
    best = observation.fused.max(initial=0.0)
    columns: list[NDArray[np.float64]] = [
        observation.fused,
        best - observation.fused,
        normalise(evidence.bm25, 0.0, evidence.full_bm25),
        evidence.bm25,
        evidence.cosines,
        evidence.cosines.max(initial=-1.0) - evidence.cosines,
        evidence.names,
        evidence.exact,
        (evidence.numbers > 0).astype(np.float64),
    ]
    for field in ("chunk", "context", *schema.searched()):
        column = observation.by_field.get(field, np.zeros(count))
        columns += [column, column / max(evidence.full_bm25, column.max(initial=0.0), 1e-9)]
    columns += [observation.numbers.get(name, np.full(count, np.nan)) for name in numbers_of(schema)]
    kind = classify(observation.text)
    about = [len(observation.text.split()), evidence.full_bm25, *(float(kind is one) for one in QueryClass)]
    return np.column_stack([*columns, *(np.full(count, value, np.float64) for value in about)])

"""What was learnt for a collection from judgments, kept beside it, and used by every query that sets no weights."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import astuple, dataclass, field
from pathlib import Path
from typing import Any

from search_index.errors import SearchError
from search_index.evidence import Reranker
from search_index.manifest import read_manifest, remove_manifest, write_manifest
from search_index.query import Weights
from search_index.relevance import reranking
from search_index.relevance.query_class import QueryClass, classify
from search_index.schema import Schema

VERSION = 1
"""Of the file; a re-ranker of another version's features is not used."""
NAME = "tuning.json"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Tuning:
    """Weights for all queries (None: the untuned default) and for classes of them, and the file of a re-ranker.

    `evidence` says what they were learnt from and how much they gained.
    """

    weights: Weights | None = None
    by_class: Mapping[QueryClass, Weights] = field(default_factory=dict)
    reranker: str | None = None
    evidence: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is changed by it."""
        return self.weights is None and not self.by_class and self.reranker is None

    def weights_for(self, text: str, default: Weights) -> Weights:
        """The weights of a query with this text."""
        if not self.by_class:
            return self.weights or default
        return self.by_class.get(classify(text)) or self.weights or default


def read_tuning(folder: Path, schema: Schema) -> Tuning:
    """What is kept for the collection in `folder`; nothing where there is none, or it is of another schema."""
    tuning = read_manifest(folder / NAME, lambda content: _parsed(content, schema))
    return tuning or Tuning()


def write_tuning(folder: Path, schema: Schema, tuning: Tuning) -> None:
    """Keep it for the collection's next opening; raises `SearchError` (storage)."""
    content = {
        "version": VERSION,
        "schema": _digest(schema),
        "weights": tuning.weights and list(astuple(tuning.weights)),
        "by_class": {kind.value: list(astuple(weights)) for kind, weights in tuning.by_class.items()},
        "reranker": tuning.reranker,
        "evidence": dict(tuning.evidence),
    }
    write_manifest(folder / NAME, content)


def reset_tuning(folder: Path) -> None:
    """Forget what was learnt; the untuned default holds from the next opening on."""
    remove_manifest(folder / NAME)
    for path in folder.glob("reranker-*.txt"):
        path.unlink(missing_ok=True)


def load_reranker(folder: Path, schema: Schema, tuning: Tuning) -> Reranker | None:
    """The re-ranker that is switched on; None, with a warning, where it cannot be used: searching goes on without."""
    if tuning.reranker is None:
        return None
    try:
        return reranking.load(schema, folder / tuning.reranker)
    except SearchError as error:
        log.warning("searching without the re-ranker: %s", error)
        return None


def _parsed(content: Mapping[str, Any], schema: Schema) -> Tuning:
    if content["version"] != VERSION or content["schema"] != _digest(schema):
        raise ValueError("it was learnt for another version or schema")
    reranker = content["reranker"]
    if reranker is not None and (not isinstance(reranker, str) or Path(reranker).name != reranker):
        raise ValueError("no file of a re-ranker")
    return Tuning(
        content["weights"] and _weights(content["weights"]),
        {QueryClass(kind): _weights(shares) for kind, shares in content["by_class"].items()},
        reranker,
        content["evidence"],
    )


def _weights(shares: Any) -> Weights:
    words, meaning, sound, ties = map(float, shares)
    try:
        return Weights(words, meaning, sound, ties)
    except SearchError as error:
        raise ValueError(str(error)) from error


def _digest(schema: Schema) -> str:
    return hashlib.sha256(schema.canonical().encode()).hexdigest()[:16]

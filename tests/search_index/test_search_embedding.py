"""Another encoder: the one before goes on serving until every text has its new vector, whatever interrupts it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from test_search_storage import SMALL, Letters, consistent, numbered

from search_index import Document, ErrorCode, Index, Query, SearchError, Weights
from search_index.embedding import BATCH
from search_index.inspection import check_collection, collection_stats

BY_MEANING = Weights(words=0, meaning=1)


class Patient(Letters):
    """Encodes one batch of texts, and no other one before it is let; single documents at once."""

    def __init__(self, fingerprint: str) -> None:
        super().__init__(fingerprint)
        self.has_begun = Event()
        self.may_go_on = Event()

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        if len(texts) > 8:
            if self.has_begun.is_set():
                assert self.may_go_on.wait(20)
            self.has_begun.set()
        return super().encode(texts)


class Gone(Letters):
    """Encodes single documents, and fails at a batch."""

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        if len(texts) > 8:
            raise SearchError(ErrorCode.ENCODER, "the model has gone")
        return super().encode(texts)


@pytest.fixture
def old(tmp_path: Path) -> Letters:
    """The encoder of the hundred documents, two passages each, in the collection at `tmp_path`."""
    encoder = Letters("letters 1")
    with Index.open(tmp_path, SMALL, encoder) as index:
        index.upsert(numbered(0, 100))
    encoder.encoded.clear()
    return encoder


def test_the_encoder_before_serves_until_all_is_embedded_again(tmp_path: Path, old: Letters) -> None:
    new = Patient("letters 2")
    heard: list[tuple[int, int | None]] = []
    with Index.open(
        tmp_path, SMALL, new, previous=old, on_progress=lambda done, total: heard.append((done, total))
    ) as index:
        assert new.has_begun.wait(20)
        assert not index.settle(0)
        new.encoded.clear()
        found = index.search(Query("spoken 42", weights=BY_MEANING, limit=1))
        assert found.hits[0].explanation.meaning.raw == pytest.approx(1.0, abs=1e-3)
        assert old.encoded == ["spoken 42"]
        assert new.encoded == []
        index.upsert(numbered(100, 101))
        assert [hit.id for hit in index.search(Query("word100", limit=1, weights=BY_MEANING)).hits] == ["100"]
        index.delete(["3"])
        new.may_go_on.set()
        assert index.settle(20)
        old.encoded.clear()
        found = index.search(Query("spoken 42", weights=BY_MEANING, limit=1))
        assert found.hits[0].explanation.meaning.raw == pytest.approx(1.0, abs=1e-3)
        assert old.encoded == []
        stats = index.stats()
        assert (stats.embedding, stats.vectors, stats.words, stats.passages) == (None, 200, 200, 200)
    assert heard[-1][0] == heard[-1][1]
    assert [encoder.fingerprint for encoder in collection_stats(tmp_path).encoders] == ["letters 2"]
    assert check_collection(tmp_path) == []


def test_without_the_encoder_before_words_serve_until_then(tmp_path: Path, old: Letters) -> None:
    new = Patient("letters 2")
    with Index.open(tmp_path, SMALL, new) as index:
        assert new.has_begun.wait(20)
        hits = index.search(Query("word42")).hits
        assert hits[0].id == "42"
        assert all(hit.explanation.meaning.contribution == 0 for hit in hits)
        assert index.search(Query("entry", weights=BY_MEANING)).hits == ()
        new.may_go_on.set()
        assert index.settle(20)
        assert consistent(index) == 100


def test_it_goes_on_where_it_was_interrupted(tmp_path: Path, old: Letters) -> None:
    class Failing(Letters):
        def encode(self, texts: Sequence[str]) -> np.ndarray:
            if len(self.encoded) >= BATCH:
                raise SearchError(ErrorCode.ENCODER, "the model has gone")
            return super().encode(texts)

    first = Failing("letters 2")
    with Index.open(tmp_path, SMALL, first, previous=old) as index:
        with pytest.raises(SearchError, match="the model has gone"):
            index.settle(20)
        assert consistent(index) == 100, "the encoder before serves on"
    second = Letters("letters 2")
    with Index.open(tmp_path, SMALL, second) as index:
        assert index.settle(20)
        assert len(second.encoded) == 200 - BATCH
        assert consistent(index) == 100


def test_going_back_before_it_is_done_costs_nothing(tmp_path: Path, old: Letters) -> None:
    with Index.open(tmp_path, SMALL, Gone("letters 2"), previous=old) as index:
        index.upsert(numbered(100, 102))
    old.encoded.clear()
    with Index.open(tmp_path, SMALL, old) as index:
        assert index.settle(20)
        assert old.encoded == []
        assert consistent(index) == 102


def test_what_was_written_without_the_encoder_before_is_embedded_when_going_back(tmp_path: Path, old: Letters) -> None:
    with Index.open(tmp_path, SMALL, Gone("letters 2")) as index:
        index.upsert([Document("x", {"title": "written meanwhile"})])
    with Index.open(tmp_path, SMALL, old) as index:
        assert index.settle(20)
        assert index.search(Query("written meanwhile", weights=BY_MEANING, limit=1)).hits[0].id == "x"
        assert index.stats().vectors == 201
    assert check_collection(tmp_path) == []

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from search_corpus import DOCUMENTS, SCHEMA

from search_index import Index, MiniLM


@pytest.fixture(scope="session")
def encoder() -> MiniLM:
    """The real encoder, loaded once for all tests."""
    minilm = MiniLM(threads=1)
    minilm.warm_up()
    return minilm


@pytest.fixture(scope="session")
def library(encoder: MiniLM, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """The whole corpus, opened once; tests that write use `index` instead."""
    with Index.open(tmp_path_factory.mktemp("library"), SCHEMA, encoder) as opened:
        opened.upsert(DOCUMENTS)
        yield opened


@pytest.fixture
def index(encoder: MiniLM, tmp_path: Path) -> Iterator[Index]:
    """An empty index of the corpus's schema."""
    with Index.open(tmp_path / "index", SCHEMA, encoder) as opened:
        yield opened

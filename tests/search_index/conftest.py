from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from search_corpus import DOCUMENTS, SCHEMA

from search_index import Encoder, Index, MiniLM, open_encoder

KEPT = Path(__file__).parents[2] / "data" / "test" / "models" / "encoder"
"""Between runs, so that only the first one makes the encoder; in the data that the tests of the service prepare."""


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The encoder that the product uses, loaded once for all tests."""
    return open_encoder("minilm", KEPT, threads=1)


@pytest.fixture(scope="session")
def fast_file(encoder: Encoder) -> Path:
    """What the encoder was loaded from."""
    (path,) = KEPT.glob("*.onnx")
    return path


@pytest.fixture(scope="session")
def reference() -> MiniLM:
    """What the product's encoder has to agree with."""
    return MiniLM(threads=1)


@pytest.fixture(scope="session")
def library(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """The whole corpus, opened once; tests that write use `index` instead."""
    with Index.open(tmp_path_factory.mktemp("library"), SCHEMA, encoder) as opened:
        opened.upsert(DOCUMENTS)
        yield opened


@pytest.fixture
def index(encoder: Encoder, tmp_path: Path) -> Iterator[Index]:
    """An empty index of the corpus's schema."""
    with Index.open(tmp_path / "index", SCHEMA, encoder) as opened:
        yield opened

from __future__ import annotations

import json
import logging
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from search_corpus import DOCUMENTS

from search_index import Encoder, MiniLM, open_encoder
from search_index.onnx_encoder import CLOSE_ENOUGH, SAMPLE_KEY, OnnxMiniLM

HOSTILE = (
    "",
    " \t\n\u2028",
    "\ud800 a lone surrogate \udfff",
    "\x00\x01\x1b[31m control \x7f",
    "ابحث عن فيلم \u202e reversed",
    "👩‍👩‍👧‍👦" * 500,
    "a" * 10_000_000,
    "two words " * 1_000_000,
    "\u0301" * 50_000,
)

NO_TORCH = "sys.exit('torch' in sys.modules or 'sentence_transformers' in sys.modules)"


def unit_vectors(vectors: np.ndarray, count: int, dimension: int) -> bool:
    one_long = np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    return vectors.shape == (count, dimension) and vectors.dtype == np.float32 and bool(one_long)


def test_vectors_are_of_length_one_and_do_not_depend_on_the_texts_around(encoder: Encoder) -> None:
    texts = ["", "a", "A longer sentence about the weather. " * 30, "밤", "a" * 3_000, *map(str, range(40))]
    vectors = encoder.encode(texts)
    assert unit_vectors(vectors, len(texts), encoder.dimension)
    for place in (1, 2, 20):
        assert encoder.encode([texts[place]])[0] @ vectors[place] > 0.9999
        assert encoder.encode_query(texts[place]) @ vectors[place] > 0.9999


def test_a_paraphrase_is_nearer_than_another_subject(encoder: Encoder) -> None:
    triples = [
        ("How do I bake bread?", "Instructions for making a loaf", "How do I repair a bicycle?"),
        ("A cat sleeps on the sofa", "The kitten is napping on the couch", "Share prices fell sharply"),
        ("cheap headphones", "inexpensive earphones", "expensive wine"),
    ]
    for text, paraphrase, other in triples:
        one, near, far = encoder.encode([text, paraphrase, other])
        assert one @ near > one @ far + 0.2


def test_no_texts_give_no_vectors(encoder: Encoder, reference: MiniLM) -> None:
    assert encoder.encode([]).shape == reference.encode([]).shape == (0, encoder.dimension)


def test_several_threads_get_the_same_answers(encoder: Encoder, reference: MiniLM) -> None:
    texts = [f"question number {n} about {'rivers ' * (n % 7)}" for n in range(24)]
    for one in (encoder, reference):
        alone = one.encode(texts)
        with ThreadPoolExecutor(4) as pool:
            together = np.stack(list(pool.map(one.encode_query, texts)))
        assert np.allclose(alone, together, atol=1e-5)


def test_a_query_that_is_kept_cannot_be_changed_by_who_got_it(encoder: Encoder) -> None:
    vector = encoder.encode_query("kept")
    with pytest.raises(ValueError, match="read-only"):
        vector[0] = 1


def test_hostile_texts_get_finite_unit_vectors(encoder: Encoder, reference: MiniLM) -> None:
    for one in (encoder, reference):
        assert unit_vectors(one.encode(HOSTILE), len(HOSTILE), one.dimension)
        assert unit_vectors(np.stack([one.encode_query(text) for text in HOSTILE]), len(HOSTILE), one.dimension)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(st.characters(codec=None, exclude_categories=()), max_size=60), max_size=8))
def test_any_text_gets_the_reference_s_vector_or_one_very_near(
    encoder: Encoder, reference: MiniLM, texts: list[str]
) -> None:
    cosines = (encoder.encode(texts) * reference.encode(texts)).sum(axis=1)
    assert np.all(cosines >= 0.98), texts


def test_the_fast_encoder_agrees_with_the_reference_on_real_texts(encoder: Encoder, reference: MiniLM) -> None:
    """Both bear one fingerprint: their vectors may stand in one index, so they have to be the same but for rounding."""
    assert isinstance(encoder, OnnxMiniLM)
    assert encoder.fingerprint == reference.fingerprint
    texts = [text for document in DOCUMENTS for text in document.values.values() if isinstance(text, str)]
    texts += [chunk.text for document in DOCUMENTS for chunk in document.chunks]
    cosines = (encoder.encode(texts) * reference.encode(texts)).sum(axis=1)
    assert len(texts) > 50
    assert cosines.min() >= CLOSE_ENOUGH


def test_a_damaged_file_is_made_again_and_old_ones_go(
    encoder: Encoder, fast_file: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / fast_file.name).write_bytes(fast_file.read_bytes()[:1_000_000])
    (tmp_path / "minilm-0-of-another-time.onnx").write_bytes(b"old")
    with caplog.at_level(logging.WARNING):
        mended = open_encoder("minilm", tmp_path, threads=1)
    assert isinstance(mended, OnnxMiniLM)
    assert "it is made again" in caplog.text
    assert [path.name for path in tmp_path.iterdir() if path.name != "making.lock"] == [fast_file.name]
    assert mended.encode_query("black holes") @ encoder.encode_query("black holes") > 0.9999


def test_where_the_file_disagrees_with_the_reference_the_reference_is_taken(
    fast_file: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    model = onnx.load(fast_file)
    (carried,) = (entry for entry in model.metadata_props if entry.key == SAMPLE_KEY)
    sample = json.loads(carried.value)
    carried.value = json.dumps(sample | {"texts": sample["texts"][::-1]})
    onnx.save(model, tmp_path / fast_file.name)
    with caplog.at_level(logging.WARNING):
        chosen = open_encoder("minilm", tmp_path)
    assert isinstance(chosen, MiniLM)
    assert "slower reference" in caplog.text


def test_where_the_file_cannot_be_made_the_reference_is_taken(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").touch()
    with caplog.at_level(logging.WARNING):
        assert isinstance(open_encoder("minilm", tmp_path / "file" / "in a file"), MiniLM)
    assert "slower reference" in caplog.text


def test_importing_the_package_does_not_import_torch() -> None:
    """A command that only prints help must not wait seconds for a model."""
    code = f"import sys, search_index; {NO_TORCH}"
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0


def test_the_fast_encoder_does_not_import_torch(fast_file: Path) -> None:
    """Which is hundreds of megabytes in the serving process."""
    code = f"""
import sys, pathlib, search_index
search_index.open_encoder("minilm", pathlib.Path({str(fast_file.parent)!r})).encode(["one", "two"])
{NO_TORCH}
"""
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from search_index import MiniLM


def test_vectors_are_of_length_one_and_in_the_order_of_their_texts(encoder: MiniLM) -> None:
    texts = [
        "",
        "a",
        "A much longer sentence about the weather in the mountains. " * 30,
        "밤",
        "a" * 3_000,
        *map(str, range(40)),
    ]
    vectors = encoder.encode(texts)
    assert vectors.shape == (len(texts), encoder.dimension)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    for place in (1, 2, 20):
        assert encoder.encode([texts[place]])[0] @ vectors[place] > 0.9999


def test_a_paraphrase_is_nearer_than_another_subject(encoder: MiniLM) -> None:
    triples = [
        ("How do I bake bread?", "Instructions for making a loaf", "How do I repair a bicycle?"),
        ("A cat sleeps on the sofa", "The kitten is napping on the couch", "Share prices fell sharply"),
        ("cheap headphones", "inexpensive earphones", "expensive wine"),
    ]
    for text, paraphrase, other in triples:
        one, near, far = encoder.encode([text, paraphrase, other])
        assert one @ near > one @ far + 0.2


def test_no_texts_give_no_vectors(encoder: MiniLM) -> None:
    assert encoder.encode([]).shape == (0, encoder.dimension)


def test_several_threads_get_the_same_answers(encoder: MiniLM) -> None:
    texts = [f"question number {n} about {'rivers ' * (n % 7)}" for n in range(24)]
    alone = np.stack([encoder.encode([text])[0] for text in texts])
    fresh = MiniLM(threads=1, cache=0)
    with ThreadPoolExecutor(4) as pool:
        together = np.stack(list(pool.map(lambda text: fresh.encode([text])[0], texts)))
    assert np.allclose(alone, together, atol=1e-5)


def test_importing_the_package_does_not_import_torch() -> None:
    """A command that only prints help must not wait seconds for a model."""
    code = "import sys, search_index; sys.exit('torch' in sys.modules or 'sentence_transformers' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0

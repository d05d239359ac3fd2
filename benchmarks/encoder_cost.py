"""One encoder in a process of its own: `python -m benchmarks.encoder_cost ENCODER TEXTS.json VECTORS.npy`."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import psutil

from search_index import Encoder, MiniLM
from search_index.encoder_choice import REFERENCE
from search_index.onnx_encoder import OnnxMiniLM

QUERIES = 200


@dataclass(frozen=True)
class Cost:
    """Processor seconds on one thread; memory is the process's proportional set size."""

    load_s: float
    queries_ms: list[float]
    titles_s: float
    passages_s: float
    megabytes: float


def measure(encoder: str, titles: Sequence[str], passages: Sequence[str], vectors: Path) -> Cost:
    """The cost of `encoder` ("minilm-reference" or a file of `OnnxMiniLM`); its vectors, titles first, are written."""
    begun = time.process_time()
    model: Encoder = (
        MiniLM(threads=1, cache=0) if encoder == REFERENCE else OnnxMiniLM(Path(encoder), "", threads=1, cache=0)
    )
    model.encode_query("ready")
    loaded = time.process_time()
    queries = []
    for title in titles[:QUERIES]:
        started = time.process_time()
        model.encode_query(title)
        queries.append((time.process_time() - started) * 1000)
    started = time.process_time()
    of_titles = model.encode(titles)
    middle = time.process_time()
    of_passages = model.encode(passages)
    ended = time.process_time()
    np.save(vectors, np.vstack([of_titles, of_passages]))
    megabytes = psutil.Process().memory_full_info().pss / 2**20
    return Cost(loaded - begun, queries, middle - started, ended - middle, megabytes)


if __name__ == "__main__":
    name, texts, target = sys.argv[1:]
    said = json.loads(Path(texts).read_text())
    print(json.dumps(asdict(measure(name, said["titles"], said["passages"], Path(target)))))

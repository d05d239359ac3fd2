"""How fast the index is, and how large it may get: a hundred thousand and a million passages, beside bare engines."""

from __future__ import annotations

import gzip
import json
import multiprocessing
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import faiss
import numpy as np
import psutil
import tantivy

from benchmarks import synthetic
from benchmarks.benchmark import MEASURING_DATA, Benchmark, Workplace
from benchmarks.keeping import kept
from benchmarks.report import Cell, Findings, Table, spread
from benchmarks.synthetic import Asked, Injected
from search_index import Document, Filter, Index, NumberField, Query, Range, Schema, TextField, Weights, open_encoder
from search_index.encoder import Encoder, Matrix
from search_index.ivf import nearest_rows

SIZES = (100_000, 1_000_000)
QUERIES = 200
WRITES = 50
SHARES = (0.1, 0.01, 0.001)
TITLES = 4_000
TALKS = MEASURING_DATA / "media" / "talks.jsonl.gz"
SCHEMA = Schema("speed", {"text": TextField(), "place": NumberField()})
BY_MEANING = Weights(words=0, meaning=1, sound=0)

ABOUT = f"""
Collections of short documents, a passage each: {synthetic.WORDS} words by Zipf's law out of
{len(synthetic.VOCABULARY):,}, and vectors of 384 numbers in clusters (2 % as many as there are vectors). They are
written with `Index.upsert`, their vectors handed in instead of encoded. A process of its own then opens the index and
asks {QUERIES} queries of four words of some document, one after the other: each is encoded by the real encoder (whose
time counts) and gets a vector near the document's. CPU time of the process, all threads. Beside it the bare engines on
the same data: tantivy asked for any of the words, the best 200; FAISS asked for the nearest 200 in the very lists the
index has (16 of them), and in a flat index, which is the truth that recall is measured by. Filters leave a random share
of the documents; those queries go by meaning alone.
"""


@dataclass
class Measured:
    """What a process of its own found: CPU ms of each query, ids found by meaning, by share of documents allowed."""

    open_s: float = 0.0
    open_cpu_s: float = 0.0
    whole_ms: list[float] = field(default_factory=list)
    share_ms: dict[float, list[float]] = field(default_factory=dict)
    found: dict[float, list[list[int]]] = field(default_factory=dict)
    write_ms: list[float] = field(default_factory=list)
    resident_mb: float = 0.0
    mapped_mb: float = 0.0


def run(place: Workplace) -> Findings:
    speed: list[tuple[Cell, ...]] = []
    recall: list[tuple[Cell, ...]] = []
    whole: list[tuple[Cell, ...]] = []
    for size in SIZES:
        found = _measure_size(place, size)
        speed += found.tables[0].rows
        recall += found.tables[1].rows
        whole += found.tables[2].rows
    tables = (
        Table(("passages", "asked", "queries", "CPU ms p50", "p95", "ratio of p50"), tuple(speed)),
        Table(("passages", "documents allowed", "recall@10", "CPU ms p50", "p95"), tuple(recall)),
        Table(
            (
                "passages",
                "loaded per CPU-s",
                "opens in s",
                "CPU s",
                "resident MB",
                "of it mapped files",
                "a write, CPU ms p50",
            ),
            tuple(whole),
        ),
    )
    return Findings((*tables, _with_embeddings(place)))


def _measure_size(place: Workplace, size: int) -> Findings:
    place.say(f"{size:,} passages")
    texts, rows = synthetic.texts(size), synthetic.vectors(size, size // 50)
    asked = synthetic.asked(QUERIES, texts, rows)
    path = place.kept / f"index-speed-{size}"
    # Loaded once, and kept for the next run.
    per_second = kept(path.with_suffix(".json"), lambda: _fill(path, texts, rows, asked, place.say))
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:  # with nothing in its memory but the index
        measured = pool.apply(_ask, (path, asked, place.paths.encoder))
    place.say(f"asked: {np.median(measured.whole_ms):.1f} ms")
    order = np.random.default_rng(5).permutation(size)
    recall: list[tuple[Cell, ...]] = []
    for share, found in measured.found.items():
        allowed = np.sort(np.flatnonzero(order < share * size))
        truth = allowed[nearest_rows(rows[allowed] if share < 1 else rows, asked.vectors, 10)]
        hits = sum(len(set(a) & set(b)) for a, b in zip(truth.tolist(), found, strict=True))
        recall.append((size, f"{share:.1%}", hits / truth.size, *spread(measured.share_ms[share])[1:]))
    encoder = open_encoder("minilm", place.paths.encoder, threads=1)
    bare = {
        "the index": measured.whole_ms,
        "encoding alone": _times(lambda n: encoder.encode_query(f"again {asked.texts[n]}")),
        "tantivy alone": _times(_tantivy(place.kept / f"tantivy-{size}", texts, asked)),
        "FAISS alone, IVF,SQ8": _times(_lists(path, asked)),
        "FAISS alone, flat": _times(_flat(rows, asked), 20),
    }
    base = np.median(measured.whole_ms)
    speed = [(size, name, *spread(times), float(np.median(times) / base)) for name, times in bare.items()]
    write_ms = float(np.median(measured.write_ms))
    memory = measured.resident_mb, measured.mapped_mb
    whole = (size, per_second, measured.open_s, measured.open_cpu_s, *memory, write_ms)
    return Findings((Table((), tuple(speed)), Table((), tuple(recall)), Table((), (whole,))))


def _fill(path: Path, texts: Sequence[str], rows: Matrix, asked: Asked, say: Callable[[str], None]) -> float:
    """Documents loaded per CPU-second, merges in the background included."""
    shutil.rmtree(path, ignore_errors=True)
    order = np.random.default_rng(5).permutation(len(texts)).tolist()
    with Index.open(path, SCHEMA, Injected(texts, rows, asked, None)) as index:
        documents = (Document(str(n), {"text": text, "place": order[n]}) for n, text in enumerate(texts))
        started = time.process_time()
        index.upsert(documents, lambda done, _: say(f"{done:,} loaded") if done % 102_400 == 0 else None)
        index.settle()
        return len(texts) / (time.process_time() - started)


def _ask(path: Path, asked: Asked, encoder_path: Path) -> Measured:
    """In a process of its own: open, ask, write."""
    faiss.omp_set_num_threads(1)
    measured = Measured()
    encoder = open_encoder("minilm", encoder_path, threads=1)
    fresh = [f"fresh {n}" for n in range(WRITES)]
    injected = Injected(fresh, synthetic.vectors(WRITES, 10), asked, encoder)
    started, cpu = time.perf_counter(), time.process_time()
    with Index.open(path, SCHEMA, injected) as index:
        measured.open_s, measured.open_cpu_s = time.perf_counter() - started, time.process_time() - cpu
        size = index.count()
        index.search(Query(asked.texts[0]))
        measured.whole_ms = _times(lambda n: index.search(Query(asked.texts[n])))
        for share in (1.0, *SHARES):
            some = None if share == 1 else Range("place", below=share * size)
            measured.found[share] = []
            ask = partial(_by_meaning, index, asked, some, measured.found[share])
            measured.share_ms[share] = _times(ask)
        memory = psutil.Process().memory_info()
        measured.resident_mb, measured.mapped_mb = memory.rss / 1e6, memory.shared / 1e6
        measured.write_ms = _times(lambda n: index.upsert([Document(f"new {n}", {"text": fresh[n]})]), WRITES)
        index.delete([f"new {n}" for n in range(WRITES)])
    return measured


def _by_meaning(index: Index, asked: Asked, some: Filter | None, found: list[list[int]], number: int) -> None:
    hits = index.search(Query(asked.texts[number], filter=some, weights=BY_MEANING, limit=10, min_meaning=-1.0)).hits
    found.append([int(hit.id) for hit in hits])


def _times(act: Callable[[int], object], count: int = QUERIES) -> list[float]:
    """CPU milliseconds of each."""
    times = []
    for number in range(count):
        started = time.process_time()
        act(number)
        times.append((time.process_time() - started) * 1e3)
    return times


def _tantivy(path: Path, texts: Sequence[str], asked: Asked) -> Callable[[int], object]:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("text", tokenizer_name="en_stem", index_option="freq")
    path.mkdir(parents=True, exist_ok=True)
    index = tantivy.Index(builder.build(), path=str(path))
    if index.searcher().num_docs != len(texts):
        writer = index.writer(60_000_000, 1)
        writer.delete_all_documents()
        for text in texts:
            writer.add_document(tantivy.Document(text=text))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
    searcher = index.searcher()
    return lambda n: searcher.search(index.parse_query(asked.texts[n], ["text"]), 200)


def _lists(path: Path, asked: Asked) -> Callable[[int], object]:
    """The lists that the index has made, read into memory."""
    lists = faiss.read_index(str(max(path.rglob("ivf-*"), key=lambda file: file.stat().st_mtime)))
    parameters = faiss.SearchParametersIVF(nprobe=16)  # type: ignore[call-arg]
    return lambda n: lists.search(asked.vectors[n : n + 1], 200, params=parameters)


def _flat(rows: Matrix, asked: Asked) -> Callable[[int], object]:
    flat = faiss.IndexFlatIP(rows.shape[1])
    flat.add(rows)
    return lambda n: flat.search(asked.vectors[n : n + 1], 200)


def _with_embeddings(place: Workplace) -> Table:
    """Loading with the real encoder: titles of talks."""
    rows: list[tuple[Cell, ...]] = []
    if TALKS.exists():
        titles = list(_titles())
        encoder: Encoder = open_encoder("minilm", place.paths.encoder, threads=1)
        encoder.encode(titles[:64])
        started = time.process_time()
        encoder.encode(titles)
        alone = len(titles) / (time.process_time() - started)
        path = place.kept / "index-speed-titles"
        with Index.open(path, SCHEMA, encoder) as index:
            index.delete_where(Range("place", minimum=0))
            started = time.process_time()
            index.upsert([Document(str(n), {"text": title, "place": n}) for n, title in enumerate(titles)])
            loaded = len(titles) / (time.process_time() - started)
        rows = [("encoding alone", len(titles), alone), ("into the index", len(titles), loaded)]
    return Table(("short documents with embeddings", "titles of talks", "per CPU-s"), tuple(rows))


def _titles() -> Iterator[str]:
    with gzip.open(TALKS, "rt") as file:
        for _, line in zip(range(TITLES), file, strict=False):
            yield json.loads(line)["title"]


BENCHMARK = Benchmark("index_speed", "The index's speed and size", ABOUT, run)

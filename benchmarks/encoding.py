"""What an encoder costs and how near it is to the reference: sentence-transformers, ONNX Runtime, 32 and 8 bits."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.setup.environments import ROOT
from benchmarks.benchmark import MEASURING_DATA, Benchmark, Workplace
from benchmarks.encoder_cost import QUERIES, Cost
from benchmarks.report import Cell, Findings, Table, aim, percentile
from benchmarks.seeds import dice
from search_index import open_encoder
from search_index.encoder_choice import FAST, REFERENCE
from search_index.onnx_encoder import CLOSE_ENOUGH

TITLES, PASSAGES, PASSAGE_WORDS = 700, 300, 100
NEIGHBOURS = 10
WITHIN_S = 900
AIM_MS, AIM_TITLES = 3.0, 300

COST = (
    "way", "load, s", "a query, p50 ms", "p95 ms", "titles a second", "times the reference", "passages a second",
    "times the reference", "memory, MB", "file, MB",
)  # fmt: skip
NEARNESS = ("way", "cosine, least", "mean", f"nearest {NEIGHBOURS}, query alone", "nearest, all")

ABOUT = f"""
MiniLM in four ways, each in a process of its own on one thread: sentence-transformers (the reference), the same graph
fused for ONNX Runtime in 32 bits, that graph quantised the usual way (dynamic, 8 bits, a scale per channel of the
weights and one for all activations), and the product's own file (8 bits, a scale per block of 32 weights, activations
rounded by blocks of a row). {TITLES} titles of talks and {PASSAGES} passages of {PASSAGE_WORDS} words from transcripts;
{QUERIES} of the titles are also encoded one by one, as queries are. Times are the processor's, so that other work on
the machine counts little; memory is the proportional set size once all is encoded. Cosines are with the reference's
vector of the same text. Of the {NEIGHBOURS} texts nearest to each of the {TITLES + PASSAGES} by the reference, the last
columns say which share is found where the query alone is encoded in the other way, and where all texts are.
"""


@dataclass(frozen=True)
class Measured:
    """An encoder's cost, and its vectors [titles and passages, 384]."""

    name: str
    file_mb: float | None
    cost: Cost
    vectors: NDArray[np.float32]


def run(place: Workplace) -> Findings:
    if not MEASURING_DATA.is_dir():
        raise FileNotFoundError(f"this is measured on real titles and transcripts, and there is no {MEASURING_DATA}")
    texts = {"titles": _titles(), "passages": _passages()}
    open_encoder(FAST, place.paths.encoder)
    (fast,) = place.paths.encoder.glob("*.onnx")
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        (work / "texts.json").write_text(json.dumps(texts))
        place.say("making the other graphs")
        _run("benchmarks.encoder_graphs", work)
        ways: dict[str, str | Path] = {
            "sentence-transformers": REFERENCE,
            "ONNX Runtime, 32 bits": work / "whole.onnx",
            "ONNX Runtime, dynamic 8 bits": work / "dynamic.onnx",
            "the product's file": fast,
        }
        measured = []
        for name, encoder in ways.items():
            place.say(name)
            cost = _run("benchmarks.encoder_cost", encoder, work / "texts.json", work / "vectors.npy")
            size = encoder.stat().st_size / 1e6 if isinstance(encoder, Path) else None
            measured.append(Measured(name, size, Cost(**json.loads(cost)), np.load(work / "vectors.npy")))
    return _findings(measured)


def _run(module: str, *arguments: str | Path) -> str:
    command = [sys.executable, "-W", "ignore", "-m", module, *arguments]
    return subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True, timeout=WITHIN_S).stdout


def _findings(measured: list[Measured]) -> Findings:
    reference, *_, ours = measured
    rate, cosine = TITLES / ours.cost.titles_s, float((ours.vectors * reference.vectors).sum(axis=1).min())
    return Findings(
        (
            Table(COST, tuple(_cost(one, reference) for one in measured)),
            Table(NEARNESS, tuple(_nearness(one, reference) for one in measured)),
        ),
        (
            aim("processor time of a query, p50,", percentile(ours.cost.queries_ms, 50), AIM_MS, "ms"),
            f"Aim: at least {AIM_TITLES} short texts a second. Measured: {rate:.0f}.",
            f"Aim: every cosine at least {CLOSE_ENOUGH}. Measured: {cosine:.4f} at least.",
        ),
    )  # fmt: skip


def _cost(one: Measured, reference: Measured) -> tuple[Cell, ...]:
    cost, base = one.cost, reference.cost
    return (
        one.name, cost.load_s, percentile(cost.queries_ms, 50), percentile(cost.queries_ms, 95),
        TITLES / cost.titles_s, base.titles_s / cost.titles_s,
        PASSAGES / cost.passages_s, base.passages_s / cost.passages_s, cost.megabytes, one.file_mb,
    )  # fmt: skip


def _nearness(one: Measured, reference: Measured) -> tuple[Cell, ...]:
    cosines = (one.vectors * reference.vectors).sum(axis=1)
    wanted = _nearest(reference.vectors, reference.vectors)
    alone, all_of_them = _nearest(one.vectors, reference.vectors), _nearest(one.vectors, one.vectors)
    return (one.name, *(f"{value:.4f}" for value in (cosines.min(), cosines.mean())),
            f"{_shared(wanted, alone):.3f}", f"{_shared(wanted, all_of_them):.3f}")  # fmt: skip


def _nearest(queries: NDArray[np.float32], texts: NDArray[np.float32]) -> NDArray[np.intp]:
    """Places [queries, 10] of the nearest texts, the query's own text left out."""
    cosines = queries @ texts.T
    np.fill_diagonal(cosines, -2)
    return np.argsort(-cosines, axis=1)[:, :NEIGHBOURS]


def _shared(one: NDArray[np.intp], other: NDArray[np.intp]) -> float:
    return float(np.mean([len(set(a) & set(b)) / NEIGHBOURS for a, b in zip(one, other, strict=True)]))


def _titles() -> list[str]:
    with gzip.open(MEASURING_DATA / "media" / "talks.jsonl.gz", "rt") as lines:
        titles = {str(json.loads(line)["title"]) for line in lines}
    return _drawn([title for title in titles if 6 <= len(title.split()) <= 14], TITLES)


def _passages() -> list[str]:
    passages = []
    with gzip.open(MEASURING_DATA / "moments" / "transcripts.jsonl.gz", "rt") as lines:
        for line in lines:
            words = " ".join(segment["text"] for segment in json.loads(line)["segments"]).split()
            whole = range(0, len(words) - PASSAGE_WORDS, PASSAGE_WORDS)
            passages += [" ".join(words[start : start + PASSAGE_WORDS]) for start in whole]
    return _drawn(passages, PASSAGES)


def _drawn(texts: list[str], count: int) -> list[str]:
    return [str(text) for text in dice("encoding").choice(sorted(texts), count, replace=False)]


BENCHMARK = Benchmark("encoding", "Encoding", ABOUT, run)

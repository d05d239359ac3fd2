"""How soon and how fast an answer is spoken, beside pyttsx3's own driver."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import espeakng_loader

from assistant.setup.environments import ROOT
from benchmarks.benchmark import Benchmark, Workplace
from benchmarks.report import Findings, Table, spread
from skills.media.catalogue import demo_items
from voice.synthesizer import SAMPLE_BYTES, EspeakSynthesizer

ANSWERS = 100
PEER_WITHIN_S = 90.0

ABOUT = f"""
{ANSWERS} different answers of two sentences, as the assistant gives them when it has found something, spoken one after
the other by the product's voice in its worker process. First sound: from asking to the first chunk of the first
sentence. Whole answer: to the last chunk. Speed: seconds of sound per second of waiting for it. The peer is pyttsx3
with its own Linux driver and its default voice on the same eSpeak library, in a process of its own, saving each
answer to a file: it has no stream, so its first sound is the whole file. An answer counts as spoken where the recording
lasts a second or more.
"""


@dataclass(frozen=True)
class Spoken:
    """One answer: milliseconds to its first sound and to its end, and how long it lasts."""

    first_ms: float
    whole_ms: float
    seconds: float


def run(place: Workplace) -> Findings:
    texts = [f"I found a {item.kind_name} by {item.creator}. It is called {item.title}." for item in demo_items()]
    texts = texts[:ANSWERS]
    with closing(EspeakSynthesizer()) as synthesizer:
        started = time.perf_counter()
        synthesizer.start()
        start_ms = (time.perf_counter() - started) * 1000
        asyncio.run(_speak(synthesizer, texts[:1]))
        ours = asyncio.run(_speak(synthesizer, texts))
    place.say("pyttsx3's own driver")
    peer, problem = _peer(texts)
    rows = tuple(
        (
            name,
            *spread([one.first_ms for one in spoken])[1:],
            *spread([one.whole_ms for one in spoken])[1:],
            _speed(spoken),
        )
        for name, spoken in (("Sori's voice", ours), ("pyttsx3's own driver", peer))
        if spoken
    )
    columns = ("", "first sound, p50 ms", "p95 ms", "whole answer, p50 ms", "p95 ms", "times real time")
    return Findings(
        (Table(columns, rows),),
        (
            f"The product's speech process starts in {start_ms:.0f} ms; it spoke {_count(ours)} of {len(texts)}.",
            f"pyttsx3's own driver spoke {_count(peer)} of {len(texts)}{problem}.",
        ),
    )


async def _speak(synthesizer: EspeakSynthesizer, texts: Sequence[str]) -> list[Spoken]:
    answers = []
    for text in texts:
        started, first, size = time.perf_counter(), 0.0, 0
        async for chunk in synthesizer.speak(text):
            first = first or time.perf_counter() - started
            size += len(chunk.pcm)
        whole = time.perf_counter() - started
        answers.append(Spoken(first * 1000, whole * 1000, size / SAMPLE_BYTES / synthesizer.rate))
    return answers


def _peer(texts: Sequence[str]) -> tuple[list[Spoken], str]:
    """What the peer spoke, and what stopped it, if anything did."""
    library = Path(espeakng_loader.get_library_path()).parent
    environment = {
        "LD_LIBRARY_PATH": str(library),
        "ESPEAK_DATA_PATH": espeakng_loader.get_data_path(),
        "PYTHONPATH": str(ROOT),
    }
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile("w+") as output:
        problem = ""
        try:
            done = subprocess.run(
                [sys.executable, "-m", "benchmarks.stock_pyttsx3", folder],
                input="".join(f"{json.dumps(text)}\n" for text in texts),
                stdout=output,
                stderr=subprocess.PIPE,
                text=True,
                env={**os.environ, **environment},
                timeout=PEER_WITHIN_S,
                check=False,
            )
            if done.returncode:
                last = (done.stderr.strip().splitlines() or ["nothing"])[-1]
                problem = f" and ended with status {done.returncode}: {last}"
        except subprocess.TimeoutExpired:
            problem = f" and was stopped after {PEER_WITHIN_S:g} s"
        output.seek(0)
        reports = [json.loads(line) for line in output if line.startswith("{")]
    return [Spoken(one["ms"], one["ms"], one["seconds"]) for one in reports], problem


def _speed(spoken: Sequence[Spoken]) -> float:
    return sum(one.seconds for one in spoken) / (sum(one.whole_ms for one in spoken) / 1000)


def _count(spoken: Sequence[Spoken]) -> int:
    return sum(one.seconds >= 1 for one in spoken)


BENCHMARK = Benchmark("speaking", "Speaking", ABOUT, run)

"""How fast media come in, each step by itself and all together, and what an import costs the turns beside it."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from assistant.storage.store import Store
from benchmarks.benchmark import Benchmark, Workplace
from benchmarks.report import Findings, Table, aim, percentile, spread
from benchmarks.utterances import ALL, WARM_UP
from skills.media.catalogue import demo_items
from skills.media.content import ContentStore
from skills.media.fetching import Fetcher
from skills.media.importing import Options, import_source
from skills.media.importing.plan import StepName, next_step
from skills.media.importing.work import Workshop
from skills.media.shelf import Found, Shelf, Step
from skills.media.sources import Reading, open_source
from tests.service.running import SORI, running_service
from voice.audio import encode
from voice.synthesizer import EspeakSynthesizer

MINUTES = 2.0
"""Of speech that each step is timed on."""
WORKERS = 2
ROUNDS = 3
DISTURBED = 1.3
"""So many times its usual p95 a turn may take beside an import."""


def run(workplace: Workplace) -> Findings:
    """Both, in folders that go away."""
    with tempfile.TemporaryDirectory(prefix="sori-ingestion-") as scratch:
        folder = Path(scratch)
        workplace.say("speaking a recording")
        recording = folder / "talk" / "talk.mp3"
        seconds = _speak(recording)
        steps, together = _by_step(recording, seconds, folder, workplace)
        alone, beside = _turns(recording, folder, workplace)
    rows = tuple((str(name), seconds / spent) for name, spent in steps.items())
    rise = percentile(beside, 95) / percentile(alone, 95)
    return Findings(
        (
            Table(
                ("step", "hours of media an hour, one process"),
                (*rows, ("all, two processes", together)),
                f"{seconds / 60:.0f} minutes of synthetic speech in MP3, transcribed by pocketsphinx.",
            ),
            Table(
                ("written turns", "turns", "p50 ms", "p95 ms"),
                (("without an import", *spread(alone)), (f"beside an import, {WORKERS} workers", *spread(beside))),
            ),
        ),
        (aim("p95 of a turn beside an import, times the usual", rise, DISTURBED, "times"),),
    )


def _turns(recording: Path, folder: Path, workplace: Workplace) -> tuple[list[float], list[float]]:
    """Milliseconds of turns of one client, without and beside an import by as many workers as there are cores."""
    crowd = folder / "crowd"
    crowd.mkdir()
    for number in range(8):  # more than can be worked at while it is measured
        (crowd / f"{number}.mp3").write_bytes(recording.read_bytes() + bytes([number + 10]))
    data_dir = folder / "service"
    apart = shutil.ignore_patterns("benchmarks", "run", "media", "index", "sori.db*")
    shutil.copytree(workplace.paths.root, data_dir, ignore=apart)
    with running_service(data_dir) as service, service.http as http:
        for text in (*WARM_UP, *ALL):  # both times it has met every text
            _ask(http, text)
        workplace.say("turns without an import")
        alone = list(_asked(http))
        command = [str(SORI), "import", "media", str(crowd), "--data-dir", str(data_dir)]
        with subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        ) as importing:
            workplace.say("turns beside an import")
            time.sleep(10)  # until its workers are at work
            beside = list(_asked(http))
            if importing.poll() is not None:
                raise RuntimeError("the import was over before the turns were")
            os.killpg(importing.pid, signal.SIGKILL)
    return alone, beside


def _asked(http: httpx.Client) -> Iterator[float]:
    for text in itertools.chain.from_iterable(itertools.repeat(ALL, ROUNDS)):
        yield _ask(http, text)


def _ask(http: httpx.Client, text: str) -> float:
    started = time.perf_counter()
    http.post("/api/v1/turns", json={"text": text}).raise_for_status()
    return (time.perf_counter() - started) * 1000


def _speak(path: Path) -> float:
    """The demo's transcripts, read out; returns how long it is."""
    path.parent.mkdir()
    synthesizer = EspeakSynthesizer()
    synthesizer.start()
    try:
        texts = [said.text for item in demo_items() for said in item.transcript]
        pcm = bytearray()
        for text in texts:
            pcm += synthesizer.speak_all(text) + bytes(synthesizer.rate)
            if len(pcm) / 2 / synthesizer.rate > 60 * MINUTES:
                break
        encode(path, [bytes(pcm)], synthesizer.rate, codec="mp3")
        return len(pcm) / 2 / synthesizer.rate
    finally:
        synthesizer.close()


def _by_step(
    recording: Path, seconds: float, folder: Path, workplace: Workplace
) -> tuple[dict[StepName, float], float]:
    """Seconds of each step, and hours of media an hour when two recordings go through all of them side by side."""
    store = Store(f"sqlite:///{folder / 'steps.db'}")
    try:
        shelf, options = Shelf(store.engine), Options(store=folder / "media", workers=WORKERS)
        spent = dict(_timed_steps(recording, shelf, options, workplace))
        pair = folder / "pair"
        pair.mkdir()
        for number in range(WORKERS):  # different files, or they would be one content
            (pair / f"{number}.mp3").write_bytes(recording.read_bytes() + bytes([number]))
        workplace.say("two recordings at once")
        started = time.monotonic()
        import_source(str(pair), shelf, options)
        return spent, WORKERS * seconds / (time.monotonic() - started)
    finally:
        store.close()


def _timed_steps(
    recording: Path, shelf: Shelf, options: Options, workplace: Workplace
) -> Iterator[tuple[StepName, float]]:
    """Each step of one recording, taken in this process, and its seconds."""
    contents = ContentStore(options.store)
    reading = open_source(str(recording), shelf, contents, Fetcher(contents))
    assert isinstance(reading, Reading)
    [item] = [entry for entry in reading.entries() if isinstance(entry, Found)]
    shelf.take(reading.source.id, [item])
    shop = Workshop(options)
    while due := next_step(shelf.item(item.id), options):
        name, fingerprint = due
        workplace.say(f"step {name}")
        started = time.monotonic()
        done = shop.do(name, shelf.item(item.id), lambda _seconds: None)
        yield name, time.monotonic() - started
        shelf.record(item.id, name, Step(fingerprint, done.result), done.files, done.without, done.transcript)


BENCHMARK = Benchmark(
    "ingestion",
    "Bringing media in",
    f"""How fast `./sori import media` is: hours of media an hour for each step, and for all of them with two processes.
Then {len(ALL)} different utterances, {ROUNDS} times each, as written turns by one client, with nothing else going on,
and beside an import that keeps both workers busy with decoding, encoding and transcribing.""",
    run,
)

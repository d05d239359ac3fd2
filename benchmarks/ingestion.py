"""How fast media come in: each step by itself, and a feed of 10,000 episodes, read for the first time and again."""

from __future__ import annotations

import multiprocessing
import resource
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from pathlib import Path

from assistant.storage.store import Store
from benchmarks.benchmark import SPEECH, Benchmark, Workplace
from benchmarks.people import with_transcripts
from benchmarks.report import Findings, Table, aim
from skills.media.catalogue import demo_items
from skills.media.content import ContentStore
from skills.media.fetching import Fetcher
from skills.media.importing import Options, import_source
from skills.media.importing.plan import StepName, next_step
from skills.media.importing.work import Workshop
from skills.media.shelf import Found, Shelf, Step
from skills.media.sources import Reading, open_source
from skills.media.transcripts.transcribing import transcribe
from voice.audio import encode
from voice.pocketsphinx_engine import PocketsphinxDictation
from voice.spoken_form import spoken_words
from voice.synthesizer import EspeakSynthesizer
from voice.training.evaluation import edits

EPISODES = 10_000
MINUTES = 10.0
"""Of speech that each step is timed on."""
WORKERS = 2


def run(workplace: Workplace) -> Findings:
    """Both, in a folder that goes away."""
    with tempfile.TemporaryDirectory(prefix="sori-ingestion-") as scratch:
        folder = Path(scratch)
        workplace.say("speaking a recording")
        recording = folder / "talk" / "talk.mp3"
        seconds = _speak(recording)
        steps, together = _by_step(recording, seconds, folder, workplace)
        workplace.say("a feed of 10,000 episodes")
        first, again, grown, peak_mb = _feed(folder)
    rows = tuple((str(name), seconds / spent) for name, spent in steps.items())
    return Findings(
        (
            Table(
                ("step", "hours of media an hour, one process"),
                (*rows, ("all, two processes", together)),
                f"{seconds / 60:.0f} minutes of synthetic speech in MP3, transcribed by pocketsphinx.",
            ),
            Table(
                ("a feed of 10,000 episodes, without recordings", "seconds", "share of the first"),
                (
                    ("first import", first, 1.0),
                    ("again, unchanged", again, again / first),
                    ("again, with one new episode", grown, grown / first),
                ),
                "Without filling the index, which comes on top of the first import.",
            ),
        ),
        (
            f"Largest memory of the process that imports: {peak_mb:.0f} MB, Python and libraries included.",
            *_reading_remarks(),
            aim("importing an unchanged feed again, share of the first import", again / first, 0.1, "of 1"),
        ),
    )


def _reading_remarks() -> tuple[str, ...]:
    """How well pocketsphinx writes down people who read aloud, where there are recordings of them."""
    if not SPEECH.is_dir():
        return ()
    wrong = spoken = 0
    with closing(PocketsphinxDictation()) as recogniser:
        for audio, words in with_transcripts(SPEECH / "read"):
            heard = " ".join(word.text for word in transcribe([audio.samples], recogniser))
            wrong += edits(words, spoken_words(heard))
            spoken += len(words)
    return (
        f"Word error of transcription by pocketsphinx, people reading aloud: {wrong / spoken:.2f} of {spoken} words.",
    )


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


def _feed(folder: Path) -> tuple[float, float, float, float]:
    """Seconds of the first import, of the same again, and with one more episode; megabytes at most."""
    feed = folder / "feed.xml"
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as fresh:
        times = []
        for episodes in (EPISODES, EPISODES, EPISODES + 1):
            feed.write_text(_generated(episodes))
            times.append(fresh.submit(_import_feed, feed, folder).result())
        peak_mb = fresh.submit(_peak_mb).result()
    return times[0], times[1], times[2], peak_mb


def _import_feed(feed: Path, folder: Path) -> float:
    store = Store(f"sqlite:///{folder / 'feed.db'}")
    try:
        started = time.monotonic()
        import_source(str(feed), Shelf(store.engine), Options(store=folder / "media", download=False))
        return time.monotonic() - started
    finally:
        store.close()


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _generated(episodes: int) -> str:
    """A feed with descriptions of some length."""
    items = "".join(
        f"<item><guid>episode-{number}</guid><title>Episode {number}: of storms and rivers</title>"
        f"<description>{'What the river said when the storm had gone. ' * 20}{number}</description>"
        f"<pubDate>Mon, 06 May 2024 07:00:00 GMT</pubDate><itunes:duration>3600</itunes:duration>"
        f'<enclosure url="https://example.org/{number}.mp3" type="audio/mpeg" length="1"/></item>'
        for number in range(episodes)
    )
    namespace = "http://www.itunes.com/dtds/podcast-1.0.dtd"
    head = f'<?xml version="1.0"?><rss version="2.0" xmlns:itunes="{namespace}"><channel><title>Rivers</title>'
    return f"{head}<itunes:author>Ada Frost</itunes:author>{items}</channel></rss>"


BENCHMARK = Benchmark(
    "ingestion",
    "Bringing media in",
    """How fast `./sori import media` is: hours of media an hour for each step, and for all of them with two processes;
and a generated feed of 10,000 episodes, imported, imported again, and again with one episode more.""",
    run,
)

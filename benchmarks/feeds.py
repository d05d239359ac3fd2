"""A podcast feed of 10,000 episodes: imported by the command, killed on the way, imported again."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from assistant.paths import DataPaths
from assistant.storage.store import Store
from benchmarks.benchmark import Benchmark, Workplace
from benchmarks.report import Cell, Findings, Table, aim
from skills.media.shelf import Shelf
from tests.service.running import SORI

EPISODES = 10_000
KILLS = 4
COMMAND_S = 1_800.0


def run(place: Workplace) -> Findings:
    """In a data directory of its own, which goes away."""
    rows: list[tuple[Cell, ...]] = []
    with tempfile.TemporaryDirectory(prefix="sori-feeds-") as scratch:
        feed = Path(scratch) / "feed.xml"
        paths = DataPaths(Path(scratch) / "data")
        shutil.copytree(place.paths.encoder, paths.encoder)
        feed.write_text(_generated(EPISODES))
        place.say("the first time")
        first = _import(feed, paths)
        rows.append(("first import", *first, 1.0))
        place.say("again")
        again = _import(feed, paths)
        rows.append(("again, unchanged", *again, again[0] / first[0]))
        feed.write_text(_generated(EPISODES + 1))
        place.say("with one new episode")
        grown = _import(feed, paths)
        rows.append(("again, with one new episode", *grown, grown[0] / first[0]))
        feed.write_text(_generated(EPISODES))
        fresh = DataPaths(Path(scratch) / "killed")
        shutil.copytree(place.paths.encoder, fresh.encoder)
        counts = [_killed(feed, fresh, place, number, first[0]) for number in range(1, KILLS + 1)]
        place.say("and to its end")
        _import(feed, fresh)
        items, visible = _held(fresh)
    return Findings(
        (
            Table(
                ("a feed of 10,000 episodes, without recordings", "seconds", "MB at most", "share of the first"),
                tuple(rows),
            ),
        ),
        (
            aim("importing an unchanged feed again, share of the first import", again[0] / first[0], 0.1, "of 1"),
            f"Killed (SIGKILL) {KILLS} times at random moments, when {', '.join(f'{count:,}' for count in counts)} "
            f"episodes were there, and run again: {items:,} episodes, of which {visible:,} can be found, none twice.",
        ),
    )


def _import(feed: Path, paths: DataPaths) -> tuple[float, float]:
    """Seconds of the whole command, the index filled, and the megabytes of its largest process."""
    started = time.monotonic()
    process = _command(feed, paths)
    status, usage = os.wait4(process.pid, 0)[1:]
    if os.waitstatus_to_exitcode(status):
        raise RuntimeError(f"./sori import ended with {os.waitstatus_to_exitcode(status)}")
    return time.monotonic() - started, usage.ru_maxrss / 1024


def _killed(feed: Path, paths: DataPaths, place: Workplace, number: int, lasting_s: float) -> int:
    """Kill an import at a moment within the time that a whole one takes; the episodes that are there then."""
    place.say(f"kill {number} of {KILLS}")
    process = _command(feed, paths)
    try:
        process.wait(random.Random(number).uniform(0.1, 0.9) * min(lasting_s, COMMAND_S))
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    return _held(paths)[0]


def _command(feed: Path, paths: DataPaths) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [SORI, "import", "media", feed, "--no-download", "--json", "--data-dir", paths.root],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _held(paths: DataPaths) -> tuple[int, int]:
    """Episodes that are on the shelf, and of these those that listeners can find."""
    store = Store(paths.database_url)
    try:
        held = list(Shelf(store.engine).held())
        if len({one.found.id for one in held}) != len(held) or len({one.found.place for one in held}) != len(held):
            raise RuntimeError("an episode is there twice")
        return len(held), sum(one.visible for one in held)
    finally:
        store.close()


def _generated(episodes: int) -> str:
    """A feed with descriptions of some length."""
    items = "".join(
        f"<item><guid>episode-{number}</guid><title>Episode {number}: of storms and rivers</title>"
        f"<description>{'What the river said when the storm had gone. ' * 4}{number}</description>"
        f"<pubDate>Mon, 06 May 2024 07:00:00 GMT</pubDate><itunes:duration>3600</itunes:duration>"
        f'<enclosure url="https://example.org/{number}.mp3" type="audio/mpeg" length="1"/></item>'
        for number in range(episodes)
    )
    namespace = "http://www.itunes.com/dtds/podcast-1.0.dtd"
    head = f'<?xml version="1.0"?><rss version="2.0" xmlns:itunes="{namespace}"><channel><title>Rivers</title>'
    return f"{head}<itunes:author>Ada Frost</itunes:author>{items}</channel></rss>"


BENCHMARK = Benchmark(
    "feeds",
    "A feed of 10,000 episodes",
    """`./sori import media FEED --no-download` on a generated feed, without a running service: the whole command from
its start to its end, with filling the index; then the same again, and again with one more episode. Memory is the most
that one of its processes held (RSS). Another import of the same feed is killed at random moments and started again.""",
    run,
)

"""Ten thousand answers in one shop: how long a save, a publishing, a roll-back take, and when other workers have it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from pgserver.postgres_server import get_server

from assistant.storage.store import Store
from benchmarks.benchmark import Benchmark, Workplace
from benchmarks.report import Cell, Findings, Table, aim, percentile, spread
from skills.shopping.catalogue import Catalogues
from skills.shopping.shop import Shop
from skills.storefront import ShopAnswer, ShopAnswers

SHOP = "measured"
ANSWERS, ROUNDS, MANY = 10_000, 200, 1_000
AIM_MS = 300.0
NOW = datetime(2026, 11, 23, tzinfo=UTC)

ABOUT = f"""
A shop of {ANSWERS:,} published answers with four ways to ask each, on SQLite and on PostgreSQL. {ROUNDS} times one
answer is saved and published; a second connection of its own, as another worker has, then asks for the revision and for
what has changed since. Five times {MANY:,} answers are saved and published together, the two versions are compared, and
the older one is gone back to.
"""


def run(place: Workplace) -> Findings:
    rows: list[tuple[Cell, ...]] = []
    notes: list[str] = []
    for name, database in (("SQLite", _sqlite), ("PostgreSQL", _postgresql)):
        place.say(name)
        with database() as url:
            times = _measure(url)
        rows += [(name, what, *spread(taken)) for what, taken in times.items()]
        notes.append(aim(f"p95 of publishing 1 change of {ANSWERS:,}, {name}", _p95(times["publish 1"]), AIM_MS, "ms"))
        notes.append(
            aim(f"p95 until another worker has it, {name}", _p95(times["read by another worker"]), AIM_MS, "ms")
        )
    table = Table(("database", "what", "times", "p50 ms", "p95 ms"), tuple(rows))
    return Findings((table,), tuple(notes))


def _measure(url: str) -> dict[str, list[float]]:
    mine, other = Store(url), Store(url)
    times: dict[str, list[float]] = {}
    try:
        Catalogues(mine.engine).put_shop(Shop(id=SHOP, name="Measured"))
        answers, elsewhere = ShopAnswers(mine.engine), ShopAnswers(other.engine)
        answers.replace(SHOP, [_answer(number, "As it was.") for number in range(ANSWERS)])
        for turn in range(ROUNDS):
            one, seen = _answer(turn * 37 % ANSWERS, f"Edited {turn}."), elsewhere.revision(SHOP)
            _timed(times, "save 1", partial(answers.save, SHOP, "answer", one.id, one, "Ann", NOW))
            _timed(times, "publish 1", partial(answers.publish, SHOP, "Ann", NOW))
            _timed(times, "read by another worker", partial(_read, elsewhere, seen))
        for turn in range(5):
            many = {one.id: one for one in (_answer(number, f"All {turn}.") for number in range(MANY))}
            newest = answers.revision(SHOP)
            _timed(times, f"save {MANY:,}", partial(answers.save_many, SHOP, "answer", many, "Ann", NOW))
            _timed(times, f"publish {MANY:,}", partial(answers.publish, SHOP, "Ann", NOW))
            _timed(times, "compare two", partial(answers.compare, SHOP, newest, newest + 1))
            _timed(times, "go back", partial(answers.roll_back, SHOP, newest, "Ann", NOW))
    finally:
        mine.close()
        other.close()
    return times


def _read(elsewhere: ShopAnswers, seen: int) -> None:
    assert elsewhere.revision(SHOP) == seen + 1
    assert len(elsewhere.changed_since(SHOP, seen, "answer")) == 1


def _answer(number: int, says: str) -> ShopAnswer:
    asked = tuple(f"{way} about thing {number}" for way in ("tell me", "something", "anything"))
    return ShopAnswer(id=f"a{number}", question=f"What about thing {number}?", variants=asked, answer=says)


def _timed(times: dict[str, list[float]], what: str, work: Callable[[], object]) -> None:
    begun = time.perf_counter()
    work()
    times.setdefault(what, []).append(1000 * (time.perf_counter() - begun))


def _p95(taken: list[float]) -> float:
    return percentile(taken, 95)


@contextmanager
def _sqlite() -> Iterator[str]:
    with TemporaryDirectory() as folder:
        yield f"sqlite:///{Path(folder) / 'sori.db'}"


@contextmanager
def _postgresql() -> Iterator[str]:
    with TemporaryDirectory() as folder:
        server = get_server(folder)
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


BENCHMARK = Benchmark("publishing", "Publishing among ten thousand answers", ABOUT, run)

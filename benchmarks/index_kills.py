"""What is left of an index whose writer is killed (SIGKILL) in the middle of a mixed load, two hundred times."""

from __future__ import annotations

import hashlib
import multiprocessing
import random
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

from benchmarks.benchmark import Benchmark, Workplace
from benchmarks.report import Cell, Findings, Table, percentile
from search_index import (
    Chunk,
    Document,
    Index,
    KeywordField,
    NumberField,
    Query,
    Range,
    Schema,
    TextField,
    Value,
    Weights,
    vectors,
)
from search_index.encoder import Matrix

KILLS = 200
LARGE, LARGE_KILLS = 100_000, 5
IDS = 150
"""Names that documents have: few, so that the load replaces and deletes as much as it adds."""
TAIL, EXACT = 64, 128
"""Sizes at which vectors go to files and into lists, so that a small collection does all that a large one does."""

SCHEMA = Schema("kills", {"title": TextField(), "kind": KeywordField(), "number": NumberField()})

State = Mapping[str, Document]
"""Documents by id."""

ABOUT = f"""
A process writes to an index: upserts of 1 to 40 documents (a title and up to three timed chunks each; some are new,
some replace others, some are as before), deletions by id, deletions by a filter. It acknowledges each through a pipe
and is killed (SIGKILL) after a random number of acknowledgements and a random moment more. Then the index is opened,
and every document is compared with what was acknowledged: allowed is only the state after the last acknowledged
change, or after the one that was under way, whole. The counts of passages, of words and of vectors have to agree, and
words have to find what is there and nothing that is gone. {KILLS} times, on one and the same index, with vectors going
to files from {TAIL} and into FAISS lists from {EXACT} on, so that background merges are cut off too. Then
{LARGE_KILLS} kills in the same way of an index of {LARGE:,} documents, for the time that opening takes.
"""


class Hashed:
    """A vector for each text, from its hash: real vectors without a model."""

    dimension = 384
    fingerprint = "hashed 1"

    def encode(self, texts: Sequence[str]) -> Matrix:
        return np.stack([self.encode_query(text) for text in texts])

    def encode_query(self, text: str) -> Matrix:
        seed = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest())
        vector = np.random.default_rng(seed).standard_normal(self.dimension).astype(np.float32)
        return vector / np.linalg.norm(vector)


@dataclass(frozen=True)
class Change:
    """One of the three: documents to upsert, ids to delete, or all to delete whose number is below a limit."""

    upserts: tuple[Document, ...] = ()
    deleted: tuple[str, ...] = ()
    below: float | None = None

    def applied(self, state: State) -> State:
        """The state after this change."""
        kept = {one: document for one, document in state.items() if one not in self.deleted}
        if self.below is not None:
            kept = {one: d for one, d in kept.items() if number_of(d) >= self.below}
        return kept | {document.id: document for document in self.upserts}

    def write(self, index: Index) -> None:
        """Do it."""
        if self.upserts:
            index.upsert(self.upserts)
        elif self.below is not None:
            index.delete_where(Range("number", maximum=self.below) & ~Range("number", self.below, self.below))
        else:
            index.delete(self.deleted)


def number_of(document: Document) -> float:
    number = document.values["number"]
    assert isinstance(number, int | float)
    return number


def changes(seed: int) -> Iterator[Change]:
    """A mixed load without end, the same one for the same seed."""
    chance = random.Random(seed)
    while True:
        kind = chance.random()
        names = chance.sample(range(IDS), chance.randint(1, 40))
        if kind < 0.7:
            yield Change(upserts=tuple(_document(name, chance) for name in names))
        elif kind < 0.9:
            yield Change(deleted=tuple(f"d{name}" for name in names[:10]))
        else:
            yield Change(below=chance.randint(0, 150))


def _document(name: int, chance: random.Random) -> Document:
    version = chance.randrange(10**6)
    values: dict[str, Value] = {
        "title": f"entry n{name} v{version}",
        "kind": f"k{version % 7}",
        "number": version % 900,
    }
    chunks = tuple(Chunk(f"spoken part {n} of v{version}", n * 1_000, n * 1_000 + 900) for n in range(version % 4))
    chunks = tuple(Chunk(chunk.text, chunk.start_ms, chunk.end_ms, str(n)) for n, chunk in enumerate(chunks, 1))
    return Document(f"d{name}", values, chunks)


def write_until_killed(path: Path, seed: int, pipe: Connection, *, small: bool) -> None:
    """What the writing process does."""
    if small:
        _be_small()
    with Index.open(path, SCHEMA, Hashed()) as index:
        for number, change in enumerate(changes(seed), start=1):
            change.write(index)
            pipe.send(number)


def _be_small() -> None:
    vectors.TAIL, vectors.EXACT = TAIL, EXACT


def kill_a_writer(path: Path, seed: int, *, small: bool = True) -> int:
    """Let a process write, kill it, and return how many changes it had acknowledged."""
    chance = random.Random(~seed)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["benchmarks.index_kills"])
    ours, theirs = context.Pipe(duplex=False)
    writer = context.Process(target=write_until_killed, args=(path, seed, theirs), kwargs={"small": small}, daemon=True)
    writer.start()
    theirs.close()
    acknowledged = 0
    for _ in range(chance.randint(1, 12)):
        acknowledged = ours.recv()
    # Not to wait for anything: to die at another point of a change each time.
    time.sleep(chance.random() * 0.05)
    writer.kill()
    writer.join()
    try:
        while True:  # what it had said before it died
            acknowledged = ours.recv()
    except EOFError:
        return acknowledged


@dataclass(frozen=True)
class Survival:
    """How an index was found: the state, whether that includes the change under way, and how long opening took."""

    state: State
    ahead: bool
    open_s: float


def survive(path: Path, before: State, seed: int, *, others: int = 0) -> Survival:
    """Kill a writer and open what it left. Raises AssertionError where anything is lost or half there.

    `others` is how many documents there are that the load never touches; 0 makes files and lists merge all the time.
    """
    acknowledged = kill_a_writer(path, seed, small=not others)
    load = changes(seed)
    expected = before
    for _ in range(acknowledged):
        expected = next(load).applied(expected)
    one_more = next(load).applied(expected)
    if not others:
        _be_small()
    started = time.perf_counter()
    with Index.open(path, SCHEMA, Hashed()) as index:
        open_s = time.perf_counter() - started
        found = {name: document for name in _names() if (document := index.get(name)) is not None}
        assert found in (expected, one_more), f"{acknowledged} changes of load {seed}: {_difference(found, expected)}"
        _count(index, found, others)
        _find(index, found)
        index.settle()
        _count(index, found, others)
    return Survival(found, found == one_more != expected, open_s)


def _names() -> list[str]:
    return [f"d{name}" for name in range(IDS)]


def _count(index: Index, state: State, others: int) -> None:
    stats = index.stats()
    passages = others + sum(1 + len(document.chunks) for document in state.values())
    counts = (stats.documents, stats.passages, stats.words, stats.vectors)
    assert counts == (len(state) + others, passages, passages, passages), f"{counts} for {len(state)} and {passages}"


def _find(index: Index, state: State) -> None:
    """Some of what is there is found, by words and by its vector, and nothing that is gone."""
    for document in [*state.values()][::20]:
        version = str(document.values["title"]).split()[-1]
        by_words = index.search(Query(version, weights=Weights(words=1, meaning=0)))
        assert document.id in [hit.id for hit in by_words.hits], f"{version} is not found"
        by_meaning = index.search(Query(str(document.values["title"]), weights=Weights(words=0, meaning=1), limit=1))
        assert by_meaning.hits[0].explanation.meaning.raw > 0.99, f"the vector of {version} is not found"
    present = {hit.id for hit in index.search(Query("entry", limit=100)).hits if hit.id.startswith("d")}
    assert present <= set(state), "what is gone is found"


def _difference(found: State, expected: State) -> str:
    differing = sorted(name for name in found.keys() | expected.keys() if found.get(name) != expected.get(name))
    return f"{len(differing)} documents differ, as {differing[:3]}"


def run(place: Workplace) -> Findings:
    sizes = vectors.TAIL, vectors.EXACT
    small = list(_survivals(place, place.kept / "index-kills", KILLS))
    vectors.TAIL, vectors.EXACT = sizes
    large = list(_survivals(place, place.kept / "index-kills-large", LARGE_KILLS, LARGE))
    rows: list[tuple[Cell, ...]] = []
    for name, found in (("small, merging all the time", small), (f"beside {LARGE:,} documents", large)):
        times = [one.open_s for one in found]
        rows.append((name, len(found), sum(one.ahead for one in found), percentile(times, 50), max(times)))
    columns = ("index", "kills survived whole", "of them with the change under way", "opens in, p50 s", "max s")
    return Findings((Table(columns, tuple(rows)),))


def _survivals(place: Workplace, path: Path, kills: int, others: int = 0) -> Iterator[Survival]:
    shutil.rmtree(path, ignore_errors=True)
    if others:
        _fill(path, others, place.say)
    state: State = {}
    for number in range(kills):
        survival = survive(path, state, number, others=others)
        state = survival.state
        if number % 20 == 19:
            place.say(f"{number + 1} of {kills} kills survived")
        yield survival


def _fill(path: Path, count: int, say: Callable[[str], None]) -> None:
    """Documents beyond the reach of the load's deletions."""
    with Index.open(path, SCHEMA, Hashed()) as index:
        documents = (Document(f"o{n}", {"title": f"other number {n}", "number": 1_000 + n}) for n in range(count))
        index.upsert(documents, lambda done, _: say(f"{done:,} documents") if done % 25_600 == 0 else None)
        index.settle()


BENCHMARK = Benchmark("index_kills", "An index whose writer is killed", ABOUT, run)

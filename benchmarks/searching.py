"""How fast the media library finds what is asked of the demo catalogue."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Sequence

from assistant.paths import DataPaths
from benchmarks.benchmark import Benchmark, Workplace
from benchmarks.report import Cell, Findings, Table, spread
from search_index import Index, Query, open_encoder
from skills.media.catalogue import Item, demo_items
from skills.media.library import SCHEMA, MediaLibrary
from skills.media.wanted import Wanted

TOPICS, NAMES = 100, 50

ABOUT = f"""
The library over the demo catalogue, in one process, warm: {TOPICS} topics, {NAMES} titles and {NAMES} creators of it,
asked for one after the other, each for the first time (its text has to be encoded) and once again (the encoder keeps
the vectors of texts it has met). Then the index's own stages for the same topics, met for the first time.
"""


def run(place: Workplace) -> Findings:
    items = demo_items()
    finding, stages = asyncio.run(_measure(place.paths, items))
    return Findings((finding, stages))


async def _measure(paths: DataPaths, items: Sequence[Item]) -> tuple[Table, Table]:
    topics = sorted({tag for item in items for tag in item.tags})
    topics = topics[:: len(topics) // TOPICS][:TOPICS]
    titles = [item.title for item in items[:: len(items) // NAMES]][:NAMES]
    creators = sorted({item.creator for item in items})[:NAMES]
    asked = {
        "topics": [Wanted(topic=topic, said=f"find something about {topic}") for topic in topics],
        "titles": [Wanted(title=title.lower(), said=f"play {title.lower()}") for title in titles],
        "creators": [Wanted(creator=name.lower(), said=f"play something by {name.lower()}") for name in creators],
    }
    with Index.open(paths.index, SCHEMA, open_encoder("minilm", paths.encoder)) as index:
        library = MediaLibrary(index, items, {})
        await library.find(Wanted(topic="warm up", said="warm up"))
        first = {name: await _times(library, wanted) for name, wanted in asked.items()}
        again = {name: await _times(library, wanted) for name, wanted in asked.items()}
    # Another encoder, which has met none of these texts.
    with Index.open(paths.index, SCHEMA, open_encoder("minilm", paths.encoder)) as index:
        stages = _stages(index, topics)
    rows = tuple((name, *spread(first[name]), *spread(again[name])[1:]) for name in asked)
    return (
        Table(("asked for", "requests", "first time, p50 ms", "p95 ms", "again, p50 ms", "p95 ms"), rows),
        Table(("stage", "searches", "p50 ms", "p95 ms"), stages),
    )


async def _times(library: MediaLibrary, requests: Sequence[Wanted]) -> list[float]:
    times = []
    for wanted in requests:
        started = time.perf_counter()
        await library.find(wanted)
        times.append((time.perf_counter() - started) * 1000)
    return times


def _stages(index: Index, texts: Sequence[str]) -> tuple[tuple[Cell, ...], ...]:
    index.search(Query("warm up"))
    stages: dict[str, list[float]] = defaultdict(list)
    for text in texts:
        results = index.search(Query(text))
        for name, milliseconds in results.stages.items():
            stages[name.removesuffix("_ms")].append(milliseconds)
        stages["all"].append(results.took_ms)
    return tuple((name, *spread(times)) for name, times in stages.items())


BENCHMARK = Benchmark("searching", "Searching", ABOUT, run)

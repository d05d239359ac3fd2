"""Readers are not disturbed by a writer, and never see half a document."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

from search_index import Chunk, Document, Equals, Index, Query, Weights


def version(number: int, generation: int) -> Document:
    values = {"title": f"Report {number}", "kind": f"g{generation}", "popularity": generation}
    return Document(f"d{number}", values, (Chunk(f"spoken in generation {generation}"),))


def test_searches_go_on_while_documents_change(index: Index) -> None:
    index.upsert([version(number, 0) for number in range(8)])
    stop = Event()

    def read() -> int:
        asked = 0
        while not stop.is_set():
            for hit in index.search(
                Query("report generation", limit=20, group=False, filter=Equals("live", False) | Equals("id", "d1"))
            ).hits:
                assert hit.id == "d1"
                assert hit.values["kind"] == f"g{hit.values['popularity']}"
                assert hit.chunk is None or hit.chunk.text.endswith(f" {hit.values['popularity']}")
            assert index.count() == 8
            assert len(index.link("report", limit=8)) == 8
            asked += 1
        return asked

    with ThreadPoolExecutor(4) as pool:
        readers = [pool.submit(read) for _ in range(4)]
        try:
            for generation in range(1, 11):
                assert index.upsert([version(number, generation) for number in range(8)]) == 8
        finally:
            stop.set()
        assert all(reader.result(30) > 0 for reader in readers)
    assert index.generation == 11


def test_a_query_never_sees_half_of_a_write(index: Index) -> None:
    """Every query finds all documents of one and the same batch: by words, by meaning and in the database."""
    index.upsert([version(number, 0) for number in range(8)])
    stop = Event()

    def read(weights: Weights) -> int:
        last = 0
        while not stop.is_set():
            hits = index.search(Query("report", limit=20, weights=weights)).hits
            assert len({hit.id for hit in hits}) == 8
            (generation,) = {hit.values["popularity"] for hit in hits}
            assert isinstance(generation, int)
            assert generation >= last, "what was seen once is seen from then on"
            last = generation
        return last

    with ThreadPoolExecutor(3) as pool:
        ways = (Weights(words=1, meaning=0), Weights(words=0, meaning=1), Weights())
        readers = [pool.submit(read, weights) for weights in ways]
        try:
            for generation in range(1, 13):
                index.upsert([version(number, generation) for number in range(8)])
                (seen,) = {hit.values["popularity"] for hit in index.search(Query("report", limit=20)).hits}
                assert seen == generation, "a write is visible to the next query"
        finally:
            stop.set()
        assert all(reader.result(30) > 0 for reader in readers)


def test_several_writers_take_turns(index: Index) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda part: index.upsert([version(10 * part + n, part) for n in range(10)]), range(4)))
    assert index.count() == 40
    assert index.search(Query(limit=100)).total == 40

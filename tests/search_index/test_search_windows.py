"""Transcripts cut into chunks, and overlapping chunks as one moment."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from search_index import Chunk, Document, Index, Query, windows
from search_index.documents import MAX_CHUNK
from search_index.windows import REACH_MS, STEP_MS, moments


@st.composite
def transcripts(draw: st.DrawFn) -> list[Chunk]:
    start, segments = 0, []
    for number, lasts in enumerate(draw(st.lists(st.integers(0, 90_000), max_size=12))):
        segments.append(Chunk(f"w{number} " * draw(st.integers(1, 5)), start, start + lasts))
        start += lasts
    return segments


@settings(deadline=None, max_examples=50)
@given(transcripts())
def test_every_word_is_in_one_chunk_and_chunks_reach_over_a_minute(segments: list[Chunk]) -> None:
    chunks = windows(segments)
    assert " ".join(one.text for one in chunks).split() == " ".join(one.text for one in segments).split()
    starts = [one.start_ms for one in chunks]
    assert starts == sorted(starts)
    assert all(one.start_ms in {segment.start_ms for segment in segments} for one in chunks)
    last = segments[-1].end_ms if segments else 0
    for chunk, following in pairwise(chunks):
        assert chunk.end_ms >= min(chunk.start_ms + REACH_MS, last)
        assert chunk.context or chunk.end_ms - chunk.start_ms >= REACH_MS
        assert following.start_ms - chunk.start_ms <= max(STEP_MS, *(one.end_ms - one.start_ms for one in segments))


def test_a_segment_too_long_for_a_chunk_is_cut_and_nothing_is_lost() -> None:
    chunks = windows([Chunk("x" * (2 * MAX_CHUNK + 10), 0, 100_000)])
    assert [len(one.text) for one in chunks] == [MAX_CHUNK, MAX_CHUNK, 10]
    assert chunks[1].start_ms == 100_000 * MAX_CHUNK // (2 * MAX_CHUNK + 10)
    assert all(len(one.context) <= MAX_CHUNK for one in chunks)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 50), st.integers(1, 50)), max_size=12))
def test_of_overlapping_chunks_the_first_stands_for_all(raw: list[tuple[str, int, int]]) -> None:
    spans = [(document, start, start + length) for document, start, length in raw]
    kept = moments(spans)

    def same(one: tuple[str, int, int], other: tuple[str, int, int]) -> bool:
        shared = min(one[2], other[2]) - max(one[1], other[1])
        return one[0] == other[0] and 3 * shared > min(one[2] - one[1], other[2] - other[1])

    for place, span in enumerate(spans):
        before = [spans[other] for other in kept if other < place]
        assert (place in kept) == (not any(same(span, other) for other in before))


def test_a_question_finds_the_answer_that_follows_it(index: Index) -> None:
    """The words of what follows help to find a chunk, and neighbours that share it are one hit."""
    said = [
        ("So how do whales sleep?", 0, 5_000),
        ("One half of the brain at a time.", 5_000, 40_000),
        ("They float like logs near the surface.", 40_000, 80_000),
        ("Next, the price of tea.", 80_000, 120_000),
    ]
    talk = Document("t", {"title": "Talk"}, windows([Chunk(*segment) for segment in said]))
    index.upsert([talk])
    hits = index.search(Query("whales sleep half brain", group=False, min_meaning=-1)).hits
    best = hits[0].chunk
    assert best is not None
    assert best.start_ms == 0
    assert "brain" not in best.text
    assert "brain" in best.context
    spans = [(hit.id, hit.chunk.start_ms, hit.chunk.end_ms) for hit in hits if hit.chunk]
    assert moments(spans) == list(range(len(spans)))
    assert index.get("t") == talk or index.get("t").chunks[0].context == talk.chunks[0].context  # type: ignore[union-attr]

"""Timed speech cut into chunks that can be found, and the moments that found chunks stand for.

People put the question, or name the subject, just before they talk about it: a chunk begins at a turn of speech and
reaches on beyond its own text. The text alone is short, so its vector is of one thing; what follows helps its words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from search_index.documents import MAX_CHUNK, Chunk

STEP_MS = 30_000
"""A chunk's own text lasts at most so long, where a single segment does not last longer."""
REACH_MS = 60_000
"""A chunk with its context lasts at least so long, up to the end of the recording.

Of steps of 10 to 60 s and reaches of 0 to 90 s, those around these found most moments of recorded talks.
"""
SAME_MOMENT = 1 / 3
"""Chunks of a document that share more than this part of the shorter one are one moment."""

Span = tuple[str, int, int]
"""A document's id, start and end (ms)."""


def windows(segments: Sequence[Chunk]) -> tuple[Chunk, ...]:
    """Chunks out of the segments of a transcript, given in order: they begin every half minute and reach over a whole.

    Each is of whole segments, and its `context` is what follows it; its end is that of the context.
    """
    steps = list(_steps([part for segment in segments for part in _parts(segment)]))
    chunks = []
    for place, step in enumerate(steps):
        last = place
        while last + 1 < len(steps) and steps[last].end_ms - step.start_ms < REACH_MS:
            last += 1
        context = " ".join(one.text for one in steps[place + 1 : last + 1])[:MAX_CHUNK]
        chunks.append(replace(step, end_ms=max(step.end_ms, steps[last].end_ms), context=context))
    return tuple(chunks)


def moments(spans: Sequence[Span]) -> list[int]:
    """The places, in order, of chunks that are not the same moment as one before them; untimed ones never are."""
    kept: dict[str, list[tuple[int, int]]] = {}
    places = []
    for place, (document, start, end) in enumerate(spans):
        others = kept.setdefault(document, [])
        if not any(_is_same(start, end, *other) for other in others):
            others.append((start, end))
            places.append(place)
    return places


def _is_same(start: int, end: int, other_start: int, other_end: int) -> bool:
    shared = min(end, other_end) - max(start, other_start)
    return shared > SAME_MOMENT * min(end - start, other_end - other_start)


def _steps(segments: Sequence[Chunk]) -> Iterator[Chunk]:
    """Whole segments together, as many as fit into a step."""
    taken: list[Chunk] = []
    for segment in segments:
        long = sum(len(one.text) + 1 for one in taken) + len(segment.text) > MAX_CHUNK
        if taken and (long or segment.end_ms - taken[0].start_ms > STEP_MS):
            yield _joined(taken)
            taken = []
        taken.append(segment)
    if taken:
        yield _joined(taken)


def _joined(segments: Sequence[Chunk]) -> Chunk:
    end = max(one.end_ms for one in segments)
    return Chunk(" ".join(one.text for one in segments), segments[0].start_ms, max(segments[0].start_ms, end))


def _parts(segment: Chunk) -> Iterator[Chunk]:
    """A segment that is longer than a chunk may be in parts, timed as if it were spoken at an even pace."""
    length = max(1, len(segment.text))
    lasting = segment.end_ms - segment.start_ms
    for start in range(0, length, MAX_CHUNK):
        text = segment.text[start : start + MAX_CHUNK]
        begin, end = (segment.start_ms + lasting * place // length for place in (start, start + len(text)))
        yield Chunk(text, begin, max(begin, end if text else segment.end_ms))

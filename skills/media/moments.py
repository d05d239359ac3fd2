"""The very moments of a transcript that speak of something, out of the passages in which the index found it. Pure."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from search_index import placed_terms, query_terms, terms_of
from skills.media.recordings import Segment
from skills.message import ItemId

LINE_MS = 20_000
"""A segment that lasts longer is taken apart at its sentences."""
LEAD_MS = 12_000
"""Playback begins a line before the one that speaks of it, unless that is further away than this."""
GAP_MS = 20_000
"""Lines that speak of it are one moment while no more than this lies between them."""
ALIKE = 0.75
"""A line speaks of it as well as the best of its passage from this share of that one's words on."""
QUOTE_WORDS = 12

_SENTENCE = re.compile(r"[^.!?\u2026]+(?:[.!?\u2026]+[\"')\u201d\u2019]*|$)\s*")
_WORD = re.compile(r"\S+")


@dataclass(frozen=True)
class Passage:
    """A part of an item's transcript that the index found; `score` is relative to the others of its query."""

    start_ms: int
    end_ms: int
    score: float


@dataclass(frozen=True)
class Moment:
    """Where an item speaks of what was asked.

    `at_ms`: the line that does; `start_ms`: from where to listen, a line early; `end_ms`: where the subject is left.
    `quote`: some words of that line.
    """

    item: ItemId
    start_ms: int
    at_ms: int
    end_ms: int
    speaker: str
    quote: str
    score: float = 0.0


def lines(segments: Sequence[Segment]) -> list[Segment]:
    """The transcript in lines: its segments, the long ones sentence by sentence, as if spoken at an even pace."""
    return [line for segment in segments for line in _sentences(segment)]


def around(segments: Sequence[Segment], passages: Sequence[Passage]) -> list[Segment]:
    """The segments that the passages have, and those shortly before them: of an hour, what is worth a closer look."""
    return [
        segment
        for segment in segments
        if any(one.start_ms - LEAD_MS <= segment.end_ms and segment.start_ms < one.end_ms for one in passages)
    ]


def moments_in(item: ItemId, transcript: Sequence[Segment], passages: Sequence[Passage], asked: str) -> list[Moment]:
    """The moments that the passages of an item come down to, in the order of time; they do not overlap.

    `transcript` are its `lines`. In each passage those lines count that have the most of the words asked for; without
    any of these words, its first line.
    """
    inside = {place for passage in passages for place in _inside(transcript, passage)}
    counts = _counts(transcript, inside, asked)
    spoken: dict[int, Passage] = {}
    for passage in sorted(passages, key=lambda one: one.score):  # of a line in several, the best counts
        spoken |= dict.fromkeys(_speaking(transcript, counts, passage), passage)
    found: list[Moment] = []
    for group in reversed(_grouped(transcript, sorted(spoken))):
        most = max(counts[place] for place in group)
        at = next(place for place in group if counts[place] >= ALIKE * most)
        line, last = transcript[at], group[-1]
        left_ms = max(spoken[last].end_ms, transcript[last].end_ms)
        end_ms = min(left_ms, found[-1].start_ms) if found else left_ms
        found.append(
            Moment(
                item,
                start_ms=_begin(transcript, at),
                at_ms=line.start_ms,
                end_ms=max(end_ms, line.start_ms + 1),
                speaker=line.speaker,
                quote=quote(line.text, asked),
                score=max(spoken[place].score for place in group),
            )
        )
    return found[::-1]


def share_said(transcript: Sequence[Segment], passage: Passage, asked: str) -> float:
    """The share (0 to 1) of the words asked for that are said in a passage; function words do not count."""
    wanted = {stemmed for stemmed, _ in query_terms(asked)}
    text = " ".join(transcript[place].text for place in _inside(transcript, passage))
    return len(wanted & set(terms_of(text, stemmed=True))) / len(wanted) if wanted else 0.0


def speaking_at(segments: Sequence[Segment], position_ms: int) -> Segment | None:
    """The segment that is heard at a position, or was heard last before it."""
    before = [segment for segment in segments if segment.start_ms <= position_ms]
    return before[-1] if before else None


def quote(text: str, asked: str) -> str:
    """At most a dozen words of `text` around those that were asked for, cut at words and marked where it was cut."""
    words = [word.span() for word in _WORD.finditer(text)]
    if len(words) <= QUOTE_WORDS:
        return text.strip()
    wanted = {stemmed for stemmed, _ in query_terms(asked)}
    hits = {start for term, start, _ in placed_terms(text, stemmed=True) if term in wanted}
    marked = [any(start <= hit < end for hit in hits) for start, end in words]
    counts = [sum(marked[first : first + QUOTE_WORDS]) for first in range(len(words) - QUOTE_WORDS + 1)]
    fitting = [first for first, count in enumerate(counts) if count == max(counts)]
    # The beginning of a sentence reads best; else what was asked for stands in the middle.
    opening = [first for first in fitting if first == 0 or text[words[first - 1][1] - 1] in ".!?"]
    first = opening[0] if opening else fitting[len(fitting) // 2]
    last = first + QUOTE_WORDS - 1
    cut = text[words[first][0] : words[last][1]]
    return f"{'...' if first else ''}{cut}{'...' if last + 1 < len(words) else ''}"


def _sentences(segment: Segment) -> Iterator[Segment]:
    lasting, length = segment.end_ms - segment.start_ms, len(segment.text)
    parts = [part.span() for part in _SENTENCE.finditer(segment.text) if part[0].strip()]
    if lasting <= LINE_MS or len(parts) < 2:
        yield segment
        return
    starts = [segment.start_ms + lasting * start // length for start, _ in parts]
    starts[0] = segment.start_ms
    for (start, end), (begin_ms, end_ms) in zip(parts, pairwise([*starts, segment.end_ms]), strict=True):
        yield Segment(begin_ms, end_ms, segment.speaker, segment.text[start:end].strip())


def _counts(transcript: Sequence[Segment], places: Collection[int], asked: str) -> Mapping[int, int]:
    """How many of the different words that were asked for each of these lines has; function words do not count."""
    wanted = {stemmed for stemmed, _ in query_terms(asked)}
    return {place: len(wanted.intersection(terms_of(transcript[place].text, stemmed=True))) for place in places}


def _speaking(transcript: Sequence[Segment], counts: Mapping[int, int], passage: Passage) -> list[int]:
    """The places of a passage's lines that speak of it."""
    inside = _inside(transcript, passage)
    top = max((counts[place] for place in inside), default=0)
    return [place for place in inside if counts[place] >= ALIKE * top] if top else inside[:1]


def _inside(transcript: Sequence[Segment], passage: Passage) -> list[int]:
    """The places of the lines that begin in a passage."""
    first, end = (
        bisect_left(transcript, at_ms, key=lambda line: line.start_ms) for at_ms in (passage.start_ms, passage.end_ms)
    )
    return list(range(first, min(len(transcript), max(first + 1, end))))


def _grouped(transcript: Sequence[Segment], places: Sequence[int]) -> list[list[int]]:
    """Lines with little between them, together."""
    groups: list[list[int]] = []
    for place in places:
        if groups and transcript[place].start_ms - transcript[groups[-1][-1]].end_ms <= GAP_MS:
            groups[-1].append(place)
        else:
            groups.append([place])
    return groups


def _begin(transcript: Sequence[Segment], at: int) -> int:
    here, before = transcript[at].start_ms, transcript[max(0, at - 1)].start_ms
    return before if here - before <= LEAD_MS else here

"""Finds the moments that speak of something: passages by the index, and the lines in them by their words."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from search_index import And, AnyOf, Equals, Hit, Query
from skills.media.library import MediaLibrary
from skills.media.moment_memory import Mark
from skills.media.moments import Moment, Passage, around, lines, moments_in, quote, share_said, speaking_at
from skills.media.recordings import Segment
from skills.message import ItemId

PASSAGES = 30
"""Passages looked at for a request."""

MEANING_WITH_WORDS, MEANING = 0.35, 0.5
"""Cosines from which a passage speaks of what was asked: with half of its words, and with fewer. With all it does.

Chosen on the headings of talks, which their own sections speak of, and on the demo's transcripts, which do not.
"""


@dataclass(frozen=True)
class Moments:
    """The moments found, best first; the first `certain` of them speak of what was asked, the others are near it."""

    found: tuple[Moment, ...] = ()
    certain: int = 0
    meaning: float = 0.0
    """Cosine of the passage nearest to what was asked."""

    @property
    def best(self) -> Moment | None:
        """The first, if it speaks of what was asked."""
        return self.found[0] if self.certain else None

    @property
    def nearest(self) -> Moment | None:
        """The first, whether or not it does."""
        return self.found[0] if self.found else None


class MomentFinder:
    """Looks into transcripts."""

    def __init__(self, library: MediaLibrary) -> None:
        self._library = library

    async def find(self, topic: str, within: Sequence[ItemId] | None = None, speaker: str = "") -> Moments:
        """The moments that speak of `topic`, `within` these items if they are given, best first.

        Those where `speaker` speaks, if they are named so in the transcript, come before the others.
        """
        return await asyncio.to_thread(self._find, topic, within, speaker)

    async def transcript(self, item: ItemId) -> Sequence[Segment]:
        """What is said in an item, by segments; empty where that is not known."""
        return await asyncio.to_thread(self._transcript, item)

    async def recall(self, mark: Mark, topic: str) -> Moment | None:
        """A moment that was found earlier; None where its item has no transcript any more."""
        transcript = lines(await self.transcript(mark.item))
        line = speaking_at(transcript, mark.at_ms)
        if line is None:
            return None
        said = quote(line.text, topic)
        return Moment(mark.item, mark.start_ms, mark.at_ms, mark.end_ms, line.speaker, said)

    async def has_transcript(self, items: Sequence[ItemId]) -> bool:
        """Whether it is known of one of the items at least what is said in it."""

        def any_has() -> bool:
            return any(self._transcript(item) for item in items)

        return await asyncio.to_thread(any_has)

    def _find(self, topic: str, within: Sequence[ItemId] | None, speaker: str) -> Moments:
        condition = Equals("complete", True)
        only = And(condition, AnyOf("id", tuple(within))) if within is not None else condition
        results = self._library.search(Query(topic, filter=only, group=False, limit=PASSAGES, min_meaning=-1.0))
        hits: dict[ItemId, list[Hit]] = defaultdict(list)
        for hit in results.hits:
            if hit.chunk:
                hits[hit.id].append(hit)
        sure: list[Moment] = []
        rest: list[Moment] = []
        for item, of_item in hits.items():
            transcript = lines(around(self._transcript(item), [_passage(hit) for hit in of_item]))
            speaking: list[Passage] = []
            others: list[Passage] = []
            for hit in of_item:
                passage = _passage(hit)
                share = share_said(transcript, passage, topic)
                (speaking if speaks_of(hit.explanation.meaning.raw, share) else others).append(passage)
            found = moments_in(item, transcript, speaking, topic)
            sure += found
            rest += [one for one in moments_in(item, transcript, others, topic) if not _overlaps(one, found)]
        sure.sort(key=lambda one: (bool(speaker) and not _is_named(one.speaker, speaker), -one.score))
        rest.sort(key=lambda one: -one.score)
        meaning = max((hit.explanation.meaning.raw for of_item in hits.values() for hit in of_item), default=0.0)
        return Moments((*sure, *rest), len(sure), meaning)

    def _transcript(self, item: ItemId) -> Sequence[Segment]:
        recording = self._library.recording(item)
        return recording.segments[:] if recording and recording.complete else ()


def speaks_of(cosine: float, share: float) -> bool:
    """Whether a passage with that share of what was asked speaks of it, rather than being merely the nearest."""
    return share == 1.0 or cosine >= (MEANING_WITH_WORDS if share >= 0.5 else MEANING)


def _passage(hit: Hit) -> Passage:
    assert hit.chunk
    return Passage(hit.chunk.start_ms, hit.chunk.end_ms, hit.score)


def _overlaps(moment: Moment, others: Sequence[Moment]) -> bool:
    return any(moment.start_ms < other.end_ms and other.start_ms < moment.end_ms for other in others)


def _is_named(speaker: str, name: str) -> bool:
    """Whether a transcript's speaker may be who was named: "Nkechi" for Nkechi Obarinde."""
    return bool(set(speaker.casefold().split()) & set(name.casefold().split()))

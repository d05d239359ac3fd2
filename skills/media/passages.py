"""Where in one item something is said."""

from __future__ import annotations

import re
from collections.abc import Sequence

from search_index import Equals, Query
from skills.media.library import MediaLibrary
from skills.media.recordings import Segment
from skills.message import ItemId

_WORD = re.compile(r"\w+")


def passages(library: MediaLibrary, item: ItemId, said: str, limit: int) -> list[Segment]:
    """The segments of an item that come nearest to what is looked for, best first; blocks."""
    recording = library.recording(item)
    results = library.search(Query(text=said, filter=Equals("id", item), group=False, limit=limit))
    segments = list(recording.segments) if recording else []
    wanted = set(_WORD.findall(said.casefold()))
    windows = [hit.chunk for hit in results.hits if hit.chunk and hit.chunk.start_ms is not None]
    found = (_best(segments, wanted, chunk.start_ms or 0, chunk.end_ms or 0) for chunk in windows)
    return list(dict.fromkeys(segment for segment in found if segment))


def _best(segments: Sequence[Segment], wanted: set[str], begin_ms: int, end_ms: int) -> Segment | None:
    """The segment of a window with most of the words, the first of several."""
    within = [one for one in segments if begin_ms <= one.start_ms < end_ms]
    return max(within, key=lambda one: len(wanted & set(_WORD.findall(one.text.casefold()))), default=None)

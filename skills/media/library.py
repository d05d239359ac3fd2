"""The media catalogue in the semantic index: filling it, and finding what a listener asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from search_index import (
    And,
    AnyOf,
    BooleanField,
    Chunk,
    DateField,
    Document,
    Equals,
    Filter,
    Hit,
    Index,
    KeywordField,
    Not,
    NumberField,
    Progress,
    Query,
    Results,
    Schema,
    Sort,
    TextField,
)
from skills.media.catalogue import Item
from skills.media.recordings import Recording
from skills.media.wanted import Wanted
from skills.turn import Card, ItemId, Play

SCHEMA = Schema(
    "media",
    {
        "title": TextField(weight=3.0, sound=True),
        "creator": KeywordField(weight=2.0, sound=True),
        "series": KeywordField(weight=2.0, sound=True),
        "tags": KeywordField(many=True, weight=1.5),
        "moods": KeywordField(many=True, weight=0.5),
        "description": TextField(weight=1.0),
        "kind": KeywordField(),
        "medium": KeywordField(),
        "published": DateField(),
        "duration_s": NumberField(),
        "popularity": NumberField(),
        "complete": BooleanField(),
    },
)

RESULTS = 10
"""Results kept of a search: as many as "the tenth one" can name."""

NAME_CERTAIN = 0.60
"""Link score from which a heard name is taken for the catalogue's (measured: benchmarks/names.py)."""

MEANING_CERTAIN = 0.35
"""Cosine from which a result is about what was asked, when none of the words is in it."""

_RELAXING = ("mood", "medium", "kind", "series", "creator")
"""In this order a condition is dropped when nothing meets all."""


@dataclass(frozen=True)
class Found:
    """Results of a request, best first; `dropped` names conditions that nothing met, `certain` whether the first is
    about what was asked rather than merely nearest to it.
    """

    items: tuple[Item, ...]
    dropped: tuple[str, ...]
    certain: bool
    stages_ms: Mapping[str, float]


class MediaLibrary:
    """Items, their recordings, and the index over both."""

    def __init__(self, index: Index, items: Iterable[Item], recordings: Mapping[str, Recording]) -> None:
        self._index = index
        self._recordings = recordings
        self._items = {item.id: _as_recorded(item, recordings.get(item.id)) for item in items}

    @property
    def items(self) -> Mapping[ItemId, Item]:
        """All items by id."""
        return self._items

    def fill(self, on_progress: Progress) -> None:
        """Bring the index in line with the items; what has not changed is left alone."""
        self._index.upsert((self._document(item) for item in self._items.values()), on_progress=on_progress)
        self._index.delete_where(Not(AnyOf("id", tuple(self._items))))

    def close(self) -> None:
        """Close the index."""
        self._index.close()

    async def find(self, wanted: Wanted) -> Found:
        """Search for what was asked; conditions that nothing meets are dropped one after the other."""
        return await asyncio.to_thread(self._find, wanted)

    def card(self, item: Item) -> Card:
        """The item as it is shown."""
        return Card(
            item=item.id,
            title=item.title,
            subtitle=" · ".join(part for part in (item.creator, item.series) if part),
            description=item.description,
            kind=item.kind_name,
            medium=item.medium,
            image_url=f"/media/covers/{item.id}.svg",
            duration_ms=item.duration_s * 1000,
            published=item.published.isoformat(),
            playable=item.id in self._recordings,
        )

    def recording(self, item: ItemId) -> Recording | None:
        """The item's recording, if there is one."""
        return self._recordings.get(item)

    def play(self, item: Item, begin_ms: int = 0) -> Play:
        """The directive that plays the item; it must have a recording."""
        recording = self._recordings[item.id]
        return Play(
            item=item.id,
            title=item.title if recording.complete else f"{item.title} (preview)",
            creator=item.creator,
            url=f"/media/recordings/{recording.path.name}",
            image_url=f"/media/covers/{item.id}.svg",
            begin_ms=begin_ms,
        )

    def _find(self, wanted: Wanted) -> Found:
        conditions, text = self._conditions(wanted)
        dropped: list[str] = []
        results = self._search(wanted, text, conditions)
        for name in _RELAXING:
            if results.hits:
                break
            if conditions.pop(name, None):
                dropped.append(name)
                results = self._search(wanted, text, conditions)
        items = tuple(self._items[hit.id] for hit in results.hits if hit.id in self._items)
        certain = bool(items) and (not text or _is_about(results.hits[0]))
        return Found(items, tuple(dropped), certain, {"search": results.took_ms})

    def _conditions(self, wanted: Wanted) -> tuple[dict[str, Filter], str]:
        """Filters by name, and the words to search; a name that cannot be linked is searched as words."""
        conditions: dict[str, Filter] = {}
        words = [wanted.text]
        for name, heard in (("creator", wanted.creator), ("series", wanted.series)):
            if not heard:
                continue
            links = self._index.link(heard, field=name, limit=1)
            if links and links[0].score >= NAME_CERTAIN:
                conditions[name] = Equals(name, links[0].value)
            else:
                words.append(heard)
        if wanted.mood:
            conditions["mood"] = Equals("moods", wanted.mood)
        if wanted.kind:
            conditions["kind"] = Equals("kind", wanted.kind.value)
        if wanted.medium:
            conditions["medium"] = Equals("medium", wanted.medium)
        return conditions, " ".join(word for word in words if word)

    def _search(self, wanted: Wanted, text: str, conditions: Mapping[str, Filter]) -> Results:
        filters = tuple(conditions.values())
        sort = None
        if wanted.age:
            sort = Sort("published", descending=wanted.age == "newest")
        elif not text:
            sort = Sort("popularity", descending=True)
        return self._index.search(Query(text=text, filter=And(*filters) if filters else None, limit=RESULTS, sort=sort))

    def _document(self, item: Item) -> Document:
        recording = self._recordings.get(item.id)
        chunks = recording.segments if recording and recording.complete else ()
        return Document(
            id=item.id,
            values={
                "title": item.title,
                "creator": item.creator,
                "series": item.series,
                "tags": list(item.tags),
                "moods": list(item.moods),
                "description": item.description,
                "kind": item.kind.value,
                "medium": item.medium,
                "published": item.published,
                "duration_s": item.duration_s,
                "popularity": item.popularity,
                "complete": bool(recording and recording.complete),
            },
            chunks=tuple(Chunk(segment.text, segment.start_ms, segment.end_ms) for segment in chunks),
        )


def _as_recorded(item: Item, recording: Recording | None) -> Item:
    """An item that is read out in full is as long as its recording."""
    if recording is None or not recording.complete:
        return item
    return item.model_copy(update={"duration_s": max(1, round(recording.duration_ms / 1000))})


def _is_about(hit: Hit) -> bool:
    return hit.explanation.words.raw > 0 or hit.explanation.meaning.raw >= MEANING_CERTAIN

"""The media catalogue in the semantic index: filling it, and finding what a listener asked for."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection, Mapping, Sequence
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
    Range,
    Results,
    Schema,
    Sort,
    TextField,
    windows,
)
from skills.media.catalogue import Item
from skills.media.naming import Named, NameField, link_whole, resolve
from skills.media.recordings import Recording
from skills.media.slides.scene import Scene
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

MEANING_CERTAIN, MEANING_WITH_WORDS = 0.35, 0.25
"""Cosines from which a result is about what was asked: without, and with one of the words occurring in it.

On the demo catalogue, topics it has scored 0.29 and more with a word in common, topics it does not have 0.24 and less.
"""

RELAXING = ("mood", "length", "medium", "kind", "series", "creator")
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
    linked: tuple[float, ...] = ()
    """Link scores (0 to 1) of the names that were found."""
    meaning: float | None = None
    """Cosine of the first result that is about what was asked beside names, 0.0 where none is; None where nothing was.
    """


class MediaLibrary:
    """Items, their recordings, and the index over both."""

    def __init__(
        self,
        index: Index,
        items: Collection[Item],
        recordings: Mapping[str, Recording],
        artwork: Mapping[str, str] | None = None,
    ) -> None:
        """`artwork` are the SHA-256 of pictures by item; of the others one is drawn."""
        self._index = index
        self._take(items, recordings, artwork or {})

    @property
    def items(self) -> Mapping[ItemId, Item]:
        """All items by id."""
        return self._items

    def replace(
        self, items: Collection[Item], recordings: Mapping[str, Recording], artwork: Mapping[str, str] | None = None
    ) -> None:
        """Have other items from now on, and bring the index in line; searches go on meanwhile."""
        self._take(items, recordings, artwork or {})
        self.fill(lambda _done, _of: None)

    def put(self, item: Item, recording: Recording | None, picture: str | None) -> None:
        """Have one item as it is now, at once; the others stay as they are. One caller at a time."""
        recordings = {**self._recordings} | ({item.id: recording} if recording else {})
        artwork = {**self._artwork} | ({item.id: picture} if picture else {})
        others = [one for one in self._items.values() if one.id != item.id]
        self._take([*others, item], recordings, artwork)
        self._index.upsert([self._document(self._items[item.id])])

    def drop(self, item: ItemId) -> None:
        """Do not have an item any more, at once. One caller at a time."""
        if item not in self._items:
            return
        others = [one for one in self._items.values() if one.id != item]
        recordings = {known: recording for known, recording in self._recordings.items() if known != item}
        self._take(others, recordings, self._artwork)
        self._index.delete([item])

    def fill(self, on_progress: Progress) -> None:
        """Bring the index in line with the items; what has not changed is left alone."""
        self._index.upsert((self._document(item) for item in self._items.values()), on_progress=on_progress)
        self._index.delete_where(Not(AnyOf("id", tuple(self._items))))

    def _take(self, items: Collection[Item], recordings: Mapping[str, Recording], artwork: Mapping[str, str]) -> None:
        self._recordings, self._artwork = recordings, artwork
        self._moods = {mood for item in items for mood in item.moods}
        self._items = {item.id: _as_recorded(item, recordings.get(item.id)) for item in items}

    def close(self) -> None:
        """Close the index."""
        self._index.close()

    async def find(self, wanted: Wanted, within: Sequence[ItemId] = ()) -> Found:
        """Search for what was asked, `within` these items if any are given.

        Conditions that nothing meets are dropped one after the other.
        """
        return await asyncio.to_thread(self._find, wanted, tuple(within))

    async def find_called(self, said: str) -> Found | None:
        """What the whole utterance is the name of; None if it names nothing."""
        named = await asyncio.to_thread(link_whole, self._index, said)
        return await self.find(named) if named else None

    def card(self, item: Item) -> Card:
        """The item as it is shown."""
        return Card(
            item=item.id,
            title=item.title,
            subtitle=" · ".join(part for part in (item.creator, item.series) if part),
            description=item.description,
            kind=item.kind_name,
            medium=item.medium,
            image_url=self._image_url(item),
            duration_ms=item.duration_s * 1000,
            published=item.published.isoformat(),
            playable=item.id in self._recordings,
        )

    def artwork(self, item: ItemId) -> str | None:
        """The SHA-256 of the item's picture, if it came with one."""
        return self._artwork.get(item)

    def _image_url(self, item: Item) -> str:
        if picture := self._artwork.get(item.id):
            return f"/media/covers/{item.id}.{picture[:12]}.jpg"
        return f"/media/covers/{item.id}.svg"

    def recording(self, item: ItemId) -> Recording | None:
        """The item's recording, if there is one."""
        return self._recordings.get(item)

    def scenes(self, item: ItemId) -> Sequence[Scene]:
        """The scenes of the item's video; none of sound alone."""
        recording = self._recordings.get(item)
        return recording.scenes if recording else ()

    def play(self, item: Item, begin_ms: int = 0) -> Play:
        """The directive that plays the item; it must have a recording."""
        recording = self._recordings[item.id]
        return Play(
            item=item.id,
            title=item.title if recording.complete else f"{item.title} (preview)",
            creator=item.creator,
            url=f"/media/recordings/{recording.name}",
            medium="video" if recording.media_type.startswith("video/") else "audio",
            image_url=self._image_url(item),
            begin_ms=begin_ms,
        )

    def _find(self, wanted: Wanted, within: tuple[ItemId, ...]) -> Found:
        started = time.perf_counter()
        named, words = resolve(self._index, wanted)
        conditions = _conditions(wanted, named)
        if within:
            conditions["within"] = AnyOf("id", within)
        if wanted.mood and wanted.mood not in self._moods:
            del conditions["mood"]
            words = f"{wanted.mood} {words}".strip()
        unnamed = bool(words) or wanted.is_empty
        if not words and not wanted.is_narrowed:
            # Beside a title, what is like it; for nothing in particular, whatever the utterance says.
            words = wanted.title or ("" if named else wanted.said)
        results, dropped = self._relaxing(wanted, words, conditions)
        called = [one for one in _called(named) if one in within or not within]
        about = [hit.id for hit in results.hits if not words or _is_about(hit)]
        nearest = [hit.id for hit in results.hits[:1]]
        ids = list(dict.fromkeys([*called, *about])) or nearest
        items = tuple(self._items[one] for one in ids if one in self._items)
        return Found(
            items,
            tuple(dropped),
            bool(called or about),
            {"search": (time.perf_counter() - started) * 1000},
            linked=tuple(name.score for name in named.values()),
            meaning=_meaning(results, about) if words and unnamed else None,
        )

    def _relaxing(self, wanted: Wanted, text: str, conditions: dict[str, Filter]) -> tuple[Results, list[str]]:
        """Search, dropping one condition after the other until something is found."""
        dropped: list[str] = []
        results = self._search(wanted, text, conditions)
        for name in RELAXING:
            if results.hits:
                break
            if conditions.pop(name, None):
                dropped.append(name)
                results = self._search(wanted, text, conditions)
        return results, dropped

    def _search(self, wanted: Wanted, text: str, conditions: Mapping[str, Filter]) -> Results:
        filters = tuple(conditions.values())
        age = wanted.age or ("newest" if "series" in conditions and not text else None)
        sort = None
        if age:
            sort = Sort("published", descending=age == "newest")
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
            chunks=windows([Chunk(segment.text, segment.start_ms, segment.end_ms) for segment in chunks]),
        )


def _as_recorded(item: Item, recording: Recording | None) -> Item:
    """An item that is read out in full is as long as its recording."""
    if recording is None or not recording.complete:
        return item
    return item.model_copy(update={"duration_s": max(1, round(recording.duration_ms / 1000))})


def _conditions(wanted: Wanted, named: Mapping[NameField, Named]) -> dict[str, Filter]:
    """What every result has to meet, by name."""
    conditions: dict[str, Filter] = {
        field: AnyOf(field, named[field].values) for field in ("creator", "series") if field in named
    }
    if wanted.mood:
        conditions["mood"] = Equals("moods", wanted.mood)
    if wanted.kind:
        conditions["kind"] = Equals("kind", wanted.kind.value)
    if wanted.medium:
        conditions["medium"] = Equals("medium", wanted.medium)
    length = wanted.length
    if length.at_least_s is not None or length.at_most_s is not None:
        conditions["length"] = Range("duration_s", length.at_least_s, length.at_most_s)
    if wanted.since or wanted.until:
        conditions["published"] = Range("published", wanted.since, wanted.until)
    return conditions


def _called(named: Mapping[NameField, Named]) -> tuple[ItemId, ...]:
    """The item that was called by its title, if one was."""
    return named["title"].items[:1] if "title" in named else ()


def _meaning(results: Results, about: Sequence[ItemId]) -> float:
    return next((hit.explanation.meaning.raw for hit in results.hits if hit.id in about), 0.0)


def _is_about(hit: Hit) -> bool:
    """Whether a result is about what was asked, rather than merely the nearest there is."""
    meaning = hit.explanation.meaning.raw
    if hit.explanation.words.raw > 0:
        return meaning >= MEANING_WITH_WORDS
    # A sentence in passing may come close to anything; without one of the words, the item itself has to.
    return hit.chunk is None and meaning >= MEANING_CERTAIN

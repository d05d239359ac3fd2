"""The media catalogue in the semantic index: filling it, and finding what a listener asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence

from search_index import (
    AnyOf,
    BooleanField,
    Chunk,
    DateField,
    Document,
    Index,
    KeywordField,
    Not,
    NumberField,
    Progress,
    Query,
    Results,
    Schema,
    TextField,
    windows,
)
from skills.media.catalogue import Item
from skills.media.channels import ChannelKind, Channels, channel_id
from skills.media.finding import Finder, Found
from skills.media.links import recording_path
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
        "language": KeywordField(),
        "published": DateField(),
        "duration_s": NumberField(),
        "popularity": NumberField(),
        "complete": BooleanField(),
    },
)


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

    @property
    def channels(self) -> Channels:
        """What can be followed."""
        return self._channels

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
        self._items = {item.id: _as_recorded(item, recordings.get(item.id)) for item in items}
        self._finder = Finder(self._index, self._items)
        self._channels = Channels(self._items.values())

    def close(self) -> None:
        """Close the index."""
        self._index.close()

    async def find(self, wanted: Wanted, within: Sequence[ItemId] = ()) -> Found:
        """Search for what was asked, `within` these items if any are given; see `Finder`."""
        return await asyncio.to_thread(self._finder.find, wanted, tuple(within))

    async def find_called(self, said: str, within: Sequence[ItemId] = ()) -> Found | None:
        """What the whole utterance is the name of, `within` these items if any are given; None if it names nothing."""
        named = await asyncio.to_thread(link_whole, self._index, said)
        return await self.find(named, within) if named else None

    async def named(self, wanted: Wanted) -> Mapping[NameField, Named]:
        """What the names of a request are in the catalogue."""
        named, _ = await asyncio.to_thread(resolve, self._index, wanted)
        return named

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
            channel=channel_id(ChannelKind.CREATOR, item.creator),
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

    def search(self, query: Query) -> Results:
        """What the index has for a query of one's own; it blocks, so call it in a thread."""
        return self._index.search(query)

    def scenes(self, item: ItemId) -> Sequence[Scene]:
        """The scenes of the item's video; none of sound alone."""
        recording = self._recordings.get(item)
        return recording.scenes if recording else ()

    def play(self, item: Item, begin_ms: int = 0, duration_ms: int | None = None) -> Play:
        """The directive that plays the item from there, to its end or that long; it must have a recording."""
        recording = self._recordings[item.id]
        return Play(
            item=item.id,
            title=item.title if recording.complete else f"{item.title} (preview)",
            creator=item.creator,
            url=recording_path(recording),
            medium="video" if recording.media_type.startswith("video/") else "audio",
            image_url=self._image_url(item),
            begin_ms=begin_ms,
            duration_ms=duration_ms,
            channel=channel_id(ChannelKind.CREATOR, item.creator),
        )

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
                "language": item.language,
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

"""What was imported, as the library takes it: items, and the recordings that can be played of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import overload

from skills.media.catalogue import Item
from skills.media.content import ContentStore
from skills.media.errors import ContentError
from skills.media.importing.plan import StepName, browser_type
from skills.media.recordings import Recording, Segment
from skills.media.shelf import Held, Role, Shelf
from skills.media.slides.scene import Scene, read_scenes

_ENDINGS = {
    "audio/mpeg": "mp3", "audio/mp4": "m4a", "audio/ogg": "ogg", "audio/flac": "flac", "audio/wav": "wav",
    "audio/aac": "aac", "audio/webm": "weba", "video/mp4": "mp4", "video/webm": "webm",
}  # fmt: skip


@dataclass(frozen=True)
class Imported:
    """Everything that listeners can find, as it was at a revision; `artwork` are SHA-256 of pictures by item."""

    items: Sequence[Item]
    recordings: Mapping[str, Recording]
    artwork: Mapping[str, str]
    revision: int


def read_imported(shelf: Shelf, store: ContentStore) -> Imported:
    """All that is on the shelf and visible; transcripts stay there until they are asked for."""
    revision = shelf.revision()
    items: list[Item] = []
    recordings: dict[str, Recording] = {}
    artwork: dict[str, str] = {}
    for held in shelf.held(only_visible=True):
        item = held.item
        if item is None:
            continue
        items.append(item)
        if recording := recording_of(held, shelf, store):
            recordings[item.id] = recording
        if Role.ARTWORK in held.files:
            artwork[item.id] = held.files[Role.ARTWORK].sha256
    return Imported(items, recordings, artwork, revision)


def recording_of(held: Held, shelf: Shelf, store: ContentStore) -> Recording | None:
    """What is played of an item, also of a draft: the form that is as loud as all others, or the original.

    None where browsers play neither, or it is lost.
    """
    probe = held.steps.get(StepName.PROBE)
    playable, original = held.files.get(Role.PLAYABLE), held.files.get(Role.ORIGINAL)
    file, media_type = (playable, playable.media_type) if playable else (original, browser_type(probe))
    if file is None or probe is None or not media_type:
        return None
    try:
        path = store.find(file.sha256).path
    except ContentError:  # lost from the disk: nothing is claimed that cannot be played
        return None
    identity = held.found.id
    return Recording(
        item=identity,
        path=path,
        duration_ms=probe.result["duration_ms"],
        complete=True,
        segments=ShelfSegments(shelf, identity),
        media_type=media_type,
        served_as=f"{identity}.{file.sha256[:12]}.{_ENDINGS[media_type]}",
        scenes=StoredScenes(store, held.files[Role.SLIDES].sha256) if Role.SLIDES in held.files else (),
        pictures=store,
    )


class ShelfSegments(Sequence[Segment]):
    """What is said in an item, read from the shelf when it is looked at: thousands of transcripts fill no memory."""

    def __init__(self, shelf: Shelf, item: str) -> None:
        self._shelf, self._item = shelf, item

    def __iter__(self) -> Iterator[Segment]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())

    @overload
    def __getitem__(self, index: int) -> Segment: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Segment]: ...
    def __getitem__(self, index: int | slice) -> Segment | Sequence[Segment]:
        return self._read()[index]

    def _read(self) -> tuple[Segment, ...]:
        return tuple(
            Segment(one.start_ms, one.end_ms, one.speaker, one.text) for one in self._shelf.segments(self._item)
        )


class StoredScenes(Sequence[Scene]):
    """The scenes of an item, read from the store when they are looked at; none where they have been lost there."""

    def __init__(self, store: ContentStore, sha256: str) -> None:
        self._store, self._sha256 = store, sha256

    def __iter__(self) -> Iterator[Scene]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())

    @overload
    def __getitem__(self, index: int) -> Scene: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Scene]: ...
    def __getitem__(self, index: int | slice) -> Scene | Sequence[Scene]:
        return self._read()[index]

    def _read(self) -> tuple[Scene, ...]:
        try:
            return read_scenes(self._store.find(self._sha256).path.read_bytes())
        except (ContentError, FileNotFoundError):
            return ()

from collections.abc import Collection, Iterator
from pathlib import Path

import pytest

from assistant.follows import KeptFollows
from assistant.paths import DataPaths
from assistant.playlists import KeptPlaylists
from assistant.storage.store import Store
from search_index import Index, open_encoder
from skills.media.actions import MediaActions
from skills.media.catalogue import demo_items
from skills.media.library import SCHEMA, MediaLibrary
from skills.media.notes import Notes
from skills.media.places import Place
from skills.media.recordings import Recording, Segment
from skills.media.slides.scene import Scene
from skills.message import ItemId
from tests.service.running import DATA


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MediaLibrary]:
    """The whole demo catalogue in a real index; every item has a recording but one."""
    items = demo_items()
    recordings = {
        item.id: Recording(
            item=item.id,
            path=Path(f"/nowhere/{item.id}.0.mp3"),
            duration_ms=60_000,
            complete=bool(item.transcript),
            segments=tuple(
                Segment(1000 * n, 1000 * n + 900, said.speaker, said.text) for n, said in enumerate(item.transcript)
            ),
            scenes=tuple(
                Scene(1000 * n, 1000 * n + 1000, 1000 * n + 500, "0" * 64, said.text)
                for n, said in enumerate(item.transcript)
                if item.medium == "video"
            ),
        )
        for item in items
        if item.id != UNRECORDED
    }
    encoder = open_encoder("minilm", DataPaths(DATA).encoder)
    index = Index.open(tmp_path_factory.mktemp("media") / "index", SCHEMA, encoder)
    library = MediaLibrary(index, items, recordings)
    library.fill(lambda _done, _of: None)
    yield library
    library.close()


UNRECORDED = "tin-observatory-02"


class LeftOff:
    """Where listeners have left off, as a test has it."""

    def __init__(self) -> None:
        self.places: dict[str, Place] = {}
        self.heard: set[tuple[str, ItemId]] = set()

    async def latest(self, listener: str) -> Place | None:
        return self.places.get(listener)

    async def finished(self, listener: str, items: Collection[ItemId]) -> Collection[ItemId]:
        return {item for heard_by, item in self.heard if heard_by == listener} & {*items}


@pytest.fixture
def left_off() -> LeftOff:
    return LeftOff()


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = Store(f"sqlite:///{tmp_path_factory.mktemp('notes') / 'sori.db'}")
    yield store
    store.close()


@pytest.fixture(scope="session")
def follows(store: Store) -> KeptFollows:
    return KeptFollows(store)


@pytest.fixture
def notes(left_off: LeftOff, follows: KeptFollows, store: Store) -> Notes:
    return Notes(left_off, follows, KeptPlaylists(store))


@pytest.fixture
def actions(library: MediaLibrary, notes: Notes) -> MediaActions:
    return MediaActions(library, notes)

"""What players draw of an item: from the shelf, from beside the demo's recordings, and never a stranger's picture."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path

import pytest

from assistant.storage.store import Store
from skills.media.captions import read_captions
from skills.media.catalogue import Details, Item
from skills.media.content import ContentStore
from skills.media.feeds import Chapter
from skills.media.recordings import Recording, Segment
from skills.media.shelf import Found, Links, Role, Shelf, Step, StoredFile
from skills.media.slides.scene import Scene
from skills.media.timeline import Timelines, picture, vtt
from skills.turn import MediaKind
from tests.media.recordings import a_tone, write_sound

DETAILS = Details(
    id="storms", kind=MediaKind.PODCAST, medium="audio", title="Storms", creator="Ada", published=date(2024, 5, 6)
)
SAID = (Segment(0, 900, "Ada -->", "Hello  there."), Segment(900, 2_000, "", "<b>Lightning</b> &\nthunder."))


@pytest.fixture
def store(tmp_path: Path) -> ContentStore:
    return ContentStore(tmp_path / "media")


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    database = Store(f"sqlite:///{tmp_path / 'sori.db'}")
    yield Shelf(database.engine)
    database.close()


@pytest.fixture
def recording(tmp_path: Path) -> Recording:
    path = tmp_path / "storms.123456789abc.mp3"
    write_sound(path, a_tone(2))
    return Recording("storms", path, 2_000, True, SAID)


def test_an_imported_items_come_from_the_shelf(shelf: Shelf, store: ContentStore, recording: Recording) -> None:
    shelf.take(shelf.source("s", "feed", "a").id, [Found(DETAILS, Links(), "item 1")])
    chapters = [
        Chapter(0, "Clouds"),
        Chapter(500, "A picture", listed=False),
        Chapter(900, "Thunder", url="https://a.example/b"),
    ]
    kept = {
        Role.PEAKS: store.put(json.dumps([1, 255]).encode()),
        Role.CHAPTERS: store.put(
            json.dumps([asdict(one) for one in [*chapters, Chapter(2_000, "Past the end")]]).encode()
        ),
    }
    files = [StoredFile(role, one.sha256, "application/json", one.size) for role, one in kept.items()]
    shelf.record("storms", "chapters", Step("f", {}), files)
    timeline = Timelines(shelf, store).of(recording)
    assert (timeline.spoken, list(timeline.peaks)) == (True, [1, 255])
    assert list(timeline.chapters) == [chapters[0], chapters[2]]

    kept[Role.PEAKS].path.write_text("[1, ")
    kept[Role.CHAPTERS].path.unlink()
    timeline = Timelines(shelf, store).of(recording)
    assert (list(timeline.peaks), list(timeline.chapters)) == ([], []), "what is lost is left out"


def test_the_outline_of_the_demos_recordings_is_made_once(
    shelf: Shelf, store: ContentStore, recording: Recording
) -> None:
    timelines = Timelines(shelf, store)
    peaks = timelines.of(recording).peaks
    assert len(peaks) == pytest.approx(40, abs=2)
    assert max(peaks) == pytest.approx(25, abs=3)
    kept = recording.path.with_suffix(".peaks")
    kept.write_text("[7]")
    assert list(timelines.of(recording).peaks) == [7]
    kept.write_text("[7")
    assert timelines.of(recording).peaks == peaks
    assert sorted(path.name for path in kept.parent.glob("storms*")) == [recording.path.name, kept.name]
    kept.unlink()
    recording.path.write_text("no sound")
    assert list(timelines.of(recording).peaks) == []


def test_captions_read_back_as_what_was_said(recording: Recording) -> None:
    item = Item(**DETAILS.model_dump(exclude={"duration_s"}), duration_s=2)
    read = read_captions(vtt(item, recording).encode()).transcript
    assert read.language == "en"
    assert [(one.start_ms, one.end_ms, one.text) for one in read.segments] == [
        (0, 900, "Hello there."), (900, 2_000, "<b>Lightning</b> & thunder."),
    ]  # fmt: skip
    assert [one.speaker for one in read.segments] == ["Ada -->", ""]


def test_only_the_pictures_of_its_own_scenes_are_an_items(store: ContentStore, recording: Recording) -> None:
    own, others = store.put(b"own"), store.put(b"others")
    scenes = (Scene(0, 900, 400, own.sha256, "Hello there."), Scene(900, 2_000, 1_000, "0" * 64, ""))
    film = replace(recording, scenes=scenes, pictures=store)
    assert picture(film, own.sha256) == own.path
    for image in (others.sha256, "0" * 64, "", "../storms", own.sha256.upper()):
        assert picture(film, image) is None
    assert picture(recording, own.sha256) is None

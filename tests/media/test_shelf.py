"""What the shelf keeps, on SQLite and on a real PostgreSQL alike."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from assistant.storage.store import Store
from skills.media.captions import Segment, Transcript, Word
from skills.media.catalogue import Details
from skills.media.errors import ShelfError
from skills.media.feeds import Problem
from skills.media.shelf import Found, Link, Links, Origin, Role, Shelf, Step, StoredFile
from skills.turn import MediaKind


@pytest.fixture(params=["sqlite", "postgresql"])
def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shelf]:
    url = f"sqlite:///{tmp_path / 'sori.db'}" if request.param == "sqlite" else request.getfixturevalue("postgres")
    store = Store(url)
    yield Shelf(store.engine)
    store.close()


def found(identity: str, title: str = "Storms \U0001f329") -> Found:
    details = Details(
        id=identity, kind=MediaKind.PODCAST, medium="audio", title=title, creator="Ada", published=date(2024, 5, 6)
    )
    return Found(details, Links(recording=Link(address="https://example.org/a.mp3")), "item 1")


SAID = Transcript(
    (Segment(0, 900, "Ada", "Hello there.", (Word("Hello", 0, 400, 0.5), Word("there.", 400, 900))),), "en"
)
SOUND = StoredFile(Role.ORIGINAL, "a" * 64, "audio/mpeg", 5_000_000_000)


def test_what_was_taken_is_there_as_it_was(shelf: Shelf) -> None:
    source = shelf.source("s1", "feed", "https://example.org/feed")
    shelf.take(source.id, [found("i1")], visible={"i1"})
    held = shelf.item("i1")
    assert (held.found, held.visible, held.item) == (found("i1"), True, None)
    assert shelf.known(["i1", "nobody"]) == {"i1": ("s1", found("i1").fingerprint)}


def test_taking_again_replaces_and_keeps_files_steps_and_whether_it_is_visible(shelf: Shelf) -> None:
    source = shelf.source("s2", "feed", "a")
    shelf.take(source.id, [found("i2")], visible={"i2"})
    step = Step("f" * 64, {"bytes": 5})
    shelf.record("i2", "fetch", step, [SOUND], transcript=(Origin.GIVEN, SAID))
    shelf.take(source.id, [found("i2", "Other storms")])
    held = shelf.item("i2")
    assert held.found.details.title == "Other storms"
    assert (held.visible, held.files, held.steps, held.origin) == (
        True, {Role.ORIGINAL: SOUND}, {"fetch": step}, Origin.GIVEN,
    )  # fmt: skip


def test_a_transcript_comes_back_word_for_word(shelf: Shelf) -> None:
    shelf.take(shelf.source("s3", "feed", "a").id, [found("i3")])
    shelf.record("i3", "captions", Step("f", {}), transcript=(Origin.RECOGNISED, SAID))
    assert shelf.transcript("i3") == (Origin.RECOGNISED, SAID)
    better = Transcript((Segment(0, 900, "Ada", "Hello, there."),), "en")
    shelf.correct("i3", better)
    assert shelf.transcript("i3") == (Origin.CORRECTED, better)


def test_nobody_corrects_what_is_not_there(shelf: Shelf) -> None:
    revision = shelf.revision()
    with pytest.raises(ShelfError) as caught:
        shelf.correct("nobody", SAID)
    assert (caught.value.code, shelf.revision(), shelf.transcript("nobody")) == ("item_unknown", revision, None)


def test_every_change_that_listeners_could_notice_is_a_new_revision(shelf: Shelf) -> None:
    source = shelf.source("s4", "feed", "a")
    seen = [shelf.revision()]
    shelf.take(source.id, [found("i4")])
    seen.append(shelf.revision())
    shelf.record("i4", "fetch", Step("f", {}), [SOUND])
    seen.append(shelf.revision())
    shelf.show("i4", visible=True)
    seen.append(shelf.revision())
    shelf.correct("i4", SAID)
    seen.append(shelf.revision())
    assert seen == sorted(set(seen))
    shelf.record("i4", "probe", Step("f", {}, "recording_empty", "no sound"))
    assert shelf.revision() == seen[-1]


def test_items_come_in_batches_and_each_once(shelf: Shelf) -> None:
    source = shelf.source("s5", "catalogue", "a")
    shelf.take(source.id, [found(f"many-{number:04}") for number in range(450)], visible={"many-0003"})
    assert [held.found.id for held in shelf.held(source.id)] == [f"many-{number:04}" for number in range(450)]
    assert [held.found.id for held in shelf.held(source.id, only_visible=True)] == ["many-0003"]
    assert shelf.count(source.id) == 450


def test_problems_are_those_of_the_last_reading(shelf: Shelf) -> None:
    source = shelf.source("s6", "feed", "a")
    shelf.finish(
        source, [Problem("item 1", "title_missing", "none"), Problem("item 2", "item_repeated", "x", fatal=True)]
    )
    shelf.finish(source, [Problem("item 3", "date_invalid", "none")])
    assert shelf.problems("s6") == [Problem("item 3", "date_invalid", "none")]


def test_many_writers_at_once_lose_nothing(shelf: Shelf) -> None:
    source = shelf.source("s7", "feed", "a")
    before = shelf.revision()
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda number: shelf.take(source.id, [found(f"at-once-{number}")]), range(24)))
    assert shelf.count(source.id) == 24
    assert shelf.revision() == before + 24

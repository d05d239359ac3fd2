"""Uploads: every byte once and in order, whatever breaks; then a draft; and nothing is left of what was removed."""

import base64
import hashlib
import json
import os
import time
from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.storage.store import Store
from skills.media.captions import Segment, Transcript
from skills.media.content import ContentStore
from skills.media.errors import ContentError, ShelfError, UploadError
from skills.media.garbage import contents_of, tidy
from skills.media.importing import Options
from skills.media.importing.plan import StepName, expected, is_visible
from skills.media.importing.progress import State, progress
from skills.media.shelf import Origin, Role, Shelf, Step, StoredFile
from skills.media.uploads import Upload, Uploads, note, read_checksum, read_length, read_metadata
from skills.media.uploads.arriving import KEPT_S, UNFINISHED_MAX

NOW = time.time()
TODAY = date(2024, 5, 6)
BYTES = st.binary(min_size=1, max_size=200)


@pytest.fixture
def store(tmp_path: Path) -> ContentStore:
    return ContentStore(tmp_path / "media")


@pytest.fixture
def uploads(store: ContentStore) -> Uploads:
    return Uploads(store, 1_000_000)


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    database = Store(f"sqlite:///{tmp_path / 'sori.db'}")
    yield Shelf(database.engine)
    database.close()


def send(uploads: Uploads, upload: Upload, offset: int, piece: bytes) -> None:
    with uploads.arriving(upload, offset) as arriving:
        arriving.write(piece)


def sent(uploads: Uploads, content: bytes, metadata: dict[str, str] | None = None) -> Upload:
    upload = uploads.create("Ada", len(content), metadata or {}, NOW)
    send(uploads, upload, 0, content)
    return uploads.find(upload.id, NOW)


class SenderLeftError(Exception):
    """The connection broke in the middle of a piece."""


def send_and_leave(uploads: Uploads, upload: Upload, offset: int, piece: bytes) -> None:
    with uploads.arriving(upload, offset) as arriving:
        arriving.write(piece)
        raise SenderLeftError


def send_checked(uploads: Uploads, upload: Upload, offset: int, piece: bytes, sha1: bytes) -> None:
    checksum = read_checksum(f"sha1 {base64.b64encode(sha1).decode()}")
    assert checksum is not None
    with uploads.arriving(upload, offset) as arriving:
        arriving.write(piece)
        arriving.check(checksum)


@settings(max_examples=40, deadline=None)  # each piece is flushed to the disk, which may be slow
@given(content=BYTES, data=st.data())
def test_what_has_come_stays_and_all_of_it_is_what_was_sent(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, data: st.DataObject
) -> None:
    """Through broken connections, wrong offsets, refused checksums and restarts of the service."""
    store = ContentStore(tmp_path_factory.mktemp("media"))
    uploads = Uploads(store, 1_000)
    upload = uploads.create("Ada", len(content), {}, NOW)
    while (offset := uploads.find(upload.id, NOW).offset) < len(content):
        piece = content[offset : offset + data.draw(st.integers(1, 80))]
        match data.draw(st.sampled_from(["whole", "whole", "broken", "elsewhere", "damaged", "restart"])):
            case "whole":
                send(uploads, upload, offset, piece)
            case "broken":
                kept = data.draw(st.integers(0, len(piece)))
                with pytest.raises(SenderLeftError):
                    send_and_leave(uploads, upload, offset, piece[:kept])
                assert uploads.find(upload.id, NOW).offset == offset + kept
            case "elsewhere":
                wrong = data.draw(st.integers(0, len(content)).filter(lambda other: other != offset))
                with pytest.raises(UploadError, match="go on from there"):
                    send(uploads, upload, wrong, b"x")
            case "damaged":
                with pytest.raises(UploadError, match="send it again"):
                    send_checked(uploads, upload, offset, piece, hashlib.sha1(piece + b"x").digest())
                assert uploads.find(upload.id, NOW).offset == offset
            case "restart":
                uploads = Uploads(store, 1_000)
    stored = uploads.complete(uploads.find(upload.id, NOW))
    assert stored.path.read_bytes() == content
    assert stored.sha256 == hashlib.sha256(content).hexdigest()
    assert uploads.find(upload.id, NOW).is_complete


def test_one_connection_sends_at_a_time_and_no_more_than_was_promised(uploads: Uploads) -> None:
    upload = uploads.create("Ada", 4, {}, NOW)
    with uploads.arriving(upload, 0) as arriving:
        with pytest.raises(UploadError) as busy, uploads.arriving(upload, 0):
            pass
        with pytest.raises(UploadError) as larger:
            arriving.write(b"12345")
    assert (busy.value.code, busy.value.retryable, larger.value.code) == ("upload_busy", True, "upload_too_large")
    assert uploads.find(upload.id, NOW).offset == 0


def test_what_cannot_be_taken_is_refused_before_it_is_sent(uploads: Uploads, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UploadError) as large:
        uploads.create("Ada", 1_000_001, {}, NOW)
    monkeypatch.setattr("skills.media.uploads.arriving.RESERVE", 1 << 62)
    with pytest.raises(UploadError) as full:
        uploads.create("Ada", 1, {}, NOW)
    monkeypatch.undo()
    for _ in range(UNFINISHED_MAX):
        uploads.create("Ada", 1, {}, NOW)
    with pytest.raises(UploadError) as many:
        uploads.create("Ada", 1, {}, NOW)
    uploads.create("Bo", 1, {}, NOW)
    codes = [error.value.code for error in (large, full, many)]
    assert codes == ["upload_too_large", "upload_full", "upload_too_many"]


def test_abandoned_uploads_go_away_and_names_are_no_paths(uploads: Uploads, store: ContentStore) -> None:
    upload = uploads.create("Ada", 4, {}, NOW)
    later = time.time() + KEPT_S + 1
    assert uploads.all(later) == []
    assert list(store.incoming.iterdir()) == []
    for identity in (upload.id, "../../secret", "*"):
        with pytest.raises(UploadError) as unknown:
            uploads.find(identity, NOW)
        assert unknown.value.code == "upload_unknown"


@given(st.text(max_size=300))
def test_headers_of_any_kind_are_read_or_refused(text: str) -> None:
    """Whatever comes, there is no other error."""
    refused = []
    for read in (read_metadata, read_checksum, partial(read_length, name="Upload-Length")):
        try:
            read(text)
        except UploadError as error:
            refused.append(error.code)
    assert set(refused) <= {"upload_invalid"}


@given(st.dictionaries(st.from_regex(r"[a-z_]{1,20}", fullmatch=True), st.text(max_size=40), max_size=10))
def test_metadata_read_as_they_were_written(metadata: dict[str, str]) -> None:
    pairs = ",".join(
        f"{key} {base64.b64encode(value.encode('utf-8', 'replace')).decode()}" for key, value in metadata.items()
    )
    found = read_metadata(pairs)
    assert set(found) == set(metadata)
    assert all(" ".join(found[key].split()) == found[key] for key in found)


def test_a_kill_while_an_upload_becomes_an_item_costs_nothing(
    uploads: Uploads, store: ContentStore, shelf: Shelf
) -> None:
    """At each of its steps: after the hash was noted, after the file was moved, after the item was noted."""
    content = b"a recording"
    upload = sent(uploads, content, {"filename": "My_talk.mp4"})
    stored = uploads.complete(upload)
    again = Uploads(store, 1_000)
    assert again.complete(again.find(upload.id, NOW)) == stored
    for _ in range(2):
        assert note(again.find(upload.id, NOW), stored, shelf, TODAY) == upload.id
    [held] = shelf.held()
    assert (held.found.id, held.found.details.title, held.found.details.creator) == (upload.id, "My talk", "Ada")
    assert (held.found.details.medium, held.draft, held.visible) == ("video", True, False)
    again.settle(upload)
    assert again.find(upload.id, NOW).settled


def test_a_draft_is_never_visible_and_its_steps_are_told_as_they_pass(
    uploads: Uploads, shelf: Shelf, store: ContentStore
) -> None:
    upload = sent(uploads, b"sound", {"title": "Storms", "filename": "a.mp3"})
    note(upload, uploads.complete(upload), shelf, TODAY)
    options = Options(store=store.incoming)
    before = shelf.item(upload.id)
    assert [step.step for step in progress(before, options)] == ["fetch", "probe", "loudness", "peaks", "captions"]
    assert {step.state for step in progress(before, options)} == {State.WAITING}
    told = {"duration_ms": 3000, "medium": "audio", "video_codec": "", "audio_codec": "mp3", "container": "mp3"}
    told |= {"has_artwork": False, "details": {}}
    fetch = Step(expected(StepName.FETCH, before, options), {"bytes": 5})
    shelf.record(upload.id, "fetch", fetch, [StoredFile(Role.ORIGINAL, upload.sha256 or "a" * 64, "", 5)])
    shelf.record(upload.id, "probe", Step(expected(StepName.PROBE, shelf.item(upload.id), options), told))
    broken = Step(
        expected(StepName.LOUDNESS, shelf.item(upload.id), options), {}, "recording_silent", "Nothing to hear"
    )
    shelf.record(upload.id, "loudness", broken)
    held = shelf.item(upload.id)
    shown = {step.step: (step.state, step.done_s) for step in progress(held, options, (StepName.CAPTIONS, 2.0))}
    assert shown[StepName.PROBE] == (State.DONE, 0.0)
    assert shown[StepName.LOUDNESS] == (State.FAILED, 0.0)
    assert shown[StepName.CAPTIONS] == (State.WORKING, 2.0)
    assert not is_visible(held, options)
    assert is_visible(held.published, options)
    shelf.publish(upload.id, visible=True)
    assert shelf.item(upload.id).visible


def said(text: str) -> Transcript:
    return Transcript((Segment(0, 1000, "", text),), "en")


def test_two_editors_do_not_overwrite_each_other_and_no_import_overwrites_them(uploads: Uploads, shelf: Shelf) -> None:
    upload = sent(uploads, b"sound")
    note(upload, uploads.complete(upload), shelf, TODAY)
    with pytest.raises(ShelfError) as nothing_there:
        shelf.correct(upload.id, said("one"), expected="f" * 64)
    shelf.correct(upload.id, said("one"), expected="")
    with pytest.raises(ShelfError) as changed:
        shelf.correct(upload.id, said("two"), expected="")
    shelf.record(upload.id, "captions", Step("f", {}), transcript=(Origin.RECOGNISED, said("three")))
    assert nothing_there.value.code == changed.value.code == "transcript_changed"
    assert shelf.transcript(upload.id) == (Origin.CORRECTED, said("one"))


def test_what_is_removed_is_gone_with_what_nobody_else_has(uploads: Uploads, shelf: Shelf, store: ContentStore) -> None:
    shared, own, frame = store.put(b"shared"), store.put(b"own"), store.put(b"key frame")
    slides = store.put(json.dumps([{"start_ms": 0, "end_ms": 1, "image": frame.sha256}]).encode())
    items = []
    for text in (b"first", b"second"):
        upload = sent(uploads, text)
        items.append(note(upload, uploads.complete(upload), shelf, TODAY))
        file = StoredFile(Role.PEAKS, shared.sha256, "application/json", 6)
        shelf.record(upload.id, "peaks", Step("f", {}), [file])
    mine = [StoredFile(Role.ARTWORK, own.sha256, "image/jpeg", 3)]
    shelf.record(items[0], "artwork", Step("f", {}), [*mine, StoredFile(Role.SLIDES, slides.sha256, "", 3)])
    everything, revision = {stored.sha256 for stored, _ in store.contents()}, shelf.revision()
    assert tidy(shelf, store, time.time() + 1).contents == 0
    unwanted = contents_of(items[0], shelf, store)
    shelf.remove(items[0])
    assert tidy(shelf, store, time.time() + 1, unwanted).contents == 4
    left = {stored.sha256 for stored, _ in store.contents()}
    assert everything - left == unwanted - {shared.sha256} >= {own.sha256, slides.sha256, frame.sha256}
    assert shelf.revision() > revision
    for late in (lambda: shelf.record(items[0], "probe", Step("f", {})), lambda: shelf.item(items[0])):
        with pytest.raises(ShelfError) as gone:
            late()
        assert gone.value.code == "item_unknown"


def test_what_was_put_there_lately_is_not_taken_for_garbage(store: ContentStore, shelf: Shelf) -> None:
    """A worker may be about to note it."""
    old, new = store.put(b"old"), store.put(b"new")
    assert tidy(shelf, store, time.time() - 60).contents == 0
    for stored in (old, new):
        os.utime(stored.path, (0, 0))
    store.put(b"new")
    assert tidy(shelf, store, time.time() - 60).contents == 1
    assert store.find(new.sha256)
    with pytest.raises(ContentError):
        store.find(old.sha256)

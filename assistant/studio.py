"""What creators do with their own items: bring them in, describe, correct and publish them, and take them away."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import structlog
from pydantic import ValidationError

from assistant.errors import ServiceError
from assistant.importer import Importer
from assistant.paths import DataPaths
from assistant.settings import Settings
from assistant.storage.api_keys import ApiKeys
from assistant.storage.store import Store
from skills.media.captions import Captions, Segment, Transcript, read_captions
from skills.media.catalogue import Details
from skills.media.content import ContentStore
from skills.media.errors import MediaError, ShelfError
from skills.media.garbage import contents_of
from skills.media.images import read_info
from skills.media.importing.plan import is_visible
from skills.media.shelf import Found, Held, Link, Shelf
from skills.media.shelf.records import CONTENT
from skills.media.uploads import Upload, Uploads, note
from skills.media.uploads.noting import KIND, source_id

log = structlog.get_logger(__name__)


class Studio:
    """Every method blocks, so call it from a thread. An item of somebody else's is not there: `item_unknown`."""

    def __init__(
        self, store: Store, shelf: Shelf, settings: Settings, paths: DataPaths, on_change: Callable[[str], None]
    ) -> None:
        """`on_change` is called with the id of an item that listeners are to find otherwise from now on, or not."""
        self._on_change = on_change
        self.keys = ApiKeys(store.engine)
        self.contents = ContentStore(paths.media)
        self.uploads = Uploads(self.contents, int(settings.media_upload_max_gb * 1e9))
        self.importer = Importer(shelf, settings, paths)
        self.shelf = shelf
        self._store = store

    def start(self) -> None:
        """Go on with what was left over when the service last stopped."""
        self.importer.start()
        for upload in self.uploads.all(time.time()):
            if upload.is_complete and not upload.settled:
                try:
                    self.settle(upload)
                except MediaError as error:  # its creator will see it, and the others are not held up
                    log.warning("an upload did not become an item", upload=upload.id, why=str(error))

    def stop(self) -> None:
        """End what is being done; nothing is lost."""
        self.importer.stop()

    def settle(self, upload: Upload) -> None:
        """An upload that is whole becomes an item, which has its id, and is taken through its steps."""
        with self.importer.settling:
            note(upload, self.uploads.complete(upload), self.shelf, datetime.now(UTC).date())
        self.uploads.settle(upload)
        self.importer.take([upload.id])

    def items(self, owner: str, limit: int, before: str) -> list[Held]:
        """So many of the creator's items, the newest first, from the one before that on."""
        return self.shelf.last(source_id(owner), limit, before)

    def own(self, owner: str, item: str) -> Held:
        """One of the creator's items; ShelfError(`item_unknown`)."""
        source = self.shelf.source_of(item)
        if source.kind != KIND or source.address != owner:
            raise ShelfError("item_unknown", f"You have no item {item[:120]!r}")
        return self.shelf.item(item)

    def describe(self, owner: str, item: str, change: Mapping[str, Any]) -> None:
        """Change details; ServiceError(`details_invalid`), naming the field."""
        held = self.own(owner, item)
        known = held.item or held.found.details
        try:
            details = Details.model_validate({**known.model_dump(exclude={"transcript"}), **change})
        except ValidationError as error:
            problem = error.errors()[0]
            raise ServiceError("details_invalid", f"{problem['loc'][0]}: {problem['msg']}", 422) from error
        links = held.found.links.model_copy(update={"tagged": False})
        self.shelf.describe(Found(details, links, held.found.place))
        self._on_change(item)
        self.importer.take([item])

    def publish(self, owner: str, item: str) -> None:
        """Let listeners find it: at once, or as soon as it can be played."""
        held = self.own(owner, item)
        self.shelf.publish(item, is_visible(held.published, self.importer.options))
        self._on_change(item)
        self.importer.take([item])  # which looks again: its last step may have ended just now

    def withdraw(self, owner: str, item: str) -> None:
        """Let nobody find it."""
        self.own(owner, item)
        self.shelf.withdraw(item)
        self._on_change(item)

    def picture(self, owner: str, item: str, content: bytes) -> None:
        """Give it a picture; ImageError."""
        held = self.own(owner, item)
        read_info(content)
        with self.importer.settling:
            link = Link(address=CONTENT + self.contents.put(content).sha256)
            links = held.found.links.model_copy(update={"artwork": link})
            self.shelf.describe(Found(held.found.details, links, held.found.place))
        self.importer.take([item])

    def correct(self, owner: str, item: str, transcript: Transcript, expected: str | None) -> None:
        """Replace what is said; `expected` is the tag of what was corrected. ShelfError(`transcript_changed`)."""
        held = self.own(owner, item)
        length_ms = _duration_ms(held)
        if length_ms is not None and transcript.segments and transcript.segments[-1].end_ms > length_ms:
            raise ServiceError("transcript_invalid", "The last segment ends after the recording.", 422)
        before = self.shelf.transcript(item)
        self.shelf.correct(item, _with_words(transcript, before[1]) if before else transcript, expected)
        self._on_change(item)

    def read_captions(self, owner: str, item: str, content: bytes, claimed: str) -> Captions:
        """What captions for an item say, in any form; CaptionError."""
        held = self.own(owner, item)
        language = held.found.details.language
        return read_captions(content, claimed=claimed, language=language, duration_ms=_duration_ms(held))

    def remove(self, owner: str, item: str) -> None:
        """Take it away from listeners and from the disk, and forget how far they were in it."""
        self.own(owner, item)
        unwanted = contents_of(item, self.shelf, self.contents)
        self.withdraw(owner, item)
        self.shelf.remove(item)
        self._store.forget_item(item)
        self.uploads.remove(item)
        self.importer.drop(item, unwanted)


def _duration_ms(held: Held) -> int | None:
    probe = held.steps.get("probe")
    return int(probe.result["duration_ms"]) if probe and not probe.code else None


def _with_words(corrected: Transcript, before: Transcript) -> Transcript:
    """Segments that stayed as they were keep the times of their words."""
    known = {(one.start_ms, one.end_ms, one.text): one.words for one in before.segments}
    segments = (
        Segment(one.start_ms, one.end_ms, one.speaker, one.text, known.get((one.start_ms, one.end_ms, one.text), ()))
        for one in corrected.segments
    )
    return Transcript(tuple(segments), corrected.language)

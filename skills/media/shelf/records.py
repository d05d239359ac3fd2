"""What the shelf keeps, as its callers see it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from pydantic import Field

from skills.media.captions import Segment
from skills.media.catalogue import Details, Item
from skills.media.fetching import Validators
from skills.message import Message


class Role(StrEnum):
    """What a file is to its item."""

    ORIGINAL = "original"
    """As it came; it is never changed."""
    PLAYABLE = "playable"
    """The same at the common loudness, in a form that browsers play; not there where the original does."""
    ARTWORK = "artwork"
    PEAKS = "peaks"
    CHAPTERS = "chapters"
    SLIDES = "slides"
    """A list in JSON, whose `image` are SHA-256 of key frames in the store."""


class Origin(StrEnum):
    """Who wrote down what is said."""

    GIVEN = "given"
    RECOGNISED = "recognised"
    CORRECTED = "corrected"


CONTENT = "content:"
"""How the address of a content of the store begins; its SHA-256 follows."""


class Link(Message):
    """Where a file comes from: an absolute path, a web address or a content, and what the source says about it.

    `stamp` changes when the file does: size and time of a path, the claimed length of an address.
    """

    address: str = Field(min_length=1, max_length=4_096)
    media_type: str = ""
    language: str = ""
    stamp: str = ""

    @property
    def is_web(self) -> bool:
        """Whether it has to be fetched."""
        return self.address.startswith(("http://", "https://"))

    @property
    def content(self) -> str:
        """The SHA-256 of the content of the store that it names, else empty."""
        return self.address.removeprefix(CONTENT) if self.address.startswith(CONTENT) else ""


class Links(Message):
    """Every file that a source names for an item.

    `tagged` means that the details are only guessed from a file's name: what its tags say counts for more.
    """

    tagged: bool = False

    recording: Link | None = None
    captions: tuple[Link, ...] = ()
    """The most wanted first."""
    artwork: Link | None = None
    chapters: Link | None = None

    @property
    def all(self) -> tuple[Link, ...]:
        """Every one."""
        return tuple(link for link in (self.recording, *self.captions, self.artwork, self.chapters) if link)


@dataclass(frozen=True)
class Found:
    """An item as its source describes it; `place` is where it stands there: "item 3, line 120"."""

    details: Details
    links: Links
    place: str

    @property
    def id(self) -> str:
        """The item's id, the same at every import."""
        return self.details.id

    @property
    def fingerprint(self) -> str:
        """The same as long as nothing changes but the place."""
        return fingerprint(self.details.model_dump(mode="json"), self.links.model_dump(mode="json"))


@dataclass(frozen=True)
class Source:
    """Where items come from: `content` is the fingerprint of what was last taken in to its end, or empty."""

    id: str
    kind: str
    address: str
    title: str = ""
    content: str = ""
    validators: Validators = field(default_factory=Validators)


@dataclass(frozen=True)
class StoredFile:
    """A content of the store that belongs to an item."""

    role: Role
    sha256: str
    media_type: str
    size: int


@dataclass(frozen=True)
class Step:
    """What became of one step: `result` where it succeeded, else `code` and `message`."""

    fingerprint: str
    result: Mapping[str, Any]
    code: str = ""
    message: str = ""
    retryable: bool = False


@dataclass(frozen=True)
class Held:
    """An item with all that is known of it but its transcript."""

    found: Found
    visible: bool
    files: Mapping[Role, StoredFile]
    steps: Mapping[str, Step]
    origin: Origin | None
    """Of its transcript, if there is one."""
    draft: bool = False
    """Whether its creator has not published it yet."""
    spoken: tuple[Segment, ...] = ()
    """What is said in it, where a step starts from that; else it is left on the shelf."""

    @property
    def published(self) -> Held:
        """It as it is once it is no draft."""
        return replace(self, draft=False)

    @property
    def item(self) -> Item | None:
        """It as the catalogue has items, with what its recording says of itself; None while its length is not known."""
        found = self.steps.get("probe")
        known = found.result if found and not found.code else {}
        details = self.found.details.model_dump() | known.get("details", {})
        if known:
            details |= {"duration_s": max(1, round(known["duration_ms"] / 1000)), "medium": known["medium"]}
        return Item.model_validate(details) if details["duration_s"] is not None else None


def fingerprint(*parts: Any) -> str:
    """A digest of JSON values."""
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()

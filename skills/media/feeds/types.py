"""What a feed holds: a channel, its episodes, and what was wrong with some of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

LiveStatus = Literal["pending", "live", "ended"]


@dataclass(frozen=True)
class Person:
    """Somebody who takes part; `role` is "host" unless the feed says otherwise."""

    name: str
    role: str = "host"
    url: str = ""
    image_url: str = ""


@dataclass(frozen=True)
class Enclosure:
    """The file to listen to or watch; `bytes` is what the feed claims, or None."""

    url: str
    type: str = ""
    bytes: int | None = None


@dataclass(frozen=True)
class TranscriptLink:
    """Where a transcript is, of which media type and in which language the feed says that it is."""

    url: str
    type: str = ""
    language: str = ""


@dataclass(frozen=True)
class Soundbite:
    """A stretch that the creator recommends."""

    start_ms: int
    duration_ms: int
    title: str = ""


@dataclass(frozen=True)
class Live:
    """What is said of a live item; times carry a zone."""

    status: LiveStatus
    starts_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True)
class Channel:
    """A feed's own description. Texts are plain; what the feed leaves out is empty."""

    title: str
    description: str = ""
    creator: str = ""
    language: str = ""
    link: str = ""
    image_url: str = ""
    categories: tuple[str, ...] = ()
    people: tuple[Person, ...] = ()
    guid: str = ""
    """The `podcast:guid` that the feed claims. It is not to be trusted as an identity: anybody may claim any."""
    new_feed_url: str = ""
    """Where the feed says that it has moved to."""
    locked: bool = False
    """Whether the creator asks other platforms not to import it."""


@dataclass(frozen=True)
class Episode:
    """One item of a feed. Texts are plain; what the feed leaves out is empty or None; times carry a zone."""

    id: str
    """Stable across imports of the same feed, 32 hexadecimal digits: see `skills.media.feeds.identity`."""
    where: str
    """In the feed: "item 3, line 120"."""
    title: str
    enclosure: Enclosure
    guid: str = ""
    alternatives: tuple[Enclosure, ...] = ()
    """Other files of the same content, such as a video."""
    description: str = ""
    creator: str = ""
    published: datetime | None = None
    duration_s: int | None = None
    season: int | None = None
    number: int | None = None
    kind: Literal["full", "trailer", "bonus"] = "full"
    explicit: bool = False
    link: str = ""
    image_url: str = ""
    tags: tuple[str, ...] = ()
    people: tuple[Person, ...] = ()
    transcripts: tuple[TranscriptLink, ...] = ()
    chapters_url: str = ""
    soundbites: tuple[Soundbite, ...] = ()
    live: Live | None = None


@dataclass(frozen=True)
class Problem:
    """Something in a feed that is not as it should be.

    Where `fatal`, the item is left out; else it was put right. Codes: `enclosure_missing`, `enclosure_invalid`,
    `title_missing`, `guid_missing`, `guid_repeated`, `item_repeated`, `item_too_large`, `date_invalid`,
    `duration_invalid`; of chapters `chapter_invalid`.
    """

    where: str
    code: str
    message: str
    fatal: bool = False

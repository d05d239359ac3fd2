"""A podcast feed as a source: its episodes as items."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import UUID

from skills.media.catalogue import Details
from skills.media.content import ContentStore
from skills.media.errors import SourceError
from skills.media.feeds import Channel, Enclosure, Episode, Feed, Problem, feed_key, open_feed
from skills.media.fetching import Fetcher, NotModified, Purpose
from skills.media.shelf import Found, Link, Links, Shelf, Source, fingerprint
from skills.media.sources.reading import MAX_WORD, MAX_WORDS, Reading, digest, shortened
from skills.turn import MediaKind

VERSION = 1
"""Raised when feeds should be read otherwise, so that those that have not changed are read again."""
UNDATED = date(1970, 1, 1)
"""When an episode without a date was published: nobody knows, and it is not news."""


def read_feed_at(url: str, shelf: Shelf, fetcher: Fetcher) -> Reading | Source:
    """The feed at an address, or just the source where it is still what it was."""
    source = shelf.source(UUID(feed_key(url)).hex, "feed", url)
    fetched = fetcher.fetch(url, Purpose.FEED, source.validators if source.content else None)
    if isinstance(fetched, NotModified):
        return source
    content = fingerprint(VERSION, fetched.stored.sha256)
    if content == source.content:
        return source
    feed = open_feed(fetched.stored.path, feed_key(url), fetched.url)
    return _reading(feed, replace(source, content=content, validators=fetched.validators))


def read_feed_file(path: Path, shelf: Shelf, store: ContentStore) -> Reading | Source:
    """The feed in a file, likewise; a copy of it is read, so that nobody changes it meanwhile."""
    key = feed_key(str(path))
    source = shelf.source(UUID(key).hex, "feed", str(path))
    content = fingerprint(VERSION, digest(path))
    if content == source.content:
        return source
    try:
        with path.open("rb") as file:
            kept = store.copy(file)
    except OSError as error:
        raise SourceError("source_unreadable", f"{path} cannot be read: {error.strerror}") from error
    return _reading(open_feed(kept.path, key), replace(source, content=fingerprint(VERSION, kept.sha256)))


def _reading(feed: Feed, source: Source) -> Reading:
    source = replace(source, title=shortened(feed.channel.title) or source.address)
    return Reading(source, feed.items, functools.partial(_entries, feed, source))


def _entries(feed: Feed, source: Source) -> Iterator[Found | Problem]:
    for entry in feed.episodes():
        yield entry if isinstance(entry, Problem) else found(entry, feed.channel, source.title)


def found(episode: Episode, channel: Channel, series: str) -> Found:
    """An episode as an item."""
    live = episode.live
    length = live.ends_at - live.starts_at if live and live.starts_at and live.ends_at else None
    published = episode.published or (live.starts_at if live else None)
    details = Details(
        id=episode.id,
        kind=MediaKind.LIVE_SHOW if live else MediaKind.PODCAST,
        medium="video" if episode.enclosure.type.startswith("video/") else "audio",
        title=shortened(episode.title),
        creator=shortened(_creator(episode, channel) or series),
        series=series,
        episode=episode.number,
        published=published.date() if published else UNDATED,
        starts_at=live.starts_at if live and live.status != "ended" else None,
        duration_s=_possible(episode.duration_s or (round(length.total_seconds()) if length else None)),
        language=_language(channel.language),
        tags=_words([*episode.tags, *channel.categories]),
        description=episode.description,
    )
    return Found(details, _links(episode, channel), episode.where)


def _creator(episode: Episode, channel: Channel) -> str:
    hosts = (person.name for person in (*episode.people, *channel.people) if person.role == "host")
    return episode.creator or channel.creator or next(hosts, "")


def _links(episode: Episode, channel: Channel) -> Links:
    image = episode.image_url or channel.image_url
    return Links(
        recording=None if episode.live else _enclosure(episode.enclosure),
        captions=tuple(
            Link(address=link.url, media_type=link.type, language=link.language) for link in episode.transcripts
        ),
        artwork=Link(address=image) if image else None,
        chapters=Link(address=episode.chapters_url) if episode.chapters_url else None,
    )


def _enclosure(enclosure: Enclosure) -> Link:
    return Link(address=enclosure.url, media_type=enclosure.type, stamp=str(enclosure.bytes or ""))


def _possible(seconds: int | None) -> int | None:
    """A length that an item may have."""
    return seconds if seconds and 0 < seconds <= 86_400 else None


def _language(tag: str) -> str:
    code = tag.lower().partition("-")[0]
    return code if len(code) == 2 else "en"


def _words(texts: Iterable[str]) -> tuple[str, ...]:
    words = dict.fromkeys(shortened(text.lower(), MAX_WORD) for text in texts if text)
    return tuple(words)[:MAX_WORDS]

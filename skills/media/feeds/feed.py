"""A feed in a file: its channel at once, its episodes one after the other, as often as asked.

The file is read twice. The first time sees that all of it is sound, so that nothing is imported of half a feed, and
which guids are used for several episodes; the second time gives the episodes. Neither keeps more than one in memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from skills.media.errors import FeedError
from skills.media.feeds.channel import read_channel
from skills.media.feeds.elements import Element, read_elements
from skills.media.feeds.episodes import ItemReader
from skills.media.feeds.identity import episode_id, feed_key, lasting
from skills.media.feeds.types import Channel, Enclosure, Episode, Problem

__all__ = ["MAX_ITEMS", "Feed", "feed_key", "open_feed"]

MAX_ITEMS = 100_000
_ITEMS = frozenset(("item", "atom:entry", "podcast:liveItem"))


@dataclass(frozen=True)
class Feed:
    """A feed that was read once and found sound."""

    channel: Channel
    items: int
    """How many there are, the unusable ones included: for showing progress."""
    path: Path
    key: str
    base_url: str
    shared_guids: frozenset[str]
    """Those that several episodes bear."""

    def episodes(self) -> Iterator[Episode | Problem]:
        """Every episode in the order of the feed, each after the problems that were met in it.

        A fatal Problem stands for an item that is left out. Raises FeedError where the file has changed meanwhile.
        """
        given: set[str] = set()
        for reader in _items(self.path, self.base_url):
            yield from self._read(reader, given)

    def _read(self, reader: ItemReader, given: set[str]) -> Iterator[Episode | Problem]:
        if reader.item.too_large:
            yield Problem(reader.where, "item_too_large", "It holds more text than an item may", fatal=True)
            return
        enclosure = reader.enclosure()
        if isinstance(enclosure, Problem):
            yield enclosure
            return
        identity = self._identity(reader, enclosure)
        if identity in given:
            yield Problem(reader.where, "item_repeated", f"It stands there twice: {enclosure.url}", fatal=True)
            return
        given.add(identity)
        episode = reader.episode(identity, enclosure)
        yield from reader.problems
        yield episode

    def _identity(self, reader: ItemReader, enclosure: Enclosure) -> str:
        if not reader.guid:
            reader.note("guid_missing", "guid: there is none; the address of the enclosure is taken instead")
            return episode_id(self.key, lasting(enclosure.url))
        if reader.guid in self.shared_guids:
            reader.note("guid_repeated", f"guid: others bear it too: {reader.guid[:100]!r}")
            return episode_id(self.key, reader.guid, lasting(enclosure.url))
        return episode_id(self.key, reader.guid)


def open_feed(path: Path, key: str, base_url: str = "") -> Feed:
    """Read a feed in a file for the first time.

    `key` is what `feed_key` made of the address, or of the file's name where there is none; relative addresses count
    from `base_url`.

    Raises FeedError: `feed_unreadable`, `feed_too_large`, `feed_too_deep`, `feed_entities`, `feed_broken`,
    `feed_unknown`.
    """
    enclosures: dict[str, str] = {}
    shared: set[str] = set()
    items = 0
    root: Element | None = None
    for element in _elements(path):
        root = element
        if element.name not in _ITEMS:
            continue
        items += 1
        if items > MAX_ITEMS:
            raise FeedError("feed_too_large", f"The feed has more than {MAX_ITEMS:,} items")
        reader = ItemReader(element, "", base_url)
        found = reader.enclosure()
        if reader.guid and isinstance(found, Enclosure):
            known = enclosures.setdefault(reader.guid, lasting(found.url))
            if known != lasting(found.url):
                shared.add(reader.guid)
    if root is None:
        raise FeedError("feed_broken", "The feed is empty")
    return Feed(read_channel(root, base_url), items, path, key, base_url, frozenset(shared))


def _items(path: Path, base_url: str) -> Iterator[ItemReader]:
    elements = (element for element in _elements(path) if element.name in _ITEMS)
    for number, element in enumerate(elements, start=1):
        yield ItemReader(element, f"item {number}, line {element.line}", base_url)


def _elements(path: Path) -> Iterator[Element]:
    try:
        with path.open("rb") as file:
            yield from read_elements(file, _ITEMS)
    except OSError as error:
        raise FeedError("feed_unreadable", f"{path}: the feed cannot be read: {error.strerror}") from error

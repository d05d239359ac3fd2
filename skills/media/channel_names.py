"""The channels that an utterance names, and those of an item."""

from __future__ import annotations

from collections.abc import Iterable

from skills.media.catalogue import Item
from skills.media.channels import Channel, ChannelKind
from skills.media.library import MediaLibrary
from skills.media.wanted import Wanted
from skills.skill import Understanding


def named(understanding: Understanding) -> str:
    """The name of a channel, as it was heard; empty where there is none."""
    heard = names(understanding)
    return " ".join(name for name in (heard.creator, heard.series, heard.title, heard.topic) if name)


async def meant_channels(library: MediaLibrary, understanding: Understanding) -> list[Channel]:
    """The channel that was named, or those whose names fit about equally; of a title, that of who made it."""
    found = await library.named(names(understanding))
    if series := found.get("series"):
        return _known(library.channels.of(ChannelKind.SERIES, name) for name in series.values)
    if creator := found.get("creator"):
        return _known(library.channels.of(ChannelKind.CREATOR, name) for name in creator.values)
    title = library.items.get(found["title"].items[0]) if "title" in found else None
    return channels_of(library, title, series_first=False)[:1] if title else []


def names(understanding: Understanding) -> Wanted:
    """The names alone; the recogniser of spans may have cut a long one in two."""

    def joined(kind: str) -> str:
        return " ".join(entity.value for entity in understanding.entities if entity.name == kind)

    return Wanted(topic=joined("topic"), title=joined("title"), creator=joined("creator"), series=joined("series"))


def channels_of(library: MediaLibrary, item: Item, series_first: bool) -> list[Channel]:
    """The channels that an item is in."""
    kinds = [(ChannelKind.CREATOR, item.creator), (ChannelKind.SERIES, item.series)]
    return _known(library.channels.of(kind, name) for kind, name in (reversed(kinds) if series_first else kinds))


def _known(channels: Iterable[Channel | None]) -> list[Channel]:
    """Each of them that there is, once."""
    return list({channel.id: channel for channel in channels if channel}.values())

"""Whom listeners follow, and what is news to them, as far as the skill needs to know it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from skills.media.catalogue import Item
from skills.media.channels import Channel, ChannelKind, Channels, item_key
from skills.message import ItemId

NEWS_FOR = timedelta(days=60)
"""Nothing older is news, whoever has not heard of it."""

FOLLOWS_MAX = 500
"""Channels that one listener can follow."""


class Following(StrEnum):
    """What became of the wish to follow a channel."""

    NEW = "new"
    ALREADY = "already"
    FULL = "full"


@dataclass(frozen=True)
class Follow:
    """A channel that a listener follows, by the name that it had then."""

    channel: str
    kind: ChannelKind
    name: str
    since: datetime


class Follows(Protocol):
    """What is known of all listeners."""

    async def follow(self, listener: str, channel: Channel, at: datetime) -> Following:
        """Follow a channel from `at` on; it is kept when this returns."""

    async def unfollow(self, listener: str, channel: str) -> bool:
        """No longer follow a channel; whether it was followed."""

    async def of(self, listener: str) -> Sequence[Follow]:
        """Whom `listener` follows, the latest first."""

    async def arrivals(self, since: datetime) -> Mapping[ItemId, datetime]:
        """The items that have been there since then or later, and since when."""

    async def told(self, listener: str) -> Collection[ItemId]:
        """What `listener` has been told of, as far back as anything is news."""

    async def tell(self, listener: str, items: Collection[ItemId], at: datetime) -> None:
        """`listener` is told of these items."""


def news_since(follows: Sequence[Follow], now: datetime) -> datetime:
    """The time from which on anything can be news to somebody who follows these."""
    return max(now - NEWS_FOR, min((follow.since for follow in follows), default=now))


def news(
    follows: Sequence[Follow], channels: Channels, arrived: Mapping[ItemId, datetime], now: datetime
) -> list[Item]:
    """What has come into the followed channels, or was published in them, since they were followed; newest first.

    An item that is to be published on a later day is no news yet. `now` is in the listener's time zone.
    """
    found: dict[ItemId, Item] = {}
    for follow in follows:
        channel = channels.get(follow.channel)
        since = max(follow.since, now - NEWS_FOR)
        day = since.astimezone(now.tzinfo).date()
        for item in channel.items if channel else ():
            if item.published <= now.date() and _is_since(item, arrived, since, day):
                found[item.id] = item
    return sorted(found.values(), key=item_key)


def _is_since(item: Item, arrived: Mapping[ItemId, datetime], since: datetime, day: date) -> bool:
    at = arrived.get(item.id)
    return item.published > day or (at is not None and at > since)

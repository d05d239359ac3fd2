"""A channel as its feed describes it, in RSS or Atom."""

from __future__ import annotations

from collections.abc import Iterator

from skills.media.captions.transcript import language_tag
from skills.media.errors import FeedError
from skills.media.feeds.elements import Element
from skills.media.feeds.types import Channel, Person
from skills.media.feeds.values import address, name, prose, yes

MAX_PEOPLE = 50
MAX_CATEGORIES = 30


def read_channel(root: Element, base: str) -> Channel:
    """The channel; FeedError(`feed_unknown`) where the document is neither RSS nor Atom."""
    channel = root if root.name == "atom:feed" else root.first("channel")
    if channel is None:
        raise FeedError("feed_unknown", f"This is neither RSS nor Atom: it begins with <{root.name[:40]}>")
    return Channel(
        title=name(channel.first_text("title", "atom:title", "itunes:title")),
        description=prose(channel.first_text("description", "atom:subtitle", "itunes:summary", "itunes:subtitle")),
        creator=_creator(channel),
        language=language_tag(channel.first_text("language") or _xml_language(channel)),
        link=link(channel, base),
        image_url=image(channel, base),
        categories=tuple(dict.fromkeys(_categories(channel)))[:MAX_CATEGORIES],
        people=people(channel, base),
        guid=channel.first_text("podcast:guid")[:80],
        new_feed_url=address(channel.first_text("itunes:new-feed-url"), ""),
        locked=yes(channel.first_text("podcast:locked")),
    )


def people(element: Element, base: str) -> tuple[Person, ...]:
    """Everybody with a `podcast:person` of their own."""
    found = (
        Person(
            name(person.text),
            name(person.attributes.get("role", "")).lower() or "host",
            address(person.attributes.get("href", ""), base),
            address(person.attributes.get("img", ""), base),
        )
        for person in element.all("podcast:person")
        if name(person.text)
    )
    return tuple(dict.fromkeys(found))[:MAX_PEOPLE]


def link(element: Element, base: str) -> str:
    """The page about it."""
    alternate = (one for one in element.all("atom:link") if one.attributes.get("rel", "alternate") == "alternate")
    hrefs = [element.first_text("link"), *(one.attributes.get("href", "") for one in alternate)]
    return next((url for href in hrefs if (url := address(href, base))), "")


def image(element: Element, base: str) -> str:
    """Its picture: iTunes' is larger than RSS's own."""
    itunes, plain = element.first("itunes:image"), element.first("image")
    hrefs = [
        itunes.attributes.get("href", "") if itunes else "",
        plain.first_text("url") if plain else "",
        element.first_text("atom:logo", "atom:icon"),
    ]
    return next((url for href in hrefs if (url := address(href, base))), "")


def author(element: Element) -> str:
    """Who made it, where it says so."""
    written = element.first("atom:author")
    return name(
        element.first_text("itunes:author", "dc:creator") or (written.first_text("atom:name") if written else "")
    )


def _creator(channel: Element) -> str:
    owner = channel.first("itunes:owner")
    return author(channel) or name(owner.first_text("itunes:name") if owner else "")


def _categories(channel: Element) -> Iterator[str]:
    for category in [*channel.all("itunes:category"), *channel.all("category"), *channel.all("atom:category")]:
        for one in [category, *category.all("itunes:category")]:
            if said := name(one.attributes.get("text") or one.attributes.get("term") or one.text):
                yield said


def _xml_language(channel: Element) -> str:
    return channel.attributes.get("xml:lang", "")

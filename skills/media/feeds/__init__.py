"""Podcast feeds: RSS 2.0 with the elements of iTunes and Podcasting 2.0, and Atom, read in bounded memory."""

from skills.media.feeds.chapters import Chapter, read_chapters
from skills.media.feeds.feed import Feed, feed_key, open_feed
from skills.media.feeds.types import Channel, Enclosure, Episode, Live, Person, Problem, Soundbite, TranscriptLink

__all__ = [
    "Channel",
    "Chapter",
    "Enclosure",
    "Episode",
    "Feed",
    "Live",
    "Person",
    "Problem",
    "Soundbite",
    "TranscriptLink",
    "feed_key",
    "open_feed",
    "read_chapters",
]

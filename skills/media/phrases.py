"""How the media skill says things: short sentences that sound natural and claim nothing that has not happened."""

from __future__ import annotations

import re
from collections.abc import Sequence

from skills.media.catalogue import Item
from skills.media.wanted import Wanted


def duration(seconds: int) -> str:
    """A length as it is said: "1 hour 5 minutes", "12 minutes", "40 seconds"."""
    if seconds < 90:
        return f"{seconds} seconds"
    minutes = round(seconds / 60)
    hours, minutes = divmod(minutes, 60)
    parts = [_count(hours, "hour"), _count(minutes, "minute")]
    return " ".join(part for part in parts if part)


def named(item: Item) -> str:
    """An item as it is said: "Falling Into a Black Hole, a talk by Dr. Amara Osei"."""
    return f"{item.title}, {_article(item.kind_name)} by {item.creator}"


def spoken(text: str) -> str:
    """Text as it should be said: titles before names in full."""
    return re.sub(r"\bDr\.", "Doctor", re.sub(r"\bProf\.", "Professor", text))


def request(wanted: Wanted) -> str:
    """What was asked for, to be said back: "calm talks about bread by Mina Park"."""
    kind = f"{wanted.kind.value.replace('_', ' ')}s" if wanted.kind else _MEDIA[wanted.medium]
    words = [wanted.age or "", wanted.mood, kind]
    if wanted.topic:
        words += ["about", wanted.topic]
    if wanted.title:
        words += ["called", wanted.title]
    if wanted.series:
        words += ["from", wanted.series]
    if wanted.creator:
        words += ["by", wanted.creator]
    return " ".join(word for word in words if word)


def subject(wanted: Wanted) -> str:
    """What was asked about, in the listener's own words."""
    return " ".join(part for part in (wanted.topic, wanted.title, wanted.series, wanted.creator) if part) or wanted.said


def listed(titles: Sequence[str]) -> str:
    """Titles in a row: "A, B and C"."""
    return titles[0] if len(titles) == 1 else f"{', '.join(titles[:-1])} and {titles[-1]}"


def relaxed(dropped: Sequence[str]) -> str:
    """What was left out of a request so that something could be found."""
    return f"without {listed([_DROPPED[name] for name in dropped])}"


_MEDIA = {None: "anything", "audio": "anything to listen to", "video": "anything to watch"}

_DROPPED = {
    "mood": "the mood",
    "medium": "minding whether it is sound or video",
    "kind": "minding the kind",
    "series": "minding the series",
    "creator": "minding who made it",
}


def _count(number: int, unit: str) -> str:
    return f"{number} {unit}{'' if number == 1 else 's'}" if number else ""


def _article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"

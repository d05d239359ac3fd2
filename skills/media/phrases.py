"""How the media skill says things: short sentences that sound natural and claim nothing that has not happened."""

from __future__ import annotations

import re
from collections.abc import Sequence

from skills.media.catalogue import Item
from skills.media.wanted import Wanted

NO_SCENES = "This one has no scenes to leaf through. You can say, skip ahead one minute."


def duration(seconds: int) -> str:
    """A length as it is said: "1 hour 5 minutes", "12 minutes", "40 seconds"."""
    if seconds < 90:
        return f"{seconds} seconds"
    minutes = round(seconds / 60)
    hours, minutes = divmod(minutes, 60)
    parts = [_count(hours, "hour"), _count(minutes, "minute")]
    return " ".join(part for part in parts if part)


def place(milliseconds: int) -> str:
    """A place in an item, to the second: "12 minutes 30 seconds"."""
    minutes, seconds = divmod(milliseconds // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    parts = [_count(hours, "hour"), _count(minutes, "minute"), _count(seconds, "second")]
    return " ".join(part for part in parts if part) or "the beginning"


def speed(speed: float) -> str:
    """A speed as it is said: "1.5 times the speed"."""
    return "normal speed" if speed == 1.0 else f"{speed:g} times the speed"


def bounds(wanted: Wanted) -> str:
    """The bounds of a request, as they are said of its results: "under 20 minutes", "newer"."""
    least, most = wanted.length.at_least_s, wanted.length.at_most_s
    words = []
    if least is not None and most is not None:
        words.append(f"between {duration(least)} and {duration(most)}")
    elif most is not None:
        words.append(f"of at most {duration(most)}")
    elif least is not None:
        words.append(f"of at least {duration(least)}")
    return " ".join([*words, *(["newer"] if wanted.since else []), *(["older"] if wanted.until else [])])


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
    words.append(bounds(wanted))
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
    "length": "minding the length",
    "medium": "minding whether it is sound or video",
    "kind": "minding the kind",
    "series": "minding the series",
    "creator": "minding who made it",
}


def _count(number: int, unit: str) -> str:
    return f"{number} {unit}{'' if number == 1 else 's'}" if number else ""


def _article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"

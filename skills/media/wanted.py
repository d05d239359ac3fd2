"""What a listener asked for, read from the entities of an utterance."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from skills.media import steering
from skills.media.catalogue import Item
from skills.skill import Understanding
from skills.turn import MediaKind

_KINDS = {kind.value: kind for kind in MediaKind}
_OLDEST = {"oldest", "first", "earliest"}
ANY_LENGTH = steering.Length()


@dataclass(frozen=True)
class Wanted:
    """A request for media: names are as they were heard, not yet linked to the catalogue."""

    topic: str = ""
    title: str = ""
    creator: str = ""
    series: str = ""
    mood: str = ""
    kind: MediaKind | None = None
    medium: Literal["audio", "video"] | None = None
    age: Literal["newest", "oldest"] | None = None
    length: steering.Length = ANY_LENGTH
    since: date | None = None
    until: date | None = None
    """Published then or later; then or before."""
    said: str = ""

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but names and a topic was asked for."""
        bounded = self.length != ANY_LENGTH or self.since or self.until
        return bool(self.mood or self.kind or self.medium or self.age or bounded)

    @property
    def is_empty(self) -> bool:
        """Whether nothing in particular was asked for: "play"."""
        return not (self.is_narrowed or self.topic or self.title or self.creator or self.series)


def wanted(understanding: Understanding) -> Wanted:
    """Read a request from what was understood."""
    recency = understanding.value("recency")
    medium = understanding.value("medium")
    return Wanted(
        topic=_join(understanding, "topic"),
        title=_join(understanding, "title"),
        creator=_join(understanding, "creator"),
        series=_join(understanding, "series"),
        mood=understanding.value("mood").lower(),
        kind=_KINDS.get(understanding.value("kind")),
        medium="audio" if medium == "audio" else "video" if medium == "video" else None,
        age=None if not recency else "oldest" if recency in _OLDEST else "newest",
        length=steering.length(_join(understanding, "length")),
        said=understanding.text,
    )


def refined(before: Wanted, said: str, example: Item) -> Wanted | None:
    """The request with what was `said` changed in it, as against `example`; None if nothing was said to change."""
    length = steering.length(said)
    day, words = timedelta(days=1), said.casefold()
    if length != ANY_LENGTH:
        return replace(before, length=length)
    if re.search(r"\bshorter\b|\btoo long\b|\bnot (that|so) long\b|much time", words):
        return replace(before, length=steering.Length(at_most_s=example.duration_s - 1))
    if re.search(r"\blonger\b|\btoo short\b", words):
        return replace(before, length=steering.Length(at_least_s=example.duration_s + 1))
    if re.search(r"\bnewer\b|recent|\btoo old\b|\bso old\b|\blater\b", words):
        return replace(before, age=None, since=example.published + day, until=None)
    if re.search(r"\bolder\b|\btoo new\b|\bearlier\b", words):
        return replace(before, age=None, since=None, until=example.published - day)
    return None


def position(understanding: Understanding, shown: int) -> int | None:
    """Which of `shown` results "the second one" or "the last" means, counted from 0; None if there is no such one."""
    ordinal = understanding.value("ordinal")
    if not re.fullmatch(r"-?\d{1,3}", ordinal):
        return None
    number = int(ordinal)
    index = shown + number if number < 0 else number - 1
    return index if 0 <= index < shown else None


def _join(understanding: Understanding, name: str) -> str:
    """All spans of one name: the recogniser of spans may cut a long one in two."""
    return " ".join(entity.value for entity in understanding.entities if entity.name == name)

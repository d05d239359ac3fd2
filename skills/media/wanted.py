"""What a listener asked for, read from the entities of an utterance, and from its words where they are as clear."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from skills.media import languages, recency, steering
from skills.media.recency import ANY_TIME, Age, Period
from skills.media.schedule import State
from skills.message import ItemId
from skills.skill import Understanding
from skills.turn import MediaKind

_KINDS = {kind.value: kind for kind in MediaKind}
ANY_LENGTH = steering.Length()
SHORT_S, LONG_S = 15 * 60, 45 * 60
"""What "a short one" lasts at most, and "a long one" at least."""

NAMES = ("topic", "title", "creator", "series")
"""Entities whose words are names: what they seem to say of times and languages is part of them."""

_SHORT = re.compile(r"\b(short|quick|brief)\b")
_LONG = re.compile(r"(?<!how )(?<!as )(?<!so )(?<!too )(?<!that )(?<!very )\blong\b(?! (time|way|ago))")
_POPULAR = re.compile(r"\b(popular|trending|best known|most (listened|watched|played|heard)|everyone is)\b")
_AGED = re.compile(r"\b(newest|latest|most recent|oldest|earliest)\b")
_UPCOMING = re.compile(r"\b(upcoming|coming up|coming soon|still to come)\b")
_LIVE = re.compile(
    r"\b(live|on air|streaming) (right |just )?now\b|\b(right now|currently|now|on air) live\b|\bon air\b"
)
_TAIL = re.compile(r"(?P<topic>.*\S) (?P<tail>(?:from|since|in) \S.*)", re.IGNORECASE)


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
    age: Age | None = None
    length: steering.Length = ANY_LENGTH
    period: Period = ANY_TIME
    """When it came out; of what is `showing` upcoming, when it is on."""
    language: str = ""
    """Its code; of one that is not known, its name."""
    popular: bool = False
    """The most popular first."""
    more_popular_than: float | None = None
    showing: State | None = None
    """Only what is live at `asked_at`, or still to come then."""
    asked_at: datetime | None = None
    without: tuple[ItemId, ...] = ()
    """Items that are not wanted."""
    unlike: tuple[tuple[Literal["creator", "language"], str], ...] = ()
    """What results must not be: by somebody else, in another language."""
    unmeant: tuple[str, ...] = ()
    """Names of the catalogue that a heard name was taken for, and that were not meant."""
    said: str = ""

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but names and a topic was asked for."""
        bounded = self.length != ANY_LENGTH or self.period != ANY_TIME or self.more_popular_than is not None
        ordered = self.age or self.popular
        return bool(self.mood or self.kind or self.medium or self.language or self.showing or bounded or ordered)

    @property
    def is_empty(self) -> bool:
        """Whether nothing in particular was asked for: "play"."""
        return not (self.is_narrowed or self.topic or self.title or self.creator or self.series)


def wanted(understanding: Understanding, now: datetime) -> Wanted:
    """Read a request, made at `now`, from what was understood."""
    said = _beside_names(understanding)
    topic, tail = _without_tail(_join(understanding, "topic"), now)
    when, medium, mood = _join(understanding, "recency"), understanding.value("medium"), understanding.value("mood")
    showing = State.UPCOMING if _UPCOMING.search(said) else State.LIVE if _LIVE.search(said) or when == "live" else None
    ahead = showing is State.UPCOMING
    today = now.date()
    period = recency.period(when, today, ahead) or recency.period(said, today, ahead, among_words=not ahead)
    period = period or recency.period(tail, today)
    aged = _AGED.search(said)
    language = understanding.value("language")
    length = steering.length(_join(understanding, "length"))
    if length == ANY_LENGTH:
        length = _vague_length(f"{mood.lower()} {said}")
        mood = "" if length != ANY_LENGTH and _vague_length(mood.lower()) == length else mood
    return Wanted(
        topic=topic,
        title=_join(understanding, "title"),
        creator=_join(understanding, "creator"),
        series=_join(understanding, "series"),
        mood=mood.lower(),
        kind=_KINDS.get(understanding.value("kind")),
        medium=_medium(medium or said),
        age=None if period else recency.age(when or (aged[0] if aged else "")),
        length=length,
        period=period or ANY_TIME,
        language=languages.code(language) if language else languages.said(said) or languages.said(tail),
        popular=bool(understanding.value("popularity") or _POPULAR.search(said)),
        showing=showing,
        asked_at=now,
        said=understanding.text,
    )


def _medium(said: str) -> Literal["audio", "video"] | None:
    if re.search(r"\b(videos?|films?|clips?|watch)\b", said):
        return "video"
    return "audio" if re.search(r"\b(audio|listen)\b", said) else None


def position(understanding: Understanding, shown: int) -> int | None:
    """Which of `shown` results "the second one" or "the last" means, counted from 0; None if there is no such one."""
    return place_of(understanding.value("ordinal"), shown)


def place_of(ordinal: str, shown: int) -> int | None:
    """The same of a number: from 1 on, or from the end where it is negative."""
    if not re.fullmatch(r"-?\d{1,3}", ordinal):
        return None
    number = int(ordinal)
    index = shown + number if number < 0 else number - 1
    return index if 0 <= index < shown else None


def _beside_names(understanding: Understanding) -> str:
    """The utterance in small letters without the names in it."""
    text = understanding.text
    for entity in understanding.entities:
        if entity.name in NAMES:
            text = text[: entity.start] + "|" * (entity.end - entity.start) + text[entity.end :]
    return text.casefold()


def _without_tail(topic: str, now: datetime) -> tuple[str, str]:
    """A topic, and apart from it what it took of the request: "bread from last month", "ships in Korean"."""
    found = _TAIL.fullmatch(topic)
    if found is None:
        return topic, ""
    tail = found["tail"].casefold()
    if tail.startswith("in "):
        is_known = languages.said(tail) and len(tail.split()) == 2
    else:
        period = recency.period(tail, now.date())
        is_known = period is not None and period.words.casefold() == tail
    return (found["topic"], tail) if is_known else (topic, "")


def _vague_length(text: str) -> steering.Length:
    if _SHORT.search(text):
        return steering.Length(at_most_s=SHORT_S)
    return steering.Length(at_least_s=LONG_S) if _LONG.search(text) else ANY_LENGTH


def _join(understanding: Understanding, name: str) -> str:
    """All spans of one name: the recogniser of spans may cut a long one in two."""
    return " ".join(entity.value for entity in understanding.entities if entity.name == name)

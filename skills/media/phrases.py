"""How the media skill says things: short sentences that sound natural and claim nothing that has not happened."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Literal

from skills.media import languages
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
    """The bounds of a request, as they are said of its results: "of at most 20 minutes", "newer", "in Korean"."""
    least, most = wanted.length.at_least_s, wanted.length.at_most_s
    words = []
    if least is not None and most is not None:
        words.append(f"between {duration(least)} and {duration(most)}")
    elif most is not None:
        words.append(f"of at most {duration(most)}")
    elif least is not None:
        words.append(f"of at least {duration(least)}")
    words.append(wanted.period.words)
    if wanted.language:
        words.append(f"in {name(languages.name(wanted.language))}")
    if wanted.more_popular_than is not None:
        words.append("more popular")
    said = [word for word in words if word]
    return listed(said) if said else ""


def name(text: str) -> str:
    """A name, a title or a listener's own words as a part of an answer: `spoken` shortens it, `shown` does not."""
    return f"{_OPEN}{re.sub(f'[{_OPEN}{_CLOSE}]', '', text)}{_CLOSE}"


def named(item: Item) -> str:
    """An item as it is said: "Falling Into a Black Hole, a talk by Dr. Amara Osei"."""
    return f"{name(item.title)}, {_article(item.kind_name)} by {name(item.creator)}"


def shown(text: str) -> str:
    """An answer as it is shown: its names whole."""
    return re.sub(f"[{_OPEN}{_CLOSE}]", "", text)


def spoken(text: str) -> str:
    """An answer as it should be said: in at most `SPOKEN_WORDS` as far as shorter names help, "Doctor" in full."""
    for most in NAME_WORDS:
        said = _NAME.sub(lambda found, most=most: brief(found[1], most), text)  # type: ignore[misc]
        if len(said.split()) <= SPOKEN_WORDS and len(said) <= SPOKEN_LETTERS:
            break
    return re.sub(r"\bDr\.", "Doctor", re.sub(r"\bProf\.", "Professor", said))


def brief(name: str, words: int) -> str:
    """A name in at most so many words, up to where one of its parts ends if that leaves enough of it."""
    parts = name.split()
    if len(parts) <= words and len(name) <= words * WORD_LETTERS:
        return name
    kept = parts[:words]
    while len(kept) > 1 and len(" ".join(kept)) > words * WORD_LETTERS:
        kept.pop()
    ends = [place for place, word in enumerate(kept, start=1) if word[-1] in ":;,.!?" or word in ("-", "\N{EN DASH}")]
    if ends and ends[-1] > len(kept) // 2:
        kept = kept[: ends[-1]]
    return " ".join(kept)[: words * WORD_LETTERS].rstrip(" -:;,.(\N{EN DASH}")


def request(wanted: Wanted) -> str:
    """What was asked for, to be said back: "calm talks about bread by Mina Park"."""
    kind = f"{wanted.kind.value.replace('_', ' ')}s" if wanted.kind else _MEDIA[wanted.medium]
    words = [
        "popular" if wanted.popular else wanted.age or "",
        wanted.showing or "",
        name(wanted.mood) if wanted.mood else "",
        kind,
    ]
    if wanted.topic:
        words += ["about", name(wanted.topic)]
    if wanted.title:
        words += ["called", name(wanted.title)]
    if wanted.series:
        words += ["from", name(wanted.series)]
    if wanted.creator:
        words += ["by", name(wanted.creator)]
    words.append(bounds(wanted))
    return " ".join(word for word in words if word)


def subject(wanted: Wanted) -> str:
    """What was asked about, in the listener's own words."""
    parts = (wanted.topic, wanted.title, wanted.series, wanted.creator)
    return name(" ".join(part for part in parts if part) or wanted.said)


def listed(titles: Sequence[str]) -> str:
    """Titles in a row: "A, B and C"."""
    return titles[0] if len(titles) == 1 else f"{', '.join(titles[:-1])} and {titles[-1]}"


def either(alternatives: Sequence[str]) -> str:
    """Two alternatives or more: "A, or B"."""
    return f"{', '.join(alternatives[:-1])}, or {alternatives[-1]}"


def relaxed(dropped: Sequence[str]) -> str:
    """What was left out of a request so that something could be found."""
    return f"leaving out {listed([_DROPPED[one] for one in dropped]) if len(dropped) <= DROPPED_SAID else 'most of it'}"


def between(items: Sequence[Item], field: Literal["title", "series", "creator"]) -> list[str]:
    """What tells items apart that one name fits, each as it is said; empty where nothing does that could be said."""
    if field != "title":
        return [name(getattr(item, field)) for item in items]
    told: Sequence[Callable[[Item], str]] = (
        lambda item: f"{name(item.title)} by {name(item.creator)}",
        lambda item: f"by {name(item.creator)}",
        lambda item: f"from {name(item.series)}" if item.series else "the one by itself",
        lambda item: f"the {item.kind_name}",
        lambda item: f"the one of {item.published.year}",
    )
    same_title = len({item.title.casefold() for item in items}) < len(items)
    for tell in told[same_title:]:
        said = [tell(item) for item in items]
        if len(set(said)) == len(items):
            return said
    return []


SPOKEN_WORDS, SPOKEN_LETTERS = 32, 190
"""What an answer may have: at 175 words a minute, twelve seconds at most."""
NAME_WORDS = (12, 8, 6, 4, 3, 2)
"""Words a name may have in speech, the fewer the longer the answer is."""
WORD_LETTERS = 9
"""A name's words may have so many letters on average: some titles are one long word."""

_OPEN, _CLOSE = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
_NAME = re.compile(f"{_OPEN}([^{_CLOSE}]*){_CLOSE}")

_MEDIA = {None: "anything", "audio": "anything to listen to", "video": "anything to watch"}

DROPPED_SAID = 3
"""Conditions that are named when they were given up; of more it is said that it was most of them."""

_DROPPED = {
    "mood": "the mood",
    "length": "the length",
    "period": "the date",
    "popularity": "the popularity",
    "showing": "the time",
    "medium": "sound or video",
    "kind": "the kind",
    "language": "the language",
    "series": "the series",
    "creator": "the creator",
}


def _count(number: int, unit: str) -> str:
    return f"{number} {unit}{'' if number == 1 else 's'}" if number else ""


def _article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"

"""When something came out, or comes, as listeners say it: "last week's", "since January", "the newest". Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from skills.media.amounts import words
from skills.media.calendar_words import MONTHS, WEEKDAYS, NamedDays

Age = Literal["newest", "oldest"]

_CONNECTING = ("from", "in", "on", "during", "since", "after", "before", "until", "till")
_CLEAR = ("from", "in", "since", "after", "before", "until", "till")
_NEWEST = re.compile(r"\b(newest|latest|most recent|recent|recently|new)\b")
_OLDEST = re.compile(r"\b(oldest|earliest|first)\b")


@dataclass(frozen=True)
class Period:
    """Days from `since` to `until`, both included; None is open. `words` say it of a thing: "from last week"."""

    since: date | None = None
    until: date | None = None
    words: str = ""

    def __contains__(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


ANY_TIME = Period()


def age(text: str) -> Age | None:
    """Whether "the latest" or "the oldest" is asked for; None where neither is."""
    said = " ".join(words(text))
    return "newest" if _NEWEST.search(said) else "oldest" if _OLDEST.search(said) else None


def period(text: str, today: date, ahead: bool = False, among_words: bool = False) -> Period | None:
    """The first period that the words name; None where they name none.

    `among_words` of a whole utterance it only counts where it cannot be the occasion: "something for tonight".

    A day or month without a year is the last there was, or with `ahead` the next. A bare month or year ("may", "2019")
    counts where nothing else is said, or after "from", "since" and the like.
    """
    spoken = _plain(words(text))
    days = NamedDays(spoken, today, ahead)
    found = (_period_at(spoken, start, days, among_words) for start in range(len(spoken)))
    return next((one for one in found if one), None)


def _period_at(spoken: Sequence[str], start: int, days: NamedDays, among_words: bool) -> Period | None:
    """The period that begins at word `start`, with the word before the days that says how they are meant."""
    before = spoken[start]
    if before in ("from", "between") and (both := _both(spoken, start, days)):
        return both
    is_bare = before not in _CONNECTING
    named = days.at(start if is_bare else start + 1)
    if named is None:
        return None
    first, last, end = named
    if is_bare and days.is_vague(start) and (days.skip(0) < start or end < len(spoken)):
        return None
    if among_words and before not in _CLEAR and not _is_past(spoken, start, end):
        return None
    try:
        match before:
            case "since":
                return Period(first, None, _written(spoken[start:end]))
            case "after":
                return Period(last + timedelta(1), None, _written(spoken[start:end]))
            case "before":
                return Period(None, first - timedelta(1), _written(spoken[start:end]))
            case "until" | "till":
                return Period(None, last, _written(spoken[start:end]))
            case _:
                return Period(first, last, f"from {_written(spoken[start + (not is_bare) : end])}")
    except OverflowError:  # nothing is before the calendar begins
        return None


def _is_past(spoken: Sequence[str], start: int, end: int) -> bool:
    """Whether what is named by itself is something that things come from: "yesterday", "last month", "a week ago"."""
    named = spoken[start:end]
    is_unit = named[-1] in ("week", "month", "year") and not {"this", "last", "past", "previous"}.isdisjoint(named)
    is_occasion = start > 0 and spoken[start - 1] == "for"
    return not is_occasion and (is_unit or named[-1] in ("yesterday", "ago"))


def _both(spoken: Sequence[str], start: int, days: NamedDays) -> Period | None:
    """From one day to another: "between 2019 and 2021", "from March to May"."""
    first = days.at(start + 1)
    joined = ("and",) if spoken[start] == "between" else ("to", "until", "till")
    last = days.at(first[2] + 1) if first and days.word(first[2]) in joined else None
    if first is None or last is None or last[1] < first[0]:
        return None
    return Period(first[0], last[1], _written(spoken[start : last[2]]))


def _plain(spoken: Sequence[str]) -> list[str]:
    """The words without the "'s" of "last week's"; a decade as one word."""
    plain: list[str] = []
    for word in spoken:
        if word == "s" and plain and plain[-1].isdigit():
            plain[-1] += "s"
        elif bare := word.removesuffix("'s").strip("'"):
            plain.append(bare)
    return plain


def _written(spoken: Sequence[str]) -> str:
    names = (word.capitalize() if word in MONTHS or word in WEEKDAYS else word for word in spoken)
    written = " ".join(word for word in names if word not in ("st", "nd", "rd", "th"))
    return f"the {written}" if written.startswith("past") else written

"""Changes to a request, as they are said: "shorter", "something newer", "in Spanish", "something else by her". Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from skills.media import steering
from skills.media.catalogue import Item
from skills.media.recency import ANY_TIME, Period
from skills.media.wanted import ANY_LENGTH, Wanted
from skills.message import ItemId

WITHOUT_MAX = 50
"""Items that are kept out of a search at most: those that were shown last."""

_SHORTER = re.compile(r"\bshorter\b|\btoo long\b|\bnot (that|so) long\b|much time")
_LONGER = re.compile(r"\blonger\b|\btoo short\b|\bnot (that|so) short\b")
_NEWER = re.compile(r"\bnewer\b|\bmore recent\b|\btoo old\b|\b(so|that) old\b|\blater\b")
_OLDER = re.compile(r"\bolder\b|\btoo new\b|\bearlier\b")
_MORE_POPULAR = re.compile(r"\b(more popular|better known)\b")
_SAME_CREATOR = re.compile(r"\b(by|from|of) (her|him|them|the same|this|that)\b")
_OTHER_CREATOR = re.compile(r"\b(someone|somebody|anyone|anybody) else\b|\bnot (by |from )?(her|him|them)\b")
_OTHER_LANGUAGE = re.compile(r"\b(another|different|other) language\b")
_ELSE = re.compile(r"\b(else|different|another|other|others)\b")

_STATED = ("topic", "title", "creator", "series", "mood", "kind", "medium", "language", "showing")


def refined(before: Wanted, change: Wanted, example: Item, shown: Sequence[ItemId] = ()) -> Wanted | None:
    """The request with a change to it, all else being kept.

    Args:
        before: what was asked for.
        change: what is said now, read as a request.
        example: what it is said of: "shorter" is shorter than this.
        shown: what "something else" is other than.

    Returns:
        The changed request; None if nothing was said to change.
    """
    words = change.said.casefold()
    after = replace(
        before, asked_at=change.asked_at, **{name: said for name in _STATED if (said := getattr(change, name))}
    )
    if _OTHER_CREATOR.search(words):
        after = replace(after, creator="", unlike=(*after.unlike, ("creator", example.creator)))
    elif _OTHER_LANGUAGE.search(words):
        after = replace(after, language="", unlike=(*after.unlike, ("language", example.language)))
    elif _SAME_CREATOR.search(words) and not change.creator:
        after = replace(after, topic=change.topic, title=change.title, series=change.series, creator=example.creator)
        after = _except(after, (example.id,))
    elif _ELSE.search(words):
        after = _except(after, shown)
    after = _length(after, change, words, example)
    after = _period(after, change, words, example)
    if _MORE_POPULAR.search(words):
        after = replace(after, age=None, popular=True, more_popular_than=example.popularity)
    elif change.popular:
        after = replace(after, age=None, popular=True)
    return None if after == replace(before, asked_at=change.asked_at) else after


def _length(after: Wanted, change: Wanted, words: str, example: Item) -> Wanted:
    if (stated := steering.length(change.said)) != ANY_LENGTH:
        return replace(after, length=stated)
    if _SHORTER.search(words):
        return replace(after, length=steering.Length(at_most_s=example.duration_s - 1))
    if _LONGER.search(words):
        return replace(after, length=steering.Length(at_least_s=example.duration_s + 1))
    return after if change.length == ANY_LENGTH else replace(after, length=change.length)


def _period(after: Wanted, change: Wanted, words: str, example: Item) -> Wanted:
    if change.period != ANY_TIME:
        return replace(after, age=None, period=change.period)
    day = timedelta(days=1)
    if _NEWER.search(words):
        return replace(after, age=None, period=Period(since=example.published + day, words="newer"))
    if _OLDER.search(words):
        return replace(after, age=None, period=Period(until=example.published - day, words="older"))
    return after if change.age is None else replace(after, age=change.age)


def _except(after: Wanted, items: Sequence[ItemId]) -> Wanted:
    return replace(after, without=tuple(dict.fromkeys((*after.without, *items)))[-WITHOUT_MAX:])

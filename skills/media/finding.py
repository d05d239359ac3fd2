"""Finds the items that a listener asked for: names linked, conditions kept, and said which were not."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from search_index import And, AnyOf, Equals, Filter, Hit, Index, Not, Query, Sort
from search_index.names import spelt
from search_index.query import MAX_LIMIT
from skills.media import schedule
from skills.media.catalogue import Item
from skills.media.conditions import MAKERS, Request, conditions, order
from skills.media.naming import Named, NameField, resolve
from skills.media.wanted import Wanted
from skills.message import ItemId

RESULTS = 10
"""Results kept of a search: as many as "the tenth one" can name."""

MEANING_CERTAIN, MEANING_WITH_WORDS = 0.35, 0.25
"""Cosines from which a result is about what was asked: without, and with one of the words occurring in it.

On the demo catalogue, topics it has scored 0.29 and more with a word in common, topics it does not have 0.24 and less.
"""

ORDERED_DEPTH, ORDERED_SCORE = 100, 0.5
"""Of a topic's results this many, with this share of the best score, are put into another order: the newest talk about
bread is no talk that mentions bread."""

RELAXING = ("mood", "length", "period", "popularity", "showing", "medium", "kind", "language", "series", "creator")
"""In this order conditions are given up when nothing meets all: the first without which there is something, or else as
few as it takes."""

LOOSE = ("kind", "medium")
"""What is named by its title need not be: people call a talk a podcast, and the answer says what it is."""

ASKED_BETWEEN = 3
"""Alternatives that one question can hold."""


@dataclass(frozen=True)
class Choice:
    """A name that fits several about equally: its field, and the best item of each."""

    field: NameField
    items: tuple[ItemId, ...]


@dataclass(frozen=True)
class Found:
    """Results of a request, best first; `dropped` names conditions that nothing met, `certain` whether the first is
    about what was asked rather than merely nearest to it.
    """

    items: tuple[Item, ...]
    dropped: tuple[str, ...]
    certain: bool
    stages_ms: Mapping[str, float]
    linked: tuple[float, ...] = ()
    """Link scores (0 to 1) of the names that were found."""
    meaning: float | None = None
    """Cosine of the first result that is about what was asked beside names, 0.0 where none is; None where nothing was.
    """
    between: Choice | None = None
    """What is to be asked about, if anything; its items come first."""
    doubtful: str = ""
    """The catalogue's name that a heard one was taken for, where it may have been misheard and another be meant."""


class Finder:
    """Searches one state of the catalogue; any number of threads may use it."""

    def __init__(self, index: Index, items: Mapping[ItemId, Item]) -> None:
        self._index = index
        self._items = items

    def find(self, wanted: Wanted, within: Sequence[ItemId] = ()) -> Found:
        """Search for what was asked, `within` these items if any are given; see `Found`."""
        started = time.perf_counter()
        named, left = resolve(self._index, wanted)
        request = self._asked(wanted, named, left, within)
        answer = self._called(wanted, named, request) if "title" in named else None
        if answer is None:
            if "title" in named:  # what was taken for a title is a topic after all
                left = {**left, "topic": wanted.title or wanted.topic}
                request = replace(request, text=" ".join(left.values()))
            answer = self._searched(named, left, request)
        return replace(
            answer,
            linked=tuple(name.score for name in named.values()),
            doubtful=next((name.values[0] for name in named.values() if name.doubtful), ""),
            stages_ms={"search": (time.perf_counter() - started) * 1000},
        )

    def _asked(
        self, wanted: Wanted, named: Mapping[NameField, Named], left: Mapping[str, str], within: Sequence[ItemId]
    ) -> Request:
        met = conditions(wanted, named)
        text = " ".join(left.values())
        if wanted.mood and not self._index.count(met["mood"]):  # no mood of the catalogue's, but a word
            del met["mood"]
            text = f"{wanted.mood} {text}".strip()
        listed = tuple(self._showing(wanted)) if wanted.showing else ()
        if wanted.showing:
            met["showing"] = AnyOf("id", listed)
        if not text and not wanted.is_narrowed and not named:
            text = wanted.said  # for nothing in particular, whatever the utterance says
        kept: list[Filter] = [AnyOf("id", within)] if within else []
        if wanted.without:
            kept.append(Not(AnyOf("id", wanted.without)))
        kept += [Not(Equals(field, value)) for field, value in wanted.unlike]
        return Request(text, met, tuple(kept), order(wanted, "series" in met and not text), listed)

    def _showing(self, wanted: Wanted) -> list[ItemId]:
        """The shows that are live or still to come, as asked, in the order of their beginnings."""
        now = wanted.asked_at or schedule.local_now()
        starts = {
            item.id: start
            for item in self._items.values()
            if schedule.state(item, now) is wanted.showing and (start := schedule.next_start(item, now))
        }
        meant = [one for one, start in starts.items() if start.astimezone(now.tzinfo).date() in wanted.period]
        return sorted(meant, key=lambda one: (starts[one], one))

    def _called(self, wanted: Wanted, named: Mapping[NameField, Named], request: Request) -> Found | None:
        """What is called like that, and after it what is like it; None if a topic is a title only by chance."""
        title = named["title"]
        there = self._among(title.items, replace(request, conditions={}))
        if not there:
            return None
        strict = request.without(*LOOSE)
        fitting = self._among(title.items, request) or self._among(title.items, strict)
        if not fitting and not wanted.title:
            return None
        if not fitting:
            one = AnyOf("id", there[:1])
            unmet = (
                name for name, condition in strict.conditions.items() if not self._index.count(And(one, condition))
            )
            return self._found(there[:1], tuple(unmet), certain=True)
        like = replace(request, text=request.text or wanted.title or wanted.topic, order=None)
        ids = dict.fromkeys([*fitting, *(hit.id for hit in self._about(like))])
        found = self._found(list(ids), (), certain=True)
        return replace(found, between=Choice("title", fitting) if 1 < len(fitting) <= ASKED_BETWEEN else None)

    def _among(self, ids: Sequence[ItemId], request: Request) -> tuple[ItemId, ...]:
        """Those of the items that meet the conditions."""
        asked = And(AnyOf("id", ids), *request.kept, *request.conditions.values())
        passing = {hit.id for hit in self._index.search(Query(filter=asked, limit=max(1, len(ids)))).hits}
        return tuple(one for one in ids if one in passing)

    def _searched(self, named: Mapping[NameField, Named], left: Mapping[str, str], request: Request) -> Found:
        hits = self._about(request)
        unknown = [name for name in MAKERS if name in left]
        if unknown:  # a name that links to nothing may still be a guest's
            hits = [hit for hit in hits if all(self._mentions(hit.id, left[name]) for name in unknown)]
        dropped: tuple[str, ...] = ()
        subject = " ".join(text for name, text in left.items() if name not in unknown)
        if not hits and unknown and (subject or request.conditions):
            request, dropped = replace(request, text=subject), tuple(unknown)
            hits = self._about(request)
        if not hits:
            hits, more = self._relaxed(request)
            dropped = (*dropped, *more)
        if not hits and request.text:
            nearest = self._search(request, 1) or self._search(replace(request, conditions={}), 1)
            return replace(self._found([hit.id for hit in nearest], (), certain=False), meaning=0.0)
        between = None if dropped else self._between(named, request, hits)
        ids = dict.fromkeys([*(between.items if between else ()), *(hit.id for hit in hits)])
        meaning = hits[0].explanation.meaning.raw if hits and request.text else None
        found = self._found(list(ids), dropped, certain=bool(hits))
        return replace(found, between=between, meaning=meaning)

    def _relaxed(self, request: Request) -> tuple[list[Hit], tuple[str, ...]]:
        """What there is without as few of the conditions as possible, and which those are; makers are given up last."""
        if request.text and not self._about(replace(request, conditions={})):
            return [], ()
        names = [name for name in RELAXING if name in request.conditions]
        light = [name for name in names if name not in MAKERS]
        several = [tuple(group[:count]) for group in (light, names) for count in range(2, len(group) + 1)]
        for dropped in [*((name,) for name in light), *several, *((name,) for name in names)]:
            if not (request.text or request.without(*dropped).conditions):
                continue  # nothing of the request would be left
            if hits := self._about_if_any(request.without(*dropped)):
                return self._restored(request, list(dropped), hits)
        if names == ["period"]:  # "from last week" alone: then the newest
            return self._about(replace(request, conditions={}, order=Sort("published", descending=True))), ("period",)
        return [], tuple(names)

    def _restored(self, request: Request, dropped: list[str], hits: list[Hit]) -> tuple[list[Hit], tuple[str, ...]]:
        """The same with those conditions back that need not have been given up."""
        for name in reversed(dropped) if len(dropped) > 1 else ():
            fewer = [one for one in dropped if one != name]
            if fewer and (more := self._about_if_any(request.without(*fewer))):
                dropped, hits = fewer, more
        return hits, tuple(dropped)

    def _between(self, named: Mapping[NameField, Named], request: Request, hits: Sequence[Hit]) -> Choice | None:
        """The best item of each of several makers that a name fits about equally, as far as they have what is asked."""
        for field in MAKERS:
            values = named[field].values if field in named and field in request.conditions else ()
            if 1 < len(values) <= ASKED_BETWEEN:
                best = [self._best_of(field, value, request, hits) for value in values]
                between = tuple(one for one in best if one)
                return Choice(field, between) if len(between) > 1 else None
        return None

    def _best_of(self, field: NameField, value: str, request: Request, hits: Sequence[Hit]) -> ItemId:
        known = (hit.id for hit in hits if hit.values[field] == value)
        return next(known, "") or next((hit.id for hit in self._about(request.having(field, Equals(field, value)))), "")

    def _about_if_any(self, request: Request) -> list[Hit]:
        """The same as `_about`; counting, which costs little, spares most searches that would find nothing."""
        return self._about(request) if self._index.count(request.filter) else []

    def _about(self, request: Request) -> list[Hit]:
        """Results that are about what was asked, in the order asked for."""
        if not request.text and request.listed and request.order is None and "showing" in request.conditions:
            hits = self._search(request, min(len(request.listed), MAX_LIMIT))
            return sorted(hits, key=lambda hit: request.listed.index(hit.id))[:RESULTS]
        if not request.text:
            return self._search(request, RESULTS)
        if request.order is None:
            return [hit for hit in self._search(request, RESULTS) if self._is_about(hit, request.text)]
        field, descending = request.order.field, request.order.descending
        hits = [hit for hit in self._search(request, ORDERED_DEPTH) if self._is_about(hit, request.text)]
        hits.sort(key=lambda hit: _comparable(hit.values[field]), reverse=descending)
        return hits[:RESULTS]

    def _search(self, request: Request, limit: int) -> list[Hit]:
        order, least = (None, ORDERED_SCORE) if request.text and request.order else (request.order, 0.0)
        if not request.text and order is None:
            order = Sort("popularity", descending=True)
        query = Query(text=request.text, filter=request.filter, limit=limit, sort=order, min_score=least)
        return [hit for hit in self._index.search(query).hits if hit.id in self._items]

    def _is_about(self, hit: Hit, text: str) -> bool:
        """Whether a result is about what was asked, rather than merely the nearest there is."""
        meaning = hit.explanation.meaning.raw
        if hit.explanation.words.raw > 0:
            # A story in which bread is eaten is not about bread: a passage has to come nearer than the item itself.
            return meaning >= (MEANING_CERTAIN if hit.chunk else MEANING_WITH_WORDS) or self._says(hit.id, text)
        # A sentence in passing may come close to anything; without one of the words, the item itself has to.
        return hit.chunk is None and meaning >= MEANING_CERTAIN

    def _says(self, item_id: ItemId, text: str) -> bool:
        """Whether an item says itself that it is about a text: all its words are in the title or a tag, or of several
        words all in what it tells of itself.
        """
        item, words = self._items[item_id], set(spelt(text).split())
        if any(words <= set(spelt(name).split()) for name in (item.title, *item.tags)):
            return True
        return len(words) > 1 and self._mentions(item_id, text)

    def _mentions(self, item_id: ItemId, name: str) -> bool:
        """Whether all words of a name are in what is known of an item."""
        item = self._items[item_id]
        speakers = {said.speaker for said in item.transcript}
        texts = (item.title, item.creator, item.series, item.description, *item.tags, *speakers)
        return set(spelt(name).split()) <= set(spelt(" ".join(texts)).split())

    def _found(self, ids: Sequence[ItemId], dropped: tuple[str, ...], certain: bool) -> Found:
        items = tuple(self._items[one] for one in ids[:RESULTS] if one in self._items)
        return Found(items, dropped, certain and bool(items), {})


def _comparable(value: object) -> float:
    """A date or a number of a hit, to be compared."""
    if isinstance(value, date):
        return float(value.toordinal())
    assert isinstance(value, int | float)
    return float(value)

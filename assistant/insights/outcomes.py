"""What has become of the conversations of a span: each is contained, handed over or unsolved."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy.engine import Connection

from assistant.insights import picking
from assistant.insights.measures import Measure
from assistant.insights.records import Bar
from assistant.insights.spans import Span, quarter_of, wall_time
from assistant.insights.tops import latest

STACK = (Measure.CONTAINED, Measure.HANDED_OVER, Measure.UNSOLVED)

QUARTERS = 100_000
"""Of which the hour by the clock of a shop is known at once: three years."""

Hour = tuple[int, int]
"""Day of the week, from 0 for Monday, and hour of the day."""


class Begun(NamedTuple):
    """A conversation in a span: in which quarters of an hour its shopper first and last wrote there, and what has
    become of it.
    """

    conversation: str
    first: int
    last: int
    outcome: Measure


@dataclass(frozen=True)
class _Replies:
    """Of a span: the last answer of each conversation (its seq), those to which people replied, and the times."""

    last: Mapping[str, int]
    people: set[str]
    timed: Mapping[str, Mapping[str, int]]
    took: Mapping[str, Sequence[int]]


@dataclass(frozen=True)
class Outcomes:
    """All conversations of a span in which a shopper wrote, the last used first, and by the hours in which they did."""

    conversations: tuple[Begun, ...]
    hours: Mapping[Hour, Set[str]]
    timed: Mapping[str, Mapping[str, int]]
    """By who answered (BOT, AGENT): the conversations, with the longest that an answer took, in milliseconds."""
    took: Mapping[str, Sequence[int]]
    """By who answered: how long each answer took, in milliseconds, the shortest first."""

    def count(self, outcome: Measure) -> int:
        """Of how many this has become."""
        return sum(one.outcome is outcome for one in self.conversations)


def outcomes(connection: Connection, shop: str, span: Span) -> Outcomes:
    """Read what has become of a span's conversations."""
    replies = _replies(connection, shop, span)
    people = {*latest(connection, picking.taken(shop, span)), *replies.people}
    badly = set(connection.execute(picking.complained(shop, span)).scalars())
    left = connection.execute(picking.left_open(shop, span)).all()
    badly.update(conversation for conversation, seq in left if seq >= replies.last.get(conversation, 0))
    written = [
        (conversation, quarter) for conversation, quarter in connection.execute(picking.written(shop, span)).all()
    ]
    first, last = dict(reversed(written)), dict(written)
    newest = sorted(sorted(first), key=last.__getitem__, reverse=True)
    found = tuple(Begun(one, first[one], last[one], _outcome(one, people, badly)) for one in newest)
    return Outcomes(found, _hours(written, span.zone), replies.timed, replies.took)


def by_bar(found: Outcomes, span: Span) -> tuple[Bar, ...]:
    """How many began in each bar of the span, by what became of them. Pure."""
    bars = span.bars()
    begins = [quarter_of(bar.since) for bar in bars]
    counted = Counter((bisect_right(begins, one.first) - 1, one.outcome) for one in found.conversations)
    return tuple(Bar(bar, {one: counted[place, one] for one in STACK}) for place, bar in enumerate(bars))


def _replies(connection: Connection, shop: str, span: Span) -> _Replies:
    timed: dict[str, dict[str, int]] = {picking.BOT: {}, picking.AGENT: {}}
    each: dict[str, list[str]] = {picking.BOT: [], picking.AGENT: []}
    last: dict[str, int] = {}
    people = set()
    for by, conversation, seq, slowest, took in connection.execute(picking.replied(shop, span)).all():
        if seq > last.get(conversation, 0):
            last[conversation] = seq
        if by == picking.AGENT:
            people.add(conversation)
        if slowest is not None:
            each[by].append(took)
            if slowest > timed[by].get(conversation, -1):
                timed[by][conversation] = slowest
    return _Replies(last, people, timed, {by: sorted(map(int, " ".join(those).split())) for by, those in each.items()})


def _hours(written: Iterable[tuple[str, int]], zone: ZoneInfo) -> dict[Hour, set[str]]:
    found: defaultdict[Hour, set[str]] = defaultdict(set)
    for conversation, quarter in written:
        found[_hour(quarter, zone)].add(conversation)
    return dict(found)


@lru_cache(QUARTERS)
def _hour(quarter: int, zone: ZoneInfo) -> Hour:
    at = wall_time(quarter, zone)
    return at.weekday(), at.hour


def _outcome(conversation: str, people: set[str], badly: set[str]) -> Measure:
    if conversation in people:
        return Measure.HANDED_OVER
    return Measure.UNSOLVED if conversation in badly else Measure.CONTAINED

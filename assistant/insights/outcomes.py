"""What has become of the conversations of a span: each is contained, handed over or unsolved."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy.engine import Connection

from assistant.insights import picking
from assistant.insights.measures import Measure
from assistant.insights.records import Bar
from assistant.insights.spans import Span, quarter_of, wall_time
from assistant.insights.tops import latest

STACK = (Measure.CONTAINED, Measure.HANDED_OVER, Measure.UNSOLVED)

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
class Outcomes:
    """All conversations of a span in which a shopper wrote, the last used first, and by the hours in which they did."""

    conversations: tuple[Begun, ...]
    hours: Mapping[Hour, frozenset[str]]
    timed: Mapping[str, Mapping[str, int]]
    """By who answered (BOT, AGENT): the conversations, with the longest that an answer took, in milliseconds."""

    def count(self, outcome: Measure) -> int:
        """Of how many this has become."""
        return sum(one.outcome is outcome for one in self.conversations)


def outcomes(connection: Connection, shop: str, span: Span) -> Outcomes:
    """Read what has become of a span's conversations."""
    replied: dict[str, dict[str, int | None]] = {picking.BOT: {}, picking.AGENT: {}}
    for by, conversation, slowest in connection.execute(picking.replied(shop, span)):
        replied[by][conversation] = slowest
    people = {*latest(connection, picking.taken(shop, span)), *replied[picking.AGENT]}
    badly = set(connection.execute(picking.ended_badly(shop, span)).scalars())
    first: dict[str, int] = {}
    last: dict[str, int] = {}
    in_quarter: dict[int, list[str]] = {}
    for conversation, quarter in connection.execute(picking.written(shop, span)):
        first[conversation] = min(quarter, first.get(conversation, quarter))
        last[conversation] = max(quarter, last.get(conversation, quarter))
        in_quarter.setdefault(quarter, []).append(conversation)
    newest = sorted(first, key=lambda one: (-last[one], one))
    found = tuple(Begun(one, first[one], last[one], _outcome(one, people, badly)) for one in newest)
    timed = {by: {one: took for one, took in those.items() if took is not None} for by, those in replied.items()}
    return Outcomes(found, _hours(in_quarter, span), timed)


def by_bar(found: Outcomes, span: Span) -> tuple[Bar, ...]:
    """How many began in each bar of the span, by what became of them. Pure."""
    bars = span.bars()
    begins = [quarter_of(bar.since) for bar in bars]
    counted = Counter((bisect_right(begins, one.first) - 1, one.outcome) for one in found.conversations)
    return tuple(Bar(bar, {one: counted[place, one] for one in STACK}) for place, bar in enumerate(bars))


def _hours(in_quarter: Mapping[int, list[str]], span: Span) -> dict[Hour, frozenset[str]]:
    found: dict[Hour, set[str]] = {}
    for quarter, those in in_quarter.items():
        at = wall_time(quarter, span.zone)
        found.setdefault((at.weekday(), at.hour), set()).update(those)
    return {hour: frozenset(those) for hour, those in found.items()}


def _outcome(conversation: str, people: set[str], badly: set[str]) -> Measure:
    if conversation in people:
        return Measure.HANDED_OVER
    return Measure.UNSOLVED if conversation in badly else Measure.CONTAINED

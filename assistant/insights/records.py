"""What insights tell: typed results; every count is one of conversations unless it says otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from assistant.insights.measures import Measure
from assistant.insights.spans import Span
from skills.fact import Fact
from skills.shopping.money import Money


@dataclass(frozen=True)
class KeptFact:
    """A fact with the message that it belongs to: `seq`, which answers the shopper's message `question`."""

    id: int
    conversation: str
    seq: int
    question: int | None
    at: datetime
    fact: Fact


@dataclass(frozen=True)
class Counted:
    """Something that came up: in how many conversations, and how often in all. `subject` is the id that
    `measures.Behind` takes, `text` what was said, where that is not the same.
    """

    subject: str
    conversations: int
    times: int
    text: str = ""


@dataclass(frozen=True)
class Times:
    """How long shoppers waited for an answer: half of them, and 95 of 100, no longer than so many milliseconds."""

    conversations: int
    p50_ms: int | None = None
    p95_ms: int | None = None


@dataclass(frozen=True)
class Summary:
    """A span in numbers: every conversation is one of contained, handed over and unsolved."""

    conversations: int
    contained: int
    handed_over: int
    unsolved: int
    liked: int
    disliked: int
    unanswered: int
    bot: Times
    people: Times

    @property
    def contained_share(self) -> float | None:
        """Of all conversations, 0 to 1."""
        return self.contained / self.conversations if self.conversations else None

    @property
    def satisfaction(self) -> float | None:
        """The share of rated conversations in which nothing was rated badly, 0 to 1."""
        rated = self.liked + self.disliked
        return self.liked / rated if rated else None


@dataclass(frozen=True)
class Bar:
    """A day, or a week, of a span: how many conversations of each measure began in it."""

    span: Span
    counts: Mapping[Measure, int]


@dataclass(frozen=True)
class Overview:
    """A span as a whole, bar by bar, and by the hours of the week in which shoppers wrote (0 is Monday; hour)."""

    summary: Summary
    bars: tuple[Bar, ...]
    hours: Mapping[tuple[int, int], int]


@dataclass(frozen=True)
class TopicLine:
    """A topic, in how many conversations it came up, and in which bar of the span it first did."""

    topic: str
    conversations: int
    bars: tuple[int, ...]


@dataclass(frozen=True)
class AssistedOrder:
    """An order of something that the assistant had shown its shopper: `revenue` is the price of that, and
    `conversation` where it was shown last.
    """

    number: str
    placed: datetime
    conversation: str
    revenue: Money


@dataclass(frozen=True)
class Listed:
    """A conversation in the list behind a number."""

    conversation: str
    title: str
    customer: str
    began: datetime
    used: datetime


@dataclass(frozen=True)
class NotFound:
    """What customers wanted and did not get: searches without result, and questions without answer, most first."""

    searches: tuple[Counted, ...]
    questions: tuple[Counted, ...]

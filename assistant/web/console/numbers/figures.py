"""The figures of a span beside those of the span before, each with the lists that it opens. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from assistant.insights.measures import Measure
from assistant.insights.records import Summary, Times
from assistant.web.console.numbers.definitions import DEFINITIONS
from assistant.web.console.numbers.wording import duration, grown, moved, plural, share, slowed


@dataclass(frozen=True)
class Opens:
    """A link to the conversations behind a number: as many as it says."""

    label: str
    count: int
    measure: Measure
    subject: str = ""
    bar: str = ""

    @property
    def query(self) -> str:
        """For the address of the list, before the span's."""
        asked = {"measure": self.measure.value, "subject": self.subject, "bar": self.bar}
        return urlencode({name: value for name, value in asked.items() if value})


@dataclass(frozen=True)
class Figure:
    """One number: its value in words, what it opens if it is a count itself, how it has changed, what it counts, and
    the counts that it is made from.
    """

    measure: Measure
    name: str
    value: str
    notes: tuple[str, ...]
    opens: tuple[Opens, ...] = ()
    number: Opens | None = None

    @property
    def what(self) -> str:
        """What exactly is counted."""
        return DEFINITIONS[self.measure]


def figures(now: Summary, before: Summary) -> list[Figure]:
    """All of them, the most telling first."""
    rated = (
        Opens(f"{now.liked:,} rated well", now.liked, Measure.LIKED),
        Opens(f"{now.disliked:,} rated badly", now.disliked, Measure.DISLIKED),
    )
    return [
        _count(Measure.ALL, "Conversations", now.conversations, before.conversations),
        _part(Measure.CONTAINED, "Contained by the bot", now, before, lambda one: one.contained),
        _part(Measure.HANDED_OVER, "Handed over to people", now, before, lambda one: one.handed_over),
        _part(Measure.UNSOLVED, "Unsolved", now, before, lambda one: one.unsolved),
        Figure(
            Measure.LIKED,
            "Satisfaction",
            share(now.satisfaction),
            _told(moved(now.satisfaction, before.satisfaction)),
            rated,
        ),
        _count(Measure.UNANSWERED, "With an unanswered question", now.unanswered, before.unanswered),
        _took(Measure.BOT, "The bot answers within", now.bot, before.bot),
        _took(Measure.PEOPLE, "People answer within", now.people, before.people),
    ]


def _count(measure: Measure, name: str, now: int, before: int) -> Figure:
    return Figure(measure, name, f"{now:,}", _told(grown(now, before)), number=Opens(f"{now:,}", now, measure))


def _part(measure: Measure, name: str, now: Summary, before: Summary, of: Callable[[Summary], int]) -> Figure:
    part, was = (of(one) / one.conversations if one.conversations else None for one in (now, before))
    return Figure(measure, name, share(part), _told(moved(part, was)), (_opens(of(now), measure),))


def _took(measure: Measure, name: str, now: Times, before: Times) -> Figure:
    slow = f"half of the answers; 95 of 100 within {duration(now.p95_ms)}" if now.p95_ms is not None else ""
    opens = (_opens(now.conversations, measure),)
    return Figure(measure, name, duration(now.p50_ms), _told(slow, slowed(now.p50_ms, before.p50_ms)), opens)


def _opens(count: int, measure: Measure) -> Opens:
    return Opens(plural(count, "conversation"), count, measure)


def _told(*notes: str) -> tuple[str, ...]:
    return tuple(note for note in notes if note)

"""The tables of the numbers: what stands beside each picture, and what is downloaded as CSV."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.insights.behind import hour_name
from assistant.insights.measures import Measure
from assistant.insights.outcomes import STACK
from assistant.insights.records import AssistedOrder, Bar, Counted, TopicLine
from assistant.insights.spans import Span
from assistant.web.console.numbers.choosing import bar_in_words
from assistant.web.console.numbers.definitions import HEADINGS, topic_name
from assistant.web.console.numbers.figures import Opens
from assistant.web.console.numbers.naming import AnswerNames
from skills.csv_files import Cell
from skills.storefront.hours_words import DAYS

Line = tuple[Cell | Opens, ...]


@dataclass(frozen=True)
class Sheet:
    """A table: a cell that opens conversations is a number with a link."""

    name: str
    title: str
    header: tuple[str, ...]
    lines: tuple[Line, ...]
    what: str = ""

    def cells(self) -> list[list[Cell]]:
        """Without links, for a file."""
        return [[one.count if isinstance(one, Opens) else one for one in line] for line in self.lines]


def by_days(bars: tuple[Bar, ...], what: str) -> Sheet:
    """What became of the conversations of each day, or week."""
    lines: list[Line] = []
    for bar in bars:
        first = bar.span.first.isoformat()
        parts = [_opens(bar.counts[one], one, bar=first) for one in STACK]
        days = (
            bar_in_words(bar.span) if bar.span.days == 1 else f"{bar_in_words(bar.span)} and {bar.span.days - 1} days"
        )
        lines.append((days, _opens(sum(bar.counts.values()), Measure.ALL, bar=first), *parts))
    unit = "Day" if all(bar.span.days == 1 for bar in bars) else "Days from"
    return Sheet(
        "days", "Conversations over time", (unit, "All", *(HEADINGS[one] for one in STACK)), tuple(lines), what
    )


def by_hours(hours: Mapping[tuple[int, int], int], what: str) -> Sheet:
    """In how many conversations customers wrote in each hour of the week."""
    lines: tuple[Line, ...] = tuple(
        (f"{hour}:00", *(_opens(hours.get((day, hour), 0), Measure.HOUR, hour_name(day, hour)) for day in range(7)))
        for hour in range(24)
    )
    return Sheet("hours", "Hours of the week", ("Hour", *DAYS), lines, what)


def of_topics(found: list[TopicLine], span: Span, what: str) -> Sheet:
    """In how many conversations each topic first came up in each bar."""
    bars = span.bars()
    lines: tuple[Line, ...] = tuple(
        (
            topic_name(one.topic),
            *(
                _opens(count, Measure.TOPIC, one.topic, bar.first.isoformat())
                for count, bar in zip(one.bars, bars, strict=True)
            ),
            _opens(one.conversations, Measure.TOPIC, one.topic),
        )
        for one in found
    )
    return Sheet("topics", "Topics over time", ("Topic", *(bar_in_words(bar) for bar in bars), "All"), lines, what)


def of_answers(found: list[Counted], names: AnswerNames, what: str) -> Sheet:
    """Which of the shop's answers were given most."""
    rows = [(names.question(one.subject), one) for one in found]
    return _counted("answers", "Most asked, and answered", "Question", rows, Measure.ANSWER, what)


def of_unanswered(found: list[Counted], what: str) -> Sheet:
    """What was asked most, and not answered."""
    rows = [(one.text, one) for one in found]
    return _counted("unanswered", "Most asked, and not answered", "Question", rows, Measure.QUESTION, what)


def of_searches(found: list[Counted], what: str) -> Sheet:
    """What was looked for most, and not found."""
    rows = [(one.subject, one) for one in found]
    return _counted("searches", "Looked for, and not found", "Search", rows, Measure.SEARCH, what)


def of_products(found: list[Counted], titles: Mapping[str, str], what: str) -> Sheet:
    """What was asked about most."""
    rows = [(titles[one.subject], one) for one in found]
    return _counted("products", "Products asked about", "Product", rows, Measure.PRODUCT, what)


def of_orders(found: list[AssistedOrder], what: str) -> Sheet:
    """Orders upon which a conversation had a part."""
    lines = tuple((one.number, one.placed, one.revenue.amount, one.revenue.currency, one.conversation) for one in found)
    header = ("Order", "Placed", "Price of what was shown", "Currency", "Conversation")
    return Sheet("orders", "Assisted orders", header, lines, what)


def _counted(name: str, title: str, column: str, rows: list[tuple[str, Counted]], measure: Measure, what: str) -> Sheet:
    lines = tuple((label, _opens(one.conversations, measure, one.subject), one.times) for label, one in rows)
    return Sheet(name, title, (column, "Conversations", "Times"), lines, what)


def _opens(count: int, measure: Measure, subject: str = "", bar: str = "") -> Opens:
    return Opens(f"{count:,}", count, measure, subject, bar)

"""The pictures of the numbers, each with a sentence that says what it shows. Pure."""

from __future__ import annotations

from assistant.insights.measures import Measure
from assistant.insights.outcomes import STACK
from assistant.insights.records import Overview, TopicLine
from assistant.insights.spans import Span
from assistant.web.console.numbers.charts import Picture, rows, stacked, week
from assistant.web.console.numbers.choosing import bar_in_words
from assistant.web.console.numbers.definitions import topic_name
from assistant.web.console.numbers.wording import plural
from skills.storefront.hours_words import DAYS

_NAMES = {Measure.CONTAINED: "Contained by the bot", Measure.HANDED_OVER: "Handed over", Measure.UNSOLVED: "Unsolved"}


def of_days(found: Overview) -> Picture:
    """What became of conversations, day by day or week by week."""
    labels = [bar_in_words(bar.span) for bar in found.bars]
    totals = [sum(bar.counts.values()) for bar in found.bars]
    series = {_NAMES[one]: [bar.counts[one] for bar in found.bars] for one in STACK}
    parts = ", ".join(f"{sum(counts)} {name.lower()}" for name, counts in series.items())
    most = max(range(len(totals)), key=lambda place: totals[place])
    told = f"{plural(sum(totals), 'conversation')}: {parts}. Most began on {labels[most]}: {totals[most]}."
    return stacked("days", "Conversations over time", told, labels, series)


def of_hours(found: Overview) -> Picture:
    """When customers write."""
    told = "Nobody wrote."
    if found.hours:
        day, hour = max(sorted(found.hours), key=lambda one: found.hours[one])
        told = f"Most conversations on {DAYS[day]}s from {hour}:00 to {hour + 1}:00: {found.hours[day, hour]}."
    return week("hours", "Hours of the week in which customers write", told, DAYS, found.hours)


def of_topics(found: list[TopicLine], span: Span) -> Picture:
    """What conversations were about, over time."""
    told = "; ".join(f"{topic_name(one.topic)}: {plural(one.conversations, 'conversation')}" for one in found)
    counts = {topic_name(one.topic): one.bars for one in found}
    labels = [bar_in_words(bar) for bar in span.bars()]
    return rows("topics", "Topics over time", f"{told}." if told else "Nothing came up.", labels, counts)

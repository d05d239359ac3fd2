"""What conversations were about: the folders of the answers that were given, and what every shop is asked for."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Mapping

from sqlalchemy.engine import Connection

from assistant.insights import picking
from assistant.insights.measures import Topic
from assistant.insights.records import TopicLine
from assistant.insights.spans import Span, quarter_of
from skills.fact import FactKind, Source

Folders = Mapping[str, str]
"""Of a shop's answers, by their ids; the topmost is the topic."""

FOLDER = "folder:"
"""What a topic begins with that is a folder."""

_OF_SOURCE = {
    Source.PRODUCT: Topic.PRODUCTS,
    Source.REVIEWS: Topic.PRODUCTS,
    Source.STOCK: Topic.PRODUCTS,
    Source.DELIVERY: Topic.DELIVERY,
    Source.ORDER: Topic.ORDERS,
}


CameUp = dict[str, dict[str, int]]
"""Topic -> conversation -> the quarter of an hour in which it first came up there."""


def came_up(connection: Connection, shop: str, span: Span, folders: Folders) -> CameUp:
    """The topics of a span's conversations."""
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for kind in (FactKind.ANSWERED, FactKind.UNANSWERED, FactKind.SEARCHED):
        first_of: dict[tuple[str, str], dict[str, int]] = {}
        for source, subject, conversation, quarter in connection.execute(picking.latest_first(shop, span, kind)).all():
            if (first := first_of.get((source, subject))) is None:
                first = first_of[source, subject] = found[_topic(kind, source, subject, folders)]
            first[conversation] = quarter  # the latest come first, so that the earliest is what stays
    return dict(found)


def lines(found: CameUp, span: Span) -> list[TopicLine]:
    """The topics of a span, the most frequent first. Pure."""
    begins = [quarter_of(bar.since) for bar in span.bars()]
    told = []
    for topic, first in found.items():
        counted = Counter(bisect_right(begins, quarter) - 1 for quarter in first.values())
        told.append(TopicLine(topic, len(first), tuple(counted[bar] for bar in range(len(begins)))))
    return sorted(told, key=lambda one: (-one.conversations, one.topic))


def _topic(kind: FactKind, source: str, answer: str, folders: Folders) -> str:
    if kind is FactKind.SEARCHED:
        return Topic.SEARCHES
    if kind is FactKind.UNANSWERED:
        return Topic.UNANSWERED
    if source == Source.SHOP.value:
        folder = folders.get(answer, "").partition("/")[0]
        return f"{FOLDER}{folder}" if folder else Topic.QUESTIONS
    return _OF_SOURCE.get(Source(source), Topic.QUESTIONS)

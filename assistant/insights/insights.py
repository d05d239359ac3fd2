"""Reads the facts of shops' chats: every method blocks, is one shop's, and raises ServiceError(`storage_failed`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, select
from sqlalchemy.engine import Connection, Engine

from assistant.chat.tables import conversations, facts
from assistant.insights import picking, topics, tops
from assistant.insights.assisted import assisted
from assistant.insights.behind import behind
from assistant.insights.measures import Behind, Measure
from assistant.insights.outcomes import Outcomes, by_bar, outcomes
from assistant.insights.records import AssistedOrder, Counted, KeptFact, Listed, NotFound, Overview, Summary, TopicLine
from assistant.insights.spans import Span
from assistant.insights.topics import Folders
from assistant.storage.transactions import reading
from skills.fact import Fact, FactKind
from skills.stored_times import in_utc

PAGE = 500
TOP = 10


class Insights:
    """On a database that has the tables already. Thread-safe."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def overview(self, shop: str, span: Span) -> Overview:
        """A span in numbers, bar by bar, and by the hours of the week."""
        with reading(self._engine) as connection:
            found = outcomes(connection, shop, span)
            summary = _summary(connection, shop, span, found)
        return Overview(summary, by_bar(found, span), {hour: len(those) for hour, those in found.hours.items()})

    def summary(self, shop: str, span: Span) -> Summary:
        """The numbers alone."""
        with reading(self._engine) as connection:
            return _summary(connection, shop, span, outcomes(connection, shop, span))

    def top_questions(self, shop: str, span: Span, limit: int = TOP) -> list[Counted]:
        """The shop's answers that were given in most conversations (`subject` is an answer's id)."""
        return self._top(Measure.ANSWER, shop, span, limit)

    def unanswered_questions(self, shop: str, span: Span, limit: int = TOP) -> list[Counted]:
        """Questions that were not answered, by meaning where the inbox has grouped them; `text` is one of them."""
        with reading(self._engine) as connection:
            return tops.top_asked(tops.asked(connection, shop, span), limit)

    def searches(self, shop: str, span: Span, limit: int = TOP) -> list[Counted]:
        """Searches without result (`subject` are their words in small letters)."""
        return self._top(Measure.SEARCH, shop, span, limit)

    def products(self, shop: str, span: Span, limit: int = TOP) -> list[Counted]:
        """Products that were asked about (`subject` is a product's id)."""
        return self._top(Measure.PRODUCT, shop, span, limit)

    def topics(self, shop: str, span: Span, folders: Folders) -> list[TopicLine]:
        """What conversations were about, over time; `folders` are those of the shop's answers."""
        with reading(self._engine) as connection:
            return topics.lines(topics.came_up(connection, shop, span, folders), span)

    def orders(self, shop: str, span: Span) -> list[AssistedOrder]:
        """Orders upon which conversations had a part, the newest first."""
        with reading(self._engine) as connection:
            return assisted(connection, shop, span)

    def not_found(self, shop: str, span: Span, limit: int = TOP) -> NotFound:
        """What customers wanted and did not get."""
        searches = self.searches(shop, span, limit)
        return NotFound(tuple(searches), tuple(self.unanswered_questions(shop, span, limit)))

    def behind(self, shop: str, span: Span, number: Behind, folders: Folders) -> list[str]:
        """The conversations behind a number, as many as it says, in the order in which they are worth reading."""
        with reading(self._engine) as connection:
            return behind(connection, shop, span, number, folders)

    def listed(self, shop: str, identities: Sequence[str]) -> list[Listed]:
        """Conversations in this order, for a list of them."""
        wanted = select(conversations).where(conversations.c.shop == shop, conversations.c.id.in_(identities))
        with reading(self._engine) as connection:
            found = {row.id: row for row in connection.execute(wanted)}
        rows = [found[one] for one in identities if one in found]
        return [
            Listed(row.id, row.title, row.customer or "", in_utc(row.started_at), in_utc(row.used_at)) for row in rows
        ]

    def of_conversation(self, shop: str, conversation: str) -> list[KeptFact]:
        """Everything that a conversation has come to, in its order: why it was answered as it was."""
        wanted = select(facts).where(facts.c.shop == shop, facts.c.conversation == conversation)
        with reading(self._engine) as connection:
            return [_kept(row) for row in connection.execute(wanted.order_by(facts.c.seq, facts.c.id))]

    def unanswered(self, shop: str, after: int = 0, limit: int = PAGE) -> list[KeptFact]:
        """Questions without an answer since the fact `after`, oldest first: `fact.text` is what was asked,
        `fact.subject` the product that it was about, `fact.source` a `Missing`.
        """
        return self._since(shop, after, limit, facts.c.kind == FactKind.UNANSWERED.value)

    def badly_rated(self, shop: str, after: int = 0, limit: int = PAGE) -> list[KeptFact]:
        """Answers rated badly since the fact `after`; `of_conversation` has the facts of the same `seq`."""
        return self._since(shop, after, limit, facts.c.kind == FactKind.RATED.value, facts.c.subject == "bad")

    def _top(self, measure: Measure, shop: str, span: Span, limit: int) -> list[Counted]:
        with reading(self._engine) as connection:
            return tops.top(connection, measure, shop, span, limit)

    def _since(self, shop: str, after: int, limit: int, *conditions: ColumnElement[bool]) -> list[KeptFact]:
        wanted = select(facts).where(facts.c.shop == shop, facts.c.id > after, *conditions)
        with reading(self._engine) as connection:
            return [_kept(row) for row in connection.execute(wanted.order_by(facts.c.id).limit(limit))]


def _summary(connection: Connection, shop: str, span: Span, found: Outcomes) -> Summary:
    bad = set(tops.latest(connection, picking.rated(shop, span, "bad")))
    good = set(tops.latest(connection, picking.rated(shop, span, "good")))
    return Summary(
        conversations=len(found.conversations),
        contained=found.count(Measure.CONTAINED),
        handed_over=found.count(Measure.HANDED_OVER),
        unsolved=found.count(Measure.UNSOLVED),
        liked=len(good - bad),
        disliked=len(bad),
        unanswered=tops.conversations(connection, picking.of(shop, span, FactKind.UNANSWERED)),
        bot=tops.times(len(found.timed[picking.BOT]), found.took[picking.BOT]),
        people=tops.times(len(found.timed[picking.AGENT]), found.took[picking.AGENT]),
    )


def _kept(row: Row[Any]) -> KeptFact:
    columns = row._mapping  # `row.count` would be the method of tuples
    fact = Fact.model_validate({name: columns[name] for name in Fact.model_fields})
    return KeptFact(row.id, row.conversation, row.seq, row.question, in_utc(row.at), fact)

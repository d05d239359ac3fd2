"""Which facts each measure is counted from, as conditions and queries of one shop and span."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, String, and_, cast, func, select

from assistant.chat.tables import facts
from assistant.insights.spans import Span, quarter_of
from skills.fact import FactKind, HandOver
from skills.fact import Source as Answered

AGENT, BOT = "agent", "bot"


def of(shop: str, span: Span, *kinds: FactKind) -> ColumnElement[bool]:
    """A shop's facts of these kinds in a span."""
    named = [kind.value for kind in kinds]
    kind = facts.c.kind == named[0] if len(named) == 1 else facts.c.kind.in_(named)
    quarters = facts.c.quarter.between(quarter_of(span.since), quarter_of(span.end))
    return and_(facts.c.shop == shop, kind, quarters, facts.c.at < span.end)


def written(shop: str, span: Span) -> Select[Any]:
    """(conversation, quarter): when shoppers wrote, each quarter of an hour once, in the order of time."""
    wanted = select(facts.c.conversation, facts.c.quarter).where(of(shop, span, FactKind.WROTE))
    # In this and in the next one rows are grouped as the index has them: nothing is sorted.
    return wanted.group_by(facts.c.quarter, facts.c.conversation).order_by(facts.c.quarter)


def latest_first(shop: str, span: Span, kind: FactKind) -> Select[Any]:
    """(source, subject, conversation, quarter) of facts of a kind, the latest quarter of an hour first."""
    wanted = select(facts.c.source, facts.c.subject, facts.c.conversation, facts.c.quarter)
    return wanted.where(of(shop, span, kind)).order_by(facts.c.quarter.desc())


def taken(shop: str, span: Span) -> ColumnElement[bool]:
    """That a person came."""
    return and_(of(shop, span, FactKind.HANDED_OVER), facts.c.subject == HandOver.TAKEN.value)


def replied(shop: str, span: Span) -> Select[Any]:
    """(BOT or AGENT, conversation, the last answer's seq, the longest that one took, and how long each did) for every
    quarter of an hour; times are milliseconds, with spaces between them, and None where none is known.
    """
    last, slowest = func.max(facts.c.seq), func.max(facts.c.milliseconds)
    each = func.aggregate_strings(cast(facts.c.milliseconds, String), " ")
    wanted = select(facts.c.subject, facts.c.conversation, last, slowest, each)
    return wanted.where(of(shop, span, FactKind.REPLIED)).group_by(
        facts.c.quarter, facts.c.conversation, facts.c.subject
    )


def left_open(shop: str, span: Span) -> Select[Any]:
    """(conversation, seq of the answer that was none): questions without an answer."""
    return select(facts.c.conversation, facts.c.seq).where(of(shop, span, FactKind.UNANSWERED))


def complained(shop: str, span: Span) -> CompoundSelect[Any]:
    """Conversations in which a person was asked for, or an answer was rated badly."""
    asked = and_(of(shop, span, FactKind.HANDED_OVER), facts.c.subject != HandOver.TAKEN.value)
    return select(facts.c.conversation).where(asked).union(select(facts.c.conversation).where(rated(shop, span, "bad")))


def rated(shop: str, span: Span, value: str) -> ColumnElement[bool]:
    """Ratings of this value."""
    return and_(of(shop, span, FactKind.RATED), facts.c.subject == value)


def asked_of_shop(shop: str, span: Span) -> ColumnElement[bool]:
    """Questions that one of the shop's own answers has answered."""
    return and_(of(shop, span, FactKind.ANSWERED), facts.c.source == Answered.SHOP.value)


def without_result(shop: str, span: Span) -> ColumnElement[bool]:
    """Searches in which nothing was found of what was asked for."""
    return and_(of(shop, span, FactKind.SEARCHED), facts.c["count"] == 0)


def words() -> ColumnElement[str]:
    """What was said, as it is told apart: without regard to small and capital letters, or to spaces around."""
    return func.lower(func.trim(facts.c.text))

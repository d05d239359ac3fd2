"""Which facts each measure is counted from, as conditions and queries of one shop and span."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, exists, func, select

from assistant.chat.tables import facts
from assistant.insights.spans import Span
from skills.fact import FactKind, HandOver
from skills.fact import Source as Answered

AGENT, BOT = "agent", "bot"


def of(shop: str, span: Span, *kinds: FactKind) -> ColumnElement[bool]:
    """A shop's facts of these kinds in a span."""
    named = [kind.value for kind in kinds]
    kind = facts.c.kind == named[0] if len(named) == 1 else facts.c.kind.in_(named)
    return and_(facts.c.shop == shop, kind, facts.c.at >= span.since, facts.c.at < span.end)


def written(shop: str, span: Span) -> Select[Any]:
    """(conversation, quarter): when shoppers wrote, each quarter of an hour once."""
    return select(facts.c.conversation, facts.c.quarter).where(of(shop, span, FactKind.WROTE)).distinct()


def taken(shop: str, span: Span) -> ColumnElement[bool]:
    """That a person came."""
    return and_(of(shop, span, FactKind.HANDED_OVER), facts.c.subject == HandOver.TAKEN.value)


def replied(shop: str, span: Span) -> Select[Any]:
    """(BOT or AGENT, conversation, the longest that an answer took, None where that is not known)."""
    slowest = func.max(facts.c.milliseconds)
    wanted = select(facts.c.subject, facts.c.conversation, slowest).where(of(shop, span, FactKind.REPLIED))
    return wanted.group_by(facts.c.subject, facts.c.conversation)


def took(shop: str, span: Span) -> Select[Any]:
    """(BOT or AGENT, milliseconds, in how many answers)."""
    timed = and_(of(shop, span, FactKind.REPLIED), facts.c.milliseconds.is_not(None))
    wanted = select(facts.c.subject, facts.c.milliseconds, func.count()).where(timed)
    return wanted.group_by(facts.c.subject, facts.c.milliseconds)


def ended_badly(shop: str, span: Span) -> CompoundSelect[Any]:
    """Conversations in which a person was asked for, an answer was rated badly, or the last question not answered."""
    asked = and_(of(shop, span, FactKind.HANDED_OVER), facts.c.subject != HandOver.TAKEN.value)
    later = facts.alias()
    answer_after = exists().where(
        later.c.conversation == facts.c.conversation,
        later.c.seq > facts.c.seq,
        later.c.kind == FactKind.REPLIED.value,
        later.c.at < span.end,
    )
    left = and_(of(shop, span, FactKind.UNANSWERED), ~answer_after)
    queries = [select(facts.c.conversation).where(one) for one in (asked, rated(shop, span, "bad"), left)]
    return queries[0].union(*queries[1:])


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

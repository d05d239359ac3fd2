"""What came up most: answers, questions without one, searches without result, products; and who it was behind each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, distinct, func, select
from sqlalchemy.engine import Connection

from assistant.chat.tables import facts
from assistant.insights import picking
from assistant.insights.measures import Measure
from assistant.insights.records import Counted, Times
from assistant.insights.spans import Span
from assistant.learning.tables import questions
from skills.fact import FactKind

_Pick = tuple[ColumnElement[bool], ColumnElement[str]]


def pick(measure: Measure, shop: str, span: Span) -> _Pick:
    """The facts of a measure, and what tells its subjects apart; KeyError for a measure that has none of its own."""
    picks: dict[Measure, _Pick] = {
        Measure.ANSWER: (picking.asked_of_shop(shop, span), facts.c.subject),
        Measure.SEARCH: (picking.without_result(shop, span), picking.words()),
        Measure.PRODUCT: (picking.of(shop, span, FactKind.ASKED_ABOUT), facts.c.subject),
    }
    return picks[measure]


def top(connection: Connection, measure: Measure, shop: str, span: Span, limit: int) -> list[Counted]:
    """What came up in most conversations, of those in as many what came up most often."""
    condition, subject = pick(measure, shop, span)
    of_them = func.count(distinct(facts.c.conversation))
    wanted = (
        select(subject.label("subject"), of_them, func.count())
        .where(condition)
        .group_by(subject)
        .order_by(of_them.desc(), func.count().desc(), subject)
        .limit(limit)
    )
    return [Counted(*row) for row in connection.execute(wanted)]


def behind(connection: Connection, measure: Measure, shop: str, span: Span, subject: str) -> list[str]:
    """The conversations in which a subject came up, the last first."""
    condition, of = pick(measure, shop, span)
    return latest(connection, and_(condition, of == subject))


def latest(connection: Connection, condition: ColumnElement[bool]) -> list[str]:
    """The conversations that have such a fact, the last first."""
    wanted = select(facts.c.conversation).where(condition).group_by(facts.c.conversation)
    ordered = wanted.order_by(func.max(facts.c.at).desc(), facts.c.conversation)
    return list(connection.execute(ordered).scalars())


def asked(connection: Connection, shop: str, span: Span) -> dict[str, list[tuple[str, str]]]:
    """Questions without an answer as (words, conversation), the last first, by the group of their meaning in which the
    inbox has them, else by their words.
    """
    joined = and_(questions.c.conversation == facts.c.conversation, questions.c.seq == facts.c.question)
    wanted = (
        select(questions.c.group, facts.c.text, facts.c.conversation)
        .outerjoin_from(facts, questions, joined)
        .where(picking.of(shop, span, FactKind.UNANSWERED))
        .order_by(facts.c.at.desc(), facts.c.id.desc())
    )
    found: dict[str, list[tuple[str, str]]] = {}
    for group, text, conversation in connection.execute(wanted).all():
        found.setdefault(group or " ".join(text.lower().split()), []).append((text, conversation))
    return found


def top_asked(found: dict[str, list[tuple[str, str]]], limit: int) -> list[Counted]:
    """The questions that were left without an answer in most conversations, in their most frequent words. Pure."""
    counted = [_counted(subject, said) for subject, said in found.items() if subject]
    return sorted(counted, key=lambda one: (-one.conversations, -one.times, one.text))[:limit]


def times(conversations: int, took: Sequence[int]) -> Times:
    """How long answers took, from how long each did, the shortest first. Pure."""
    return Times(conversations, percentile(took, 50), percentile(took, 95)) if took else Times(0)


def percentile(ordered: Sequence[int], percent: int) -> int:
    """The least value that so many of a hundred do not exceed (nearest rank); of one value at least."""
    return ordered[max(0, -(-percent * len(ordered) // 100) - 1)]


def conversations(connection: Connection, condition: ColumnElement[bool]) -> int:
    """How many conversations have such a fact."""
    return connection.execute(select(func.count(distinct(facts.c.conversation))).where(condition)).scalar_one()


def _counted(subject: str, said: list[tuple[str, str]]) -> Counted:
    text = Counter(text for text, _ in said).most_common(1)[0][0]
    return Counted(subject, len({conversation for _, conversation in said}), len(said), text)

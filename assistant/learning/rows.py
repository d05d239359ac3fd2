"""Rows of the inbox's tables: which are meant, and how they are read and written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlalchemy.engine import Connection

from assistant.learning.question import Group, Known, Question, State, Vector, Wanted, Why, most_typical
from assistant.learning.tables import groups, questions
from skills.stored_times import in_utc

EXAMPLES = 3
"""Questions that a group shows in the list."""
WORDS_MAX = 200


def members_of(connection: Connection, rows: Sequence[Row[Any]], shown: Select[Any]) -> dict[str, list[Known]]:
    """The questions of each group, the newest first."""
    members: dict[str, list[Known]] = {row.id: [] for row in rows}
    for row in connection.execute(shown.order_by(questions.c.at.desc(), questions.c.seq)):
        members[row.group].append(Known(question_from(row), row.group, vector_of(row.vector)))
    return members


def group_from(row: Row[Any], members: Sequence[Known], state: State) -> Group:
    """A group of a row of `counted` and its questions, as it stands in a state."""
    return Group(
        id=row.id,
        state=state,
        title=most_typical(members).text,
        count=row.times,
        rated=row.rated,
        first=in_utc(row.first),
        last=in_utc(row.last),
        examples=tuple(one.question for one in members[:EXAMPLES]),
        answer=row.answer,
        by=row.by,
        at=in_utc(row.at),
        again=row.state == State.TAUGHT.value and state is State.OPEN,
    )


def joined() -> ColumnElement[bool]:
    """A question is in a group."""
    return and_(questions.c.shop == groups.c.shop, questions.c.group == groups.c.id)


def asked_again() -> ColumnElement[bool]:
    """Asked in vain after it was taught."""
    return and_(groups.c.state == State.TAUGHT.value, questions.c.at > groups.c.at)


def in_state(state: State) -> ColumnElement[bool]:
    """A question counts for its group's being in a state."""
    match state:
        case State.OPEN:
            return or_(groups.c.state == State.OPEN.value, asked_again())
        case State.TAUGHT:
            return and_(groups.c.state == State.TAUGHT.value, questions.c.at <= groups.c.at)
        case State.DISMISSED:
            return groups.c.state == State.DISMISSED.value


def conditions_of(wanted: Wanted) -> list[ColumnElement[bool]]:
    """What questions have to be, beside their group's state."""
    conditions: list[ColumnElement[bool]] = []
    if wanted.why is Why.UNANSWERED:
        conditions.append(questions.c.rated.is_(None))
    if wanted.why is Why.BADLY_RATED:
        conditions.append(questions.c.rated.is_not(None))
    if wanted.since:
        conditions.append(questions.c.at >= wanted.since)
    if words := " ".join(wanted.words.replace("\x00", "").split())[:WORDS_MAX].lower():
        conditions.append(func.lower(questions.c.text).contains(words, autoescape=True))
    return conditions


def counted(shop: str) -> Select[Any]:
    """A row for each group of a shop: how many of its questions are meant, and when they were asked."""
    mine = (groups.c.id, groups.c.state, groups.c.answer, groups.c.by, groups.c.at)
    numbers = (
        func.count().label("times"),
        func.count(questions.c.rated).label("rated"),
        func.min(questions.c.at).label("first"),
        func.max(questions.c.at).label("last"),
    )
    return select(*mine, *numbers).join(questions, joined()).where(groups.c.shop == shop).group_by(*mine)


def shown_in(shop: str, state: State) -> Select[Any]:
    """The questions of a shop's groups in a state."""
    return select(questions).join(groups, joined()).where(groups.c.shop == shop, in_state(state))


def question_from(row: Row[Any]) -> Question:
    """The question of a row."""
    return Question(row.conversation, row.seq, row.text, in_utc(row.at), row.rated, row.product)


def row_of(shop: str, one: Known) -> dict[str, Any]:
    """A question as it is kept."""
    found = one.question
    vector = one.vector.astype(np.float16).tobytes()
    return {"shop": shop, "group": one.group, "vector": vector} | {
        name: getattr(found, name) for name in ("conversation", "seq", "text", "rated", "product", "at")
    }


def vector_of(data: bytes) -> Vector:
    """A meaning as it was kept."""
    return np.frombuffer(data, dtype=np.float16).astype(np.float32)

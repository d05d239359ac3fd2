"""The questions of a shop that were not answered well, in groups of one meaning: kept, listed, taught and put away."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, case, exists, func, or_, select, update
from sqlalchemy.engine import Connection, Engine

from assistant.chat.tables import facts
from assistant.learning.question import Group, Known, Listing, Order, Question, State, Wanted, most_typical
from assistant.learning.rows import (
    asked_again,
    conditions_of,
    counted,
    group_from,
    in_state,
    joined,
    members_of,
    question_from,
    row_of,
    shown_in,
    vector_of,
)
from assistant.learning.tables import groups, questions
from assistant.storage.transactions import insert_into, reading, writing
from skills.fact import FactKind
from skills.stored_times import in_utc

LISTED = 20
"""Groups on a page."""


class Inbox:
    """The inboxes of all shops; every method blocks, is one shop's, and raises ServiceError(`storage_failed`)."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def known(self, shop: str) -> list[Known]:
        """Every question that is kept, the oldest first."""
        mine = select(questions).where(questions.c.shop == shop).order_by(questions.c.at, questions.c.seq)
        with reading(self._engine) as connection:
            return [Known(question_from(row), row.group, vector_of(row.vector)) for row in connection.execute(mine)]

    def keep(self, shop: str, news: Sequence[Known], now: datetime) -> None:
        """Add questions to their groups; a group that is not there yet is made, a question that is there stays."""
        if not news:
            return
        new = {"shop": shop, "state": State.OPEN.value, "answer": "", "by": "", "at": now}
        with writing(self._engine) as connection:
            made = insert_into(self._engine, groups).on_conflict_do_nothing()
            connection.execute(made, [{**new, "id": one} for one in dict.fromkeys(known.group for known in news)])
            kept = insert_into(self._engine, questions).on_conflict_do_nothing()
            connection.execute(kept, [row_of(shop, one) for one in news])

    def counts(self, shop: str) -> Mapping[State, int]:
        """How many groups there are of each state."""
        state = case((asked_again(), State.OPEN.value), else_=groups.c.state)
        of_group = select(groups.c.id, state.label("state")).join(questions, joined()).where(groups.c.shop == shop)
        each = of_group.distinct().subquery()
        with reading(self._engine) as connection:
            rows = connection.execute(select(each.c.state, func.count()).group_by(each.c.state)).all()
        return dict.fromkeys(State, 0) | {State(state): count for state, count in rows}

    def listing(self, shop: str, wanted: Wanted) -> Listing:
        """A page of groups."""
        chosen = counted(shop).where(in_state(wanted.state), *conditions_of(wanted))
        order = func.count().desc() if wanted.order is Order.MOST else func.max(questions.c.at).desc()
        chosen = chosen.order_by(order, func.max(questions.c.at).desc(), groups.c.id)
        with reading(self._engine) as connection:
            rows = connection.execute(chosen.limit(LISTED + 1).offset((wanted.page - 1) * LISTED)).all()
            found = self._groups(connection, shop, rows[:LISTED], wanted.state)
        return Listing(found, len(rows) > LISTED)

    def group(self, shop: str, identity: str) -> Group | None:
        """One group as it stands: open where something of it is."""
        with reading(self._engine) as connection:
            for state in (State.OPEN, State.TAUGHT, State.DISMISSED):
                rows = connection.execute(counted(shop).where(in_state(state), groups.c.id == identity)).all()
                if rows:
                    return self._groups(connection, shop, rows, state)[0]
        return None

    def questions(self, shop: str, group: Group, limit: int) -> list[Question]:
        """The questions of a group that are counted, the newest first."""
        wanted = shown_in(shop, group.state).where(groups.c.id == group.id)
        with reading(self._engine) as connection:
            return [
                question_from(row) for row in connection.execute(wanted.order_by(questions.c.at.desc()).limit(limit))
            ]

    def asked_between(self, shop: str, since: datetime, until: datetime, limit: int) -> list[tuple[Group, set[str]]]:
        """The groups, whatever has become of them, of which most was asked in a time (`until` excluded), each as it was
        then, with the conversations that it was asked in.
        """
        then = questions.c.at >= since, questions.c.at < until
        chosen = counted(shop).where(*then).order_by(func.count().desc(), groups.c.id).limit(limit)
        with reading(self._engine) as connection:
            rows = connection.execute(chosen).all()
            shown = select(questions).where(
                questions.c.shop == shop, questions.c.group.in_([one.id for one in rows]), *then
            )
            members = members_of(connection, rows, shown)
        return [
            (group_from(row, members[row.id], State(row.state)), {one.question.conversation for one in members[row.id]})
            for row in rows
        ]

    def rows(self, shop: str, wanted: Wanted) -> list[tuple[str, Question]]:
        """Every question that is wanted, with the title of its group, group by group."""
        shown = shown_in(shop, wanted.state).where(*conditions_of(wanted))
        members: dict[str, list[Known]] = {}
        with reading(self._engine) as connection:
            for row in connection.execute(shown.order_by(questions.c.at.desc(), questions.c.seq)):
                members.setdefault(row.group, []).append(Known(question_from(row), row.group, vector_of(row.vector)))
        groups_of = sorted(members.values(), key=lambda one: -len(one))
        return [(most_typical(found).text, one.question) for found in groups_of for one in found]

    def settle(self, shop: str, identity: str, state: State, by: str, at: datetime, answer: str = "") -> bool:
        """Say what has become of a group; False where the shop has none of this id."""
        mine = and_(groups.c.shop == shop, groups.c.id == identity)
        news = {"state": state.value, "by": by, "at": at, "answer": answer}
        with writing(self._engine) as connection:
            return bool(connection.execute(update(groups).where(mine).values(**news)).rowcount)

    def part(self, shop: str, identity: str, conversation: str, seq: int, at: datetime) -> str:
        """Take a question that means something else out of its group; the group of its own that it is in then, or
        nothing where it is not in this group.
        """
        alone = secrets.token_hex(6)
        mine = and_(
            questions.c.shop == shop,
            questions.c.group == identity,
            questions.c.conversation == conversation,
            questions.c.seq == seq,
        )
        with writing(self._engine) as connection:
            made = groups.insert().values(shop=shop, id=alone, state=State.OPEN.value, answer="", by="", at=at)
            if connection.execute(select(questions.c.seq).where(mine)).first() is None:
                return ""
            connection.execute(made)
            connection.execute(update(questions).where(mine).values(group=alone))
        return alone

    def again(self, shop: str) -> list[tuple[str, str]]:
        """The groups that were asked in vain after they had been taught, each with the answer that was taught."""
        mine = (
            select(groups.c.id, groups.c.answer).join(questions, joined()).where(groups.c.shop == shop, asked_again())
        )
        with reading(self._engine) as connection:
            return [(row.id, row.answer) for row in connection.execute(mine.distinct())]

    def full_since(self, shop: str, at_most: int) -> datetime | None:
        """When the oldest question was asked that is kept, where there are so many that older ones were forgotten."""
        asked = select(questions.c.at).where(questions.c.shop == shop).order_by(questions.c.at.desc())
        with reading(self._engine) as connection:
            oldest = connection.execute(asked.offset(at_most - 1).limit(1)).scalar_one_or_none()
        return in_utc(oldest) if oldest else None

    def forget(self, shop: str, before: datetime, at_most: int) -> None:
        """Forget what was asked before a time, what is more than `at_most`, and groups that nobody is left in."""
        mine = questions.c.shop == shop
        oldest = select(questions.c.at).where(mine).order_by(questions.c.at.desc()).offset(at_most).limit(1)
        orphan = and_(groups.c.shop == shop, ~exists().where(joined()))
        with writing(self._engine) as connection:
            limit = connection.execute(oldest).scalar_one_or_none()
            too_many = (questions.c.at <= limit,) if limit else ()
            connection.execute(questions.delete().where(mine, or_(questions.c.at < before, *too_many)))
            connection.execute(groups.delete().where(orphan))

    def forget_withdrawn(self, shop: str) -> None:
        """Forget the questions whose answers are no longer rated badly."""
        bad = exists().where(
            facts.c.conversation == questions.c.conversation,
            facts.c.seq == questions.c.rated,
            facts.c.kind == FactKind.RATED.value,
            facts.c.subject == "bad",
        )
        rated = and_(questions.c.shop == shop, questions.c.rated.is_not(None))
        with writing(self._engine) as connection:
            connection.execute(questions.delete().where(rated, ~bad))

    def _groups(self, connection: Connection, shop: str, rows: Sequence[Row[Any]], state: State) -> tuple[Group, ...]:
        """The groups of a page, with their titles and examples, in two queries."""
        shown = shown_in(shop, state).where(groups.c.id.in_([row.id for row in rows]))
        members = members_of(connection, rows, shown)
        return tuple(group_from(row, members[row.id], state) for row in rows)

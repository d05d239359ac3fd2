"""Answers to programs by their Idempotency-Key: who asks the same again is told the same again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, select

from skills.shopping.buying import tables
from skills.shopping.catalogue.database import Database


@dataclass(frozen=True)
class Answered:
    """An answer that was given; `request` is the fingerprint of what was asked."""

    request: str
    status: int
    body: str


class AnsweredRequests(Database):
    """Answers in a database that has the tables already. Thread-safe; every method blocks."""

    def find(self, shop: str, shopper: str, key: str) -> Answered | None:
        """What was answered under this key."""
        table = tables.answered_requests
        mine = select(table).where(table.c.shop == shop, table.c.shopper == shopper, table.c.key == key)
        with self._reading() as connection:
            row = connection.execute(mine).one_or_none()
        return Answered(row.request, row.status, row.body) if row else None

    def keep(self, shop: str, shopper: str, key: str, answer: Answered, now: datetime) -> None:
        """Give this answer from now on; the first one that is kept stays."""
        values = {"shop": shop, "shopper": shopper, "key": key, **vars(answer), "at": now.astimezone(UTC)}
        with self._writing() as connection:
            connection.execute(self._insert(tables.answered_requests).values(values).on_conflict_do_nothing())

    def forget(self, before: datetime) -> None:
        """Answers that were given before then are forgotten."""
        table = tables.answered_requests
        with self._writing() as connection:
            connection.execute(delete(table).where(table.c.at < before.astimezone(UTC)))

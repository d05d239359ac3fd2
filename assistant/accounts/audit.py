"""The audit log: who has done what, when, and to what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, or_, select
from sqlalchemy.engine import Engine

from assistant.accounts.people import Account
from assistant.accounts.tables import log
from assistant.storage.transactions import reading, writing
from skills.stored_times import in_utc

ACTION_MAX, SUBJECT_MAX, DETAIL_MAX = 60, 200, 2_000


@dataclass(frozen=True)
class Noted:
    """One line of the log."""

    id: int
    who: str
    action: str
    subject: str
    detail: str
    at: datetime


@dataclass(frozen=True)
class Wanted:
    """Which lines: of whom (part of an address), about what (part of action, subject or detail), and since and until
    when (the latter excluded).
    """

    who: str = ""
    what: str = ""
    since: datetime | None = None
    until: datetime | None = None


class AuditLog:
    """The log in the database; every method blocks, and raises ServiceError(`storage_failed`)."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def note(self, shop: str | None, account: Account, action: str, subject: str, detail: str, now: datetime) -> None:
        """Somebody has done something; without a shop it concerns the operators."""
        row = {"shop": shop, "account": account.id, "who": account.email, "at": now}
        told = {"action": action[:ACTION_MAX], "subject": subject[:SUBJECT_MAX], "detail": detail[:DETAIL_MAX]}
        with writing(self._engine) as connection:
            connection.execute(insert(log).values(**row, **told))

    def of(self, shop: str, wanted: Wanted, limit: int, before: int | None = None) -> list[Noted]:
        """A shop's lines, the latest first; `before` is the id of the line after which to go on."""
        found = select(log).where(log.c.shop == shop)
        if wanted.who:
            found = found.where(log.c.who.icontains(wanted.who, autoescape=True))
        if wanted.what:
            columns = (log.c.action, log.c.subject, log.c.detail)
            found = found.where(or_(*(column.icontains(wanted.what, autoescape=True) for column in columns)))
        if wanted.since:
            found = found.where(log.c.at >= wanted.since)
        if wanted.until:
            found = found.where(log.c.at < wanted.until)
        if before is not None:
            found = found.where(log.c.id < before)
        with reading(self._engine) as connection:
            rows = connection.execute(found.order_by(log.c.id.desc()).limit(limit)).all()
        return [Noted(row.id, row.who, row.action, row.subject, row.detail, in_utc(row.at)) for row in rows]

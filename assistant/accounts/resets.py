"""Links that set a new password, once and for an hour."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import Engine

from assistant.accounts.people import Account, account_of
from assistant.accounts.tables import accounts, resets, sessions
from assistant.storage.transactions import reading, writing

VALID = timedelta(hours=1)
AGAIN = timedelta(minutes=2)
"""Who asks twice within this time gets one letter."""


class Resets:
    """The open ones in the database; every method blocks, and raises ServiceError(`storage_failed`)."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def make(self, account: Account, now: datetime) -> str | None:
        """The secret of a new link, which ends those before; None where one was made just now."""
        secret = secrets.token_urlsafe(32)
        with writing(self._engine) as connection:
            connection.execute(delete(resets).where(resets.c.expires_at <= now))
            fresh = (resets.c.account == account.id) & (resets.c.expires_at > now + VALID - AGAIN)
            if connection.execute(select(resets.c.sha256).where(fresh)).first():
                return None
            connection.execute(delete(resets).where(resets.c.account == account.id))
            row = {"sha256": _hashed(secret), "account": account.id, "expires_at": now + VALID}
            connection.execute(insert(resets).values(**row))
        return secret

    def find(self, secret: str, now: datetime) -> Account | None:
        """Whose link this is, if it still works."""
        mine = select(accounts).join(resets, resets.c.account == accounts.c.id)
        with reading(self._engine) as connection:
            row = connection.execute(
                mine.where(resets.c.sha256 == _hashed(secret), resets.c.expires_at > now)
            ).one_or_none()
        return account_of(row) if row else None

    def use(self, secret: str, password: str, now: datetime) -> bool:
        """Use a link up: the account has this password (its hash) from now on and is signed out everywhere. False where
        the link does not work any more.
        """
        link = (resets.c.sha256 == _hashed(secret)) & (resets.c.expires_at > now)
        with writing(self._engine) as connection:
            row = connection.execute(delete(resets).where(link).returning(resets.c.account)).one_or_none()
            if row is None:
                return False
            mine = update(accounts).where(accounts.c.id == row.account)
            connection.execute(mine.values(password=password, password_at=now))
            connection.execute(delete(sessions).where(sessions.c.account == row.account))
            return True


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()

"""Who is signed in: sessions in the database, by the hash of their cookie, so that a restart signs nobody out."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, insert, or_, select, update
from sqlalchemy.engine import Engine

from assistant.accounts.people import Account, account_of
from assistant.accounts.tables import accounts, sessions
from assistant.storage.transactions import reading, writing
from skills.stored_times import in_utc

IDLE, WHOLE = timedelta(hours=12), timedelta(days=7)
"""A session ends when nobody used it for so long, and in any case after so long."""
USED_EVERY = timedelta(minutes=1)
"""How exactly it is kept when a session was last used."""
DEVICE_MAX, ADDRESS_MAX = 80, 64


@dataclass(frozen=True)
class Session:
    """One browser in which somebody is signed in."""

    id: str
    account: Account
    created_at: datetime
    used_at: datetime
    address: str
    device: str
    notice: str
    """What the next page says."""
    unsent: str
    """A form that came when nobody was signed in, as JSON."""


def new_secret() -> str:
    """256 random bits for a cookie."""
    return secrets.token_urlsafe(32)


def form_token(secret: str) -> str:
    """What the forms of a browser with this cookie hold, and no other site can know."""
    return hmac.new(secret.encode(), b"console form", hashlib.sha256).hexdigest()


class Sessions:
    """The sessions in the database; every method blocks, and raises ServiceError(`storage_failed`)."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def begin(
        self,
        account: Account,
        now: datetime,
        *,
        address: str = "",
        device: str = "",
        notice: str = "",
        unsent: str = "",
    ) -> str:
        """Sign somebody in; the secret for the cookie."""
        secret = new_secret()
        row = {"sha256": _hashed(secret), "id": secrets.token_hex(8), "account": account.id}
        where = {"address": address[:ADDRESS_MAX], "device": device[:DEVICE_MAX]}
        about = where | {"notice": notice, "unsent": unsent}
        with writing(self._engine) as connection:
            connection.execute(delete(sessions).where(_over(now)))
            connection.execute(insert(sessions).values(**row, **about, created_at=now, used_at=now))
        return secret

    def find(self, secret: str, now: datetime) -> Session | None:
        """The session of a cookie, if it still is one; that it was used is noted."""
        joined = select(accounts, sessions.c.id.label("session"), *_ABOUT).join(
            sessions, sessions.c.account == accounts.c.id
        )
        with reading(self._engine) as connection:
            row = connection.execute(joined.where(sessions.c.sha256 == _hashed(secret), ~_over(now))).one_or_none()
        if row is None:
            return None
        used_at = in_utc(row.used_at)
        if now - used_at > USED_EVERY:
            with writing(self._engine) as connection:
                connection.execute(update(sessions).where(sessions.c.id == row.session).values(used_at=now))
        return Session(
            row.session, account_of(row), in_utc(row.began_at), used_at, row.address, row.device, row.notice, row.unsent
        )

    def of(self, account: Account, now: datetime) -> list[Session]:
        """Where somebody is signed in, the latest first."""
        mine = select(sessions.c.id, *_ABOUT).where(sessions.c.account == account.id, ~_over(now))
        with reading(self._engine) as connection:
            return [
                Session(row.id, account, in_utc(row.began_at), in_utc(row.used_at), row.address, row.device, "", "")
                for row in connection.execute(mine.order_by(sessions.c.used_at.desc()))
            ]

    def tell(self, session: Session, notice: str) -> None:
        """Have the next page say this; with nothing, it has been said."""
        self._set(session, notice=notice)

    def keep_unsent(self, session: Session, unsent: str) -> None:
        """Keep a form until it is sent; with nothing, it has been."""
        self._set(session, unsent=unsent)

    def end(self, account: Account, identity: str) -> bool:
        """Sign somebody out in one browser; False where they are not signed in there."""
        mine = (sessions.c.account == account.id) & (sessions.c.id == identity)
        with writing(self._engine) as connection:
            return connection.execute(delete(sessions).where(mine)).rowcount > 0

    def end_all(self, account: Account) -> None:
        """Sign somebody out everywhere."""
        with writing(self._engine) as connection:
            connection.execute(delete(sessions).where(sessions.c.account == account.id))

    def end_others(self, session: Session) -> None:
        """Sign somebody out everywhere else."""
        others = (sessions.c.account == session.account.id) & (sessions.c.id != session.id)
        with writing(self._engine) as connection:
            connection.execute(delete(sessions).where(others))

    def _set(self, session: Session, **values: str) -> None:
        with writing(self._engine) as connection:
            connection.execute(update(sessions).where(sessions.c.id == session.id).values(**values))


_ABOUT = (
    sessions.c.created_at.label("began_at"),
    sessions.c.used_at,
    sessions.c.address,
    sessions.c.device,
    sessions.c.notice,
    sessions.c.unsent,
)


def _over(now: datetime) -> ColumnElement[bool]:
    return or_(sessions.c.used_at < now - IDLE, sessions.c.created_at < now - WHOLE)


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()

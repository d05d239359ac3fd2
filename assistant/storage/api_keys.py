"""Keys that creators and machines show to be let in: made by the operator, kept as hashes.

A key is 256 random bits, so that one SHA-256 of it is enough: salt and slowness protect what people choose, and here
there is nothing to guess.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from assistant.errors import ServiceError
from assistant.storage.tables import api_keys

PREFIX = "sori_"
"""By which people, and scanners for leaked secrets, know what it is."""
MEDIA = "media"
"""The scope of creators: their own items."""
SCOPES = (MEDIA,)
USED_EVERY = timedelta(minutes=1)
"""How exactly it is kept when a key was last used."""
_SECRET = re.compile(rf"{PREFIX}[A-Za-z0-9_-]{{43}}")


@dataclass(frozen=True)
class ApiKey:
    """A key without its secret; keys of the same `name` are those of the same creator."""

    id: str
    name: str
    scopes: tuple[str, ...]
    created_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


class ApiKeys:
    """The keys in the database; every method blocks, and raises ServiceError(`storage_failed`)."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, name: str, scopes: Sequence[str] = SCOPES) -> tuple[ApiKey, str]:
        """A new key, and its secret, which nobody can find out later."""
        secret = PREFIX + secrets.token_urlsafe(32)
        key = ApiKey(secrets.token_hex(4), name, tuple(scopes), datetime.now(UTC), None, None)
        with self._transaction() as connection:
            connection.execute(
                insert(api_keys).values(
                    id=key.id, name=name, sha256=_hashed(secret), scopes=list(scopes), created_at=key.created_at
                )
            )
        return key, secret

    def all(self) -> list[ApiKey]:
        """Every key, the oldest first, revoked ones too."""
        with self._transaction() as connection:
            rows = connection.execute(select(api_keys).order_by(api_keys.c.created_at, api_keys.c.id)).all()
        return [_key(row) for row in rows]

    def revoke(self, identity: str) -> bool:
        """Let nobody in with this key from now on; False where there is none that still works."""
        working = (api_keys.c.id == identity) & api_keys.c.revoked_at.is_(None)
        with self._transaction() as connection:
            changed = connection.execute(update(api_keys).where(working).values(revoked_at=datetime.now(UTC)))
            return changed.rowcount > 0

    def check(self, secret: str, now: datetime) -> ApiKey | None:
        """The key of this secret, if it still works; that it was used is noted."""
        if not _SECRET.fullmatch(secret):
            return None
        hashed = _hashed(secret)
        with self._transaction() as connection:
            row = connection.execute(select(api_keys).where(api_keys.c.sha256 == hashed)).one_or_none()
            # Found by its hash, of which nobody can choose the first bytes; compared whole, and always as slowly.
            if row is None or not hmac.compare_digest(row.sha256, hashed) or row.revoked_at is not None:
                return None
            key = _key(row)
            if key.used_at is None or now - key.used_at > USED_EVERY:
                connection.execute(update(api_keys).where(api_keys.c.id == key.id).values(used_at=now))
        return key

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        try:
            with self._engine.begin() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise ServiceError(
                "storage_failed", "I cannot reach my notes right now. Please try again in a moment.", 503
            ) from error


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _key(row: Row[Any]) -> ApiKey:
    times = (_utc(row.created_at), _utc(row.used_at), _utc(row.revoked_at))
    assert times[0] is not None
    return ApiKey(row.id, row.name, tuple(row.scopes), times[0], times[1], times[2])


def _utc(at: datetime | None) -> datetime | None:
    """SQLite forgets time zones; all our times are in UTC."""
    return at.replace(tzinfo=UTC) if at is not None and at.tzinfo is None else at

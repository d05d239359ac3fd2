"""Keys that creators and machines show to be let in: made by the operator, kept as hashes.

A key is 256 random bits, so that one SHA-256 of it is enough: salt and slowness protect what people choose, and here
there is nothing to guess.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.engine import Engine

from assistant.storage.tables import api_keys
from assistant.storage.transactions import writing
from skills.stored_times import in_utc

PREFIX = "sori_"
"""By which people, and scanners for leaked secrets, know what it is."""
MEDIA = "media"
"""The scope of creators: their own items."""
SCOPES = (MEDIA,)
USED_EVERY = timedelta(minutes=1)
"""How exactly it is kept when a key was last used."""
_SECRET = re.compile(rf"{PREFIX}[A-Za-z0-9_-]{{43}}")


def shop_scope(shop: str) -> str:
    """The scope of what a shop's own people and machines may do with it."""
    return f"shop:{shop}"


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

    def add(self, name: str, scopes: Sequence[str] = SCOPES, shop: str | None = None) -> tuple[ApiKey, str]:
        """A new key, and its secret, which nobody can find out later; a shop's goes with its shop."""
        secret = PREFIX + secrets.token_urlsafe(32)
        key = ApiKey(secrets.token_hex(4), name, tuple(scopes), datetime.now(UTC), None, None)
        with writing(self._engine) as connection:
            connection.execute(
                insert(api_keys).values(
                    id=key.id,
                    name=name,
                    sha256=_hashed(secret),
                    scopes=list(scopes),
                    created_at=key.created_at,
                    shop=shop,
                )
            )
        return key, secret

    def all(self) -> list[ApiKey]:
        """Every key, the oldest first, revoked ones too."""
        with writing(self._engine) as connection:
            rows = connection.execute(select(api_keys).order_by(api_keys.c.created_at, api_keys.c.id)).all()
        return [_key(row) for row in rows]

    def of(self, shop: str) -> list[ApiKey]:
        """A shop's keys that still work, the oldest first."""
        mine = select(api_keys).where(api_keys.c.shop == shop, api_keys.c.revoked_at.is_(None))
        with writing(self._engine) as connection:
            rows = connection.execute(mine.order_by(api_keys.c.created_at, api_keys.c.id)).all()
        return [_key(row) for row in rows]

    def revoke(self, identity: str, shop: str | None = None) -> bool:
        """Let nobody in with this key from now on; False where there is none that still works, or not this shop's."""
        working = (api_keys.c.id == identity) & api_keys.c.revoked_at.is_(None)
        if shop is not None:
            working &= api_keys.c.shop == shop
        with writing(self._engine) as connection:
            changed = connection.execute(update(api_keys).where(working).values(revoked_at=datetime.now(UTC)))
            return changed.rowcount > 0

    def check(self, secret: str, now: datetime) -> ApiKey | None:
        """The key of this secret, if it still works; that it was used is noted."""
        if not _SECRET.fullmatch(secret):
            return None
        hashed = _hashed(secret)
        with writing(self._engine) as connection:
            row = connection.execute(select(api_keys).where(api_keys.c.sha256 == hashed)).one_or_none()
            # Found by its hash, of which nobody can choose the first bytes; compared whole, and always as slowly.
            if row is None or not hmac.compare_digest(row.sha256, hashed) or row.revoked_at is not None:
                return None
            key = _key(row)
            if key.used_at is None or now - key.used_at > USED_EVERY:
                connection.execute(update(api_keys).where(api_keys.c.id == key.id).values(used_at=now))
        return key


def agent_of(shop: str) -> str:
    """The scope of the people who answer in a shop's chat."""
    return f"agent:{shop}"


def answers_of(shop: str) -> str:
    """The scope of what changes a shop's answers, and reads its numbers and conversations."""
    return f"answers:{shop}"


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _key(row: Row[Any]) -> ApiKey:
    used_at, revoked_at = (in_utc(at) if at else None for at in (row.used_at, row.revoked_at))
    return ApiKey(row.id, row.name, tuple(row.scopes), in_utc(row.created_at), used_at, revoked_at)

"""Codes by which a conversation is opened on another device: short, said aloud, good once and for ten minutes."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, insert
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError

from assistant.chat.sessions import Shopper
from assistant.chat.tables import pairings
from assistant.errors import ServiceError
from assistant.storage.transactions import writing

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Without I, L, O, 0 and 1, which look like each other."""
LENGTH = 6
GOOD_FOR = timedelta(minutes=10)
ATTEMPTS = 5
"""To find a code that is not taken; one in 887 million is."""


@dataclass(frozen=True)
class Paired:
    """What a code opens."""

    shopper: Shopper
    conversation: str


class Pairings:
    """The codes in the database; every method blocks, and raises ServiceError(`storage_failed`)."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def make(self, paired: Paired, now: datetime) -> str:
        """A new code; old ones go away."""
        shopper = paired.shopper
        row = {
            "shop": shopper.shop,
            "shopper": shopper.id,
            "customer": shopper.customer,
            "until": shopper.until,
            "conversation": paired.conversation,
            "expires_at": now + GOOD_FOR,
        }
        with writing(self._engine) as connection:
            connection.execute(delete(pairings).where(pairings.c.expires_at <= now))
            for _ in range(ATTEMPTS):
                code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
                try:
                    with connection.begin_nested():
                        connection.execute(insert(pairings).values(code=code, **row))
                except IntegrityError:
                    continue
                return code
        raise ServiceError("storage_failed", "I cannot make a code right now. Please try again in a moment.", 503)

    def take(self, code: str, shop: str, now: datetime) -> Paired:
        """What a code opens in this shop; it opens nothing any more.

        Raises:
            ServiceError: `code_unknown`, there is none such here, or it was used, or it is too old.
        """
        typed = "".join(code.upper().split()).replace("-", "")
        good = (pairings.c.code == typed) & (pairings.c.shop == shop) & (pairings.c.expires_at > now)
        with writing(self._engine) as connection:
            taken = delete(pairings).where(good).returning(pairings)
            row = connection.execute(taken).one_or_none()
        if row is None:
            raise ServiceError("code_unknown", "This code is not good, or not any more. Ask for another.", 404)
        return Paired(Shopper(row.shop, row.shopper, row.customer, row.until), row.conversation)

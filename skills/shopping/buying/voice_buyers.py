"""Who may buy by voice: opted in on a screen, with a PIN of which only a slow hash is kept."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, select, update
from sqlalchemy.engine import Engine

from skills.shopping.buying import tables
from skills.shopping.buying.details import Details
from skills.shopping.buying.orders import Orders
from skills.shopping.catalogue.database import Database
from skills.shopping.money import Money
from skills.shopping.shop import Shop

PIN = re.compile(r"[0-9]{4,8}")
WEAK = re.compile(r"(\d)\1*|0123(4(5(6(7)?)?)?)?|1234(5(6(7(8)?)?)?)?|4321|54321|654321|7654321|87654321")
"""What anybody tries first."""
FAILURES_MAX = 5
"""Wrong PINs in a row, after which only a new PIN on the screen opens it again."""

_COST = {"n": 2**14, "r": 8, "p": 1}
"""Of scrypt: 16 MiB and some 50 ms for each guess."""


class PinCheck(StrEnum):
    """What became of a PIN."""

    RIGHT = "right"
    WRONG = "wrong"
    LOCKED = "locked"


class VoiceRefusal(StrEnum):
    """Why an order cannot be placed by voice."""

    NOT_ALLOWED = "not_allowed"
    """The shop does not have it."""
    NOT_SET_UP = "not_set_up"
    LOCKED = "locked"
    TOO_MUCH = "too_much"
    TOO_OFTEN = "too_often"


@dataclass(frozen=True)
class VoiceBuyer:
    """Somebody who may buy by voice in a shop."""

    details: Details
    method: str
    failures: int

    @property
    def is_locked(self) -> bool:
        """Too many wrong PINs were said."""
        return self.failures >= FAILURES_MAX


class VoiceBuyers(Database):
    """Voice buyers in a database that has the tables already. Thread-safe; every method blocks."""

    def __init__(self, engine: Engine, orders: Orders, now: Callable[[], datetime]) -> None:
        super().__init__(engine)
        self._orders, self._now = orders, now

    def find(self, shop: str, shopper: str) -> VoiceBuyer | None:
        """What is kept of this shopper; None where they have not opted in."""
        table = tables.voice_buyers
        mine = select(table).where(table.c.shop == shop, table.c.shopper == shopper)
        with self._reading() as connection:
            row = connection.execute(mine).one_or_none()
        return VoiceBuyer(Details.model_validate(row.details), row.method, row.failures) if row else None

    def set(self, shop: str, shopper: str, pin: str, details: Details, method: str) -> None:
        """Opt in, or begin anew with another PIN, which was checked to be one."""
        kept = {
            "pin": hashed(pin),
            "failures": 0,
            "details": details.model_dump(mode="json"),
            "method": method,
            "at": self._now().astimezone(UTC),
        }
        statement = self._insert(tables.voice_buyers).values(shop=shop, shopper=shopper, **kept)
        with self._writing() as connection:
            connection.execute(statement.on_conflict_do_update(index_elements=["shop", "shopper"], set_=kept))

    def off(self, shop: str, shopper: str) -> bool:
        """Opt out; whether they had opted in."""
        table = tables.voice_buyers
        with self._writing() as connection:
            mine = delete(table).where(table.c.shop == shop, table.c.shopper == shopper)
            return connection.execute(mine).rowcount > 0

    def check(self, shop: str, shopper: str, pin: str) -> PinCheck:
        """Whether this is the PIN. A try is counted before it is looked at, so no two tries are one."""
        table = tables.voice_buyers
        mine = update(table).where(table.c.shop == shop, table.c.shopper == shopper)
        with self._writing() as connection:
            counted = mine.where(table.c.failures < FAILURES_MAX).values(failures=table.c.failures + 1)
            row = connection.execute(counted.returning(table.c.pin, table.c.failures)).one_or_none()
        if row is None:
            return PinCheck.LOCKED
        if not is_pin(pin, row.pin):
            return PinCheck.LOCKED if row.failures >= FAILURES_MAX else PinCheck.WRONG
        with self._writing() as connection:
            connection.execute(mine.values(failures=0))
        return PinCheck.RIGHT

    def method(self, shop: str, shopper: str) -> str:
        """The stored way of paying; empty where there is none."""
        found = self.find(shop, shopper)
        return found.method if found and not found.is_locked else ""

    def refusal(self, shop: Shop, shopper: str, total: Money | None) -> VoiceRefusal | None:
        """Why this shopper cannot buy for `total` by voice now; None where they can."""
        rules = shop.voice_buying
        if not rules.allowed:
            return VoiceRefusal.NOT_ALLOWED
        found = self.find(shop.id, shopper)
        if found is None:
            return VoiceRefusal.NOT_SET_UP
        if found.is_locked:
            return VoiceRefusal.LOCKED
        if total is not None and rules.most is not None and rules.most.minor < total.minor:
            return VoiceRefusal.TOO_MUCH
        since = self._now() - timedelta(days=1)
        if self._orders.by_voice_since(shop.id, shopper, since) >= rules.orders_a_day:
            return VoiceRefusal.TOO_OFTEN
        return None


def pin_problem(pin: str) -> str:
    """Why this cannot be a PIN, in words; empty where it can."""
    if not PIN.fullmatch(pin):
        return "Please choose four to eight digits."
    return "This is too easy to guess." if WEAK.fullmatch(pin) else ""


def hashed(pin: str) -> str:
    """A salted hash of a PIN that takes long to try out (RFC 7914)."""
    salt = secrets.token_bytes(16)
    return f"{salt.hex()}${hashlib.scrypt(pin.encode(), salt=salt, **_COST).hex()}"


def is_pin(pin: str, kept: str) -> bool:
    """Whether a hash is this PIN's."""
    salt, _, digest = kept.partition("$")
    found = hashlib.scrypt(pin.encode(), salt=bytes.fromhex(salt), **_COST)
    return hmac.compare_digest(found.hex(), digest)

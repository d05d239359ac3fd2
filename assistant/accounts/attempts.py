"""How long somebody waits who has given wrong passwords: by account and by address, kept in the database.

An attempt counts before its password is looked at, so that many at once are no way around; the right one takes it back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from sqlalchemy import delete, select, update
from sqlalchemy.engine import Engine

from assistant.accounts.tables import attempts
from assistant.storage.transactions import insert_into, writing
from skills.stored_times import in_utc

FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(minutes=15)
"""The first doubles with each further failure. Longer would let strangers keep somebody out."""
FORGIVEN = timedelta(minutes=15)
"""One failure is, each time: an office whose people mistype now and then waits for nothing."""
FORGOTTEN = timedelta(hours=24)
"""Then nothing is known of a count any more, whatever it was."""
IPV6_SITE = 64
"""Bits of an IPv6 address that are one customer's of a provider."""


@dataclass(frozen=True)
class Counted:
    """What failures are counted by; `free` of them cost no wait."""

    key: str
    free: int


def by_account(email: str) -> Counted:
    """Whoever tries a password of this account."""
    return Counted(f"account:{hashlib.sha256(email.encode()).hexdigest()}", free=5)


def by_address(address: str) -> Counted:
    """Whoever tries passwords from there: a shop's people may share one."""
    return Counted(f"address:{site(address)}", free=20)


def by_letters(address: str) -> Counted:
    """Whoever has letters sent from there."""
    return Counted(f"letters:{site(address)}", free=10)


def site(address: str) -> str:
    """An address without the part that everybody can change."""
    try:
        known = ip_address(address)
    except ValueError:
        return address[:40]
    return str(ip_network((known, IPV6_SITE), strict=False)) if known.version == 6 else str(known)


def left(failures: int, at: datetime, now: datetime) -> int:
    """How many of them still count, of which the last was at `at`."""
    return max(0, failures - max(0, (now - at) // FORGIVEN))


def wait(failures: int, at: datetime, now: datetime, free: int) -> timedelta:
    """How long until the next attempt, after so many failures of which the last was at `at`; nothing where at once."""
    over = left(failures, at, now) - free
    if over < 0:
        return timedelta(0)
    whole = LONGEST_WAIT if over > 10 else min(LONGEST_WAIT, FIRST_WAIT * 2**over)
    return max(timedelta(0), at + whole - now)


class Attempts:
    """The counts in the database; every method blocks, and raises ServiceError(`storage_failed`)."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def begin(self, counted: Sequence[Counted], now: datetime) -> timedelta:
        """Count an attempt by each of these; or count nothing, and say how long it has to wait."""
        with writing(self._engine) as connection:
            connection.execute(delete(attempts).where(attempts.c.at < now - FORGOTTEN))
            longest, counts = timedelta(0), {}
            # In one order, so that two attempts wait for each other rather than each for the other's row.
            for one in sorted(counted, key=lambda one: one.key):
                # Written first: the row is this transaction's until its end.
                row = insert_into(self._engine, attempts).values(key=one.key, failures=0, at=now)
                held = row.on_conflict_do_update(index_elements=["key"], set_={"failures": attempts.c.failures})
                connection.execute(held)
                known = connection.execute(select(attempts).where(attempts.c.key == one.key)).one()
                at = in_utc(known.at)
                longest = max(longest, wait(known.failures, at, now, one.free))
                counts[one.key] = left(known.failures, at, now) + 1
            if not longest:
                for key, failures in counts.items():
                    connection.execute(update(attempts).where(attempts.c.key == key).values(failures=failures, at=now))
            return longest

    def succeeded(self, account: Counted, address: Counted) -> None:
        """The password was right: the account starts anew, the address gets this attempt back."""
        with writing(self._engine) as connection:
            connection.execute(delete(attempts).where(attempts.c.key == account.key))
            mine = (attempts.c.key == address.key) & (attempts.c.failures > 0)
            connection.execute(update(attempts).where(mine).values(failures=attempts.c.failures - 1))


def told(waiting: timedelta) -> str:
    """A wait in words."""
    seconds = max(1, round(waiting.total_seconds()))
    if seconds < 90:
        return f"{seconds} seconds" if seconds > 1 else "one second"
    return f"{-(-seconds // 60)} minutes"

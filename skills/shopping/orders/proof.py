"""Proving an order to be one's own by a code sent to its mailbox: when one is sent, what a try comes to. Pure."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

LASTS = timedelta(minutes=10)
"""A code."""
TRIES = 5
"""Wrong ones, of a code."""
AGAIN_AFTER = timedelta(minutes=1)
AN_HOUR = timedelta(hours=1)
SENT_AN_HOUR = 3
"""Codes for one order, whoever asks."""
PROVED_FOR = timedelta(minutes=30)


@dataclass(frozen=True)
class Code:
    """A code that was sent, as it is kept: never itself."""

    digest: str
    sent: datetime
    tries: int = 0


class Tried(StrEnum):
    """What a try comes to."""

    RIGHT = "right"
    WRONG = "wrong"
    OVER = "over"
    """There is no code that still holds."""


def digest(code: str, salt: str) -> str:
    """What is kept of a code; the salt is the order and who asks."""
    return hashlib.sha256(f"{salt}\0{code}".encode()).hexdigest()


def may_send(sent: list[datetime], now: datetime) -> bool:
    """Whether another code may be sent for an order, after those sent at these times."""
    lately = [at for at in sent if now - at < AN_HOUR]
    return len(lately) < SENT_AN_HOUR and all(now - at >= AGAIN_AFTER for at in lately)


def tried(code: Code | None, shown: str, salt: str, now: datetime) -> tuple[Tried, Code | None]:
    """What showing `shown` comes to, and the code as it is kept from then on."""
    if code is None or now - code.sent > LASTS or code.tries >= TRIES:
        return Tried.OVER, None
    if hmac.compare_digest(digest("".join(shown.split()), salt), code.digest):
        return Tried.RIGHT, None
    return Tried.WRONG, replace(code, tries=code.tries + 1)

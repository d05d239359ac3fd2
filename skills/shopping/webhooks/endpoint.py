"""An address that a shop's events are told to, and a call to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

EVENTS = {
    "order.placed": "An order was placed and paid for",
    "order.changed": "An order is packed, shipped, delivered, cancelled or sent back",
    "conversation.waiting": "A customer asks for a person",
    "conversation.closed": "A conversation with a person has ended",
    "changes.published": "Somebody has published changes",
}
"""What can be told, by name."""
TEST = "test"
"""What the test button tells."""
ENDPOINTS_MAX = 10
"""Of one shop."""
BOTH = timedelta(hours=24)
"""How long an old secret signs beside the new one."""
KEPT = timedelta(days=30)
"""How long calls that have ended can be looked at."""


class CallState(StrEnum):
    """What has become of a call."""

    WAITING = "waiting"
    ARRIVED = "arrived"
    GIVEN_UP = "given_up"


@dataclass(frozen=True)
class Endpoint:
    """`secret` is shown as Standard Webhooks writes it: `whsec_` and Base64."""

    id: str
    shop: str
    url: str
    events: tuple[str, ...]
    secret: str
    old_secret: str
    """Signs beside the new one; empty where there is none."""
    paused: bool
    created_at: datetime


@dataclass(frozen=True)
class Call:
    """One event told to one address."""

    id: str
    event: str
    body: str
    at: datetime
    state: CallState
    attempts: int
    next_at: datetime
    status: int | None
    """Of the last attempt, where there was an answer."""
    problem: str
    """Of the last attempt, as a sentence."""


class Refused(StrEnum):
    """Why an address is not taken."""

    TOO_MANY = "too_many"
    INVALID = "invalid"
    PRIVATE = "private"
    UNKNOWN = "unknown"

    @property
    def sentence(self) -> str:
        """For the person who wrote it."""
        return {
            Refused.TOO_MANY: f"A shop can have {ENDPOINTS_MAX} addresses. Please remove one that is not needed.",
            Refused.INVALID: "Please write a whole address, like https://shop.example/sori.",
            Refused.PRIVATE: "This address lies in a private network, which nothing is sent to.",
            Refused.UNKNOWN: "No machine of this name can be found. Is it spelt right?",
        }[self]

"""Which kinds of customer somebody is, as rules of a shop name them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

FORGOTTEN = timedelta(days=2 * 365)
"""Who has bought nothing for so long buys for the first time again."""
LATELY = timedelta(days=182)
"""Half a year: who has bought within it buys again."""


class CustomerKind(StrEnum):
    """One is of several kinds at once."""

    NEW = "new"
    """Has not written to the shop before."""
    RETURNING = "returning"
    """Has."""
    SIGNED_IN = "signed_in"
    """The shop's site says who it is."""
    FIRST_PURCHASE = "first_purchase"
    """Has bought nothing within two years."""
    REPURCHASE = "repurchase"
    """Has bought within six months."""


@dataclass(frozen=True)
class Visitor:
    """What is known of somebody."""

    has_written: bool = False
    signed_in: bool = False
    last_order: datetime | None = None

    def kinds(self, now: datetime) -> frozenset[CustomerKind]:
        """All that apply at a time."""
        kinds = {CustomerKind.RETURNING if self.has_written else CustomerKind.NEW}
        if self.signed_in:
            kinds.add(CustomerKind.SIGNED_IN)
        if self.last_order is None or now - self.last_order > FORGOTTEN:
            kinds.add(CustomerKind.FIRST_PURCHASE)
        elif now - self.last_order <= LATELY:
            kinds.add(CustomerKind.REPURCHASE)
        return frozenset(kinds)

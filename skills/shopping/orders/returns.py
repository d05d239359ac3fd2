"""A return: things of an order on their way back, for their money or for another size. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from pydantic import Field

from skills.message import ItemId, Message
from skills.shopping.money import Money
from skills.shopping.orders.rules import Reason


class ReturnState(StrEnum):
    """Where a return is."""

    REQUESTED = "requested"
    """The customer may send it."""
    RECEIVED = "received"
    """It is back, and its money is being paid back or its replacement sent."""
    REFUNDED = "refunded"
    EXCHANGED = "exchanged"
    REJECTED = "rejected"
    """What came back is not as it has to be."""
    CANCELED = "canceled"
    """The customer keeps it."""

    @property
    def is_open(self) -> bool:
        """Whether something is still to happen."""
        return self in (ReturnState.REQUESTED, ReturnState.RECEIVED)

    @property
    def counts(self) -> bool:
        """Whether its things cannot be returned once more."""
        return self not in (ReturnState.REJECTED, ReturnState.CANCELED)


_FOLLOWING = {
    ReturnState.REQUESTED: {ReturnState.RECEIVED, ReturnState.CANCELED},
    ReturnState.RECEIVED: {ReturnState.REFUNDED, ReturnState.EXCHANGED, ReturnState.REJECTED},
}


class Return(Message):
    """So many of one line of an order; `replacement` is the variant that is wanted instead, "" for the money."""

    shop: str
    number: str
    order: str
    sku: ItemId
    title: str
    """The thing in words, its options included."""
    quantity: int = Field(ge=1)
    reason: Reason
    replacement: ItemId | None = None
    replacement_title: str = ""
    refund: Money
    """What is paid back where it is not exchanged."""
    state: ReturnState = ReturnState.REQUESTED
    requested: datetime
    events: tuple[tuple[datetime, str], ...] = ()


def may_move(state: ReturnState, to: ReturnState) -> bool:
    """Whether a return may go from one state into the other."""
    return to in _FOLLOWING.get(state, set())


def left_to_return(bought: int, returns: Iterable[Return], sku: str) -> int:
    """How many of a line's things can still be sent back."""
    return bought - sum(one.quantity for one in returns if one.sku == sku and one.state.counts)

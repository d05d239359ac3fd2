"""A checkout, what can happen to it (events) and what is then to be done (effects); `checkout_machine` joins them.

The states are the Universal Commerce Protocol's: `incomplete` (something is missing or sold out), `ready_for_complete`
(all is known, the person has to confirm), `requires_escalation` (the person has to pay at `continue_url`),
`complete_in_progress` (the payment is there, or being asked for; the order is being placed), `completed`, `canceled`.
Effects are carried out by `checkouts.py` after the new state is kept, each so that it may be carried out again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from skills.message import Message
from skills.shop_view import CheckoutStatus
from skills.shopping.buying.cart import Line
from skills.shopping.buying.details import Details
from skills.shopping.buying.quote import Quote
from skills.shopping.product import ShopId
from skills.shopping.system_replies import default

KEPT = timedelta(minutes=60)
"""How long a checkout waits for the next step."""

OPEN: frozenset[CheckoutStatus] = frozenset({"incomplete", "ready_for_complete", "requires_escalation"})
"""In which something can still be changed."""

IN_PROGRESS = "Your order is being placed right now."
CANCELED = default("checkout.canceled")
EXPIRED = default("checkout.expired")


class Checkout(Message):
    """One purchase on its way: `wanted` are the cart's lines it began with, `quote` what they cost now."""

    id: str
    shop: ShopId
    shopper: str
    customer: str = ""
    """Whom the shop's own site has vouched for."""
    conversation: str = ""
    """In which it was confirmed."""
    voice: bool = False
    """It was confirmed at the speaker."""
    status: CheckoutStatus = "incomplete"
    wanted: tuple[Line, ...] = ()
    coupon: str = ""
    details: Details = Details()
    missing: tuple[str, ...] = ()
    """Fields of `details` that are still needed."""
    quote: Quote
    payment: str = ""
    """The id of the payment that is under way, or that paid for it."""
    order: str = ""
    messages: tuple[str, ...] = ()
    """What the person has to know, in words."""
    created: datetime
    expires: datetime
    updated: datetime
    version: int = 0
    """Grows with every step that is kept."""


@dataclass(frozen=True)
class Looked:
    """Somebody looks at it, or the clock does: what it costs now, with these details and lines."""

    wanted: tuple[Line, ...]
    coupon: str
    details: Details
    missing: tuple[str, ...]
    quote: Quote


@dataclass(frozen=True)
class Confirmed:
    """The person wants to buy for `total` minor units, which is what they have seen; `payment` is the id for it."""

    total: int
    quote: Quote
    payment: str
    stored: bool = False
    """It is bought at the speaker, and paid with what the buyer stored, without a page."""
    conversation: str = ""
    customer: str = ""
    """Whom the shop's own site has vouched for by now."""


@dataclass(frozen=True)
class Authorized:
    """The provider has the money ready."""

    payment: str


@dataclass(frozen=True)
class Declined:
    """The provider refused, and the person cannot try again on its page."""

    payment: str
    why: str


@dataclass(frozen=True)
class Placed:
    """The stock is taken and the order kept."""

    order: str


@dataclass(frozen=True)
class NotPlaced:
    """Stock or prices have changed since the person confirmed; nothing was taken."""

    quote: Quote
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Canceled:
    """The person has changed their mind."""


@dataclass(frozen=True)
class Expired:
    """The clock looks whether it has been left."""


Event = Looked | Confirmed | Authorized | Declined | Placed | NotPlaced | Canceled | Expired


@dataclass(frozen=True)
class OpenPayment:
    """Make the payment page for this amount."""

    payment: str


@dataclass(frozen=True)
class Authorize:
    """Ask the provider for the money, with what the buyer stored."""

    payment: str


@dataclass(frozen=True)
class PlaceOrder:
    """Take the stock and keep the order, in one transaction."""

    payment: str


@dataclass(frozen=True)
class Capture:
    """Take the money that is ready."""

    payment: str


@dataclass(frozen=True)
class Void:
    """Let the money go; the payment must never succeed any more."""

    payment: str


Effect = OpenPayment | Authorize | PlaceOrder | Capture | Void

"""The checkout as a pure state machine: (checkout, event, now) -> (checkout, effects).

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

KEPT = timedelta(minutes=60)
"""How long a checkout waits for the next step."""

OPEN: frozenset[CheckoutStatus] = frozenset({"incomplete", "ready_for_complete", "requires_escalation"})
"""In which something can still be changed."""

IN_PROGRESS = "Your order is being placed right now."
CANCELED = "This checkout was canceled. Your cart is as it was."
EXPIRED = "This checkout was left too long. Your cart is as it was."


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


def step(checkout: Checkout, event: Event, now: datetime) -> tuple[Checkout, tuple[Effect, ...]]:
    """What becomes of a checkout; what does not fit its state changes nothing."""
    match event:
        case Looked():
            return _looked(checkout, event, now)
        case Confirmed():
            return _confirmed(checkout, event, now)
        case Authorized(payment):
            return _authorized(checkout, payment, now)
        case Declined(payment, why):
            return _declined(checkout, payment, why, now)
        case Placed(order):
            if checkout.status != "complete_in_progress":
                return checkout, ()
            done = _moved(checkout, now, status="completed", order=order, messages=())
            return done, (Capture(checkout.payment),)
        case NotPlaced():
            return _not_placed(checkout, event, now)
        case Canceled():
            return _ended(checkout, CANCELED, now)
        case Expired():
            return _ended(checkout, EXPIRED, now) if now >= checkout.expires else (checkout, ())


def _looked(checkout: Checkout, event: Looked, now: datetime) -> tuple[Checkout, tuple[Effect, ...]]:
    if checkout.status not in OPEN:
        return checkout, ()
    if now >= checkout.expires:
        return _ended(checkout, EXPIRED, now)
    changed = {
        "wanted": event.wanted,
        "coupon": event.coupon,
        "details": event.details,
        "missing": event.missing,
        "quote": event.quote,
    }
    if all(getattr(checkout, name) == value for name, value in changed.items()):
        return checkout, ()
    if checkout.status == "requires_escalation" and _is_same_purchase(checkout, event):
        return _moved(checkout, now, **changed), ()
    status = _open_status(event.quote, event.missing)
    after = _moved(checkout, now, **changed, status=status, payment="", messages=event.quote.problems)
    return after, _voids(checkout)


def _is_same_purchase(checkout: Checkout, event: Looked) -> bool:
    """Nothing that somebody is just paying for has changed."""
    return checkout.quote.lines == event.quote.lines and (
        checkout.quote.totals == event.quote.totals and checkout.details == event.details and not event.quote.problems
    )


def _confirmed(checkout: Checkout, event: Confirmed, now: datetime) -> tuple[Checkout, tuple[Effect, ...]]:
    if checkout.status != "ready_for_complete":
        return checkout, ()  # a second tap: what it would do is done, or on its way
    if now >= checkout.expires:
        return _ended(checkout, EXPIRED, now)
    status = _open_status(event.quote, checkout.missing)
    if status == "incomplete":
        return _moved(checkout, now, status=status, quote=event.quote, messages=event.quote.problems), ()
    if event.quote.totals.total.minor != event.total:
        difference = _difference(event.total, event.quote)
        return _moved(checkout, now, quote=event.quote, messages=(difference,)), ()
    begun = _moved(
        checkout,
        now,
        status="complete_in_progress" if event.stored else "requires_escalation",
        quote=event.quote,
        payment=event.payment,
        voice=event.stored,
        conversation=event.conversation,
        customer=event.customer or checkout.customer,
        messages=(),
    )
    return begun, (Authorize(event.payment) if event.stored else OpenPayment(event.payment),)


def _authorized(checkout: Checkout, payment: str, now: datetime) -> tuple[Checkout, tuple[Effect, ...]]:
    if payment != checkout.payment or checkout.status == "canceled":
        return checkout, (Void(payment),)
    match checkout.status:
        case "requires_escalation":
            return _moved(checkout, now, status="complete_in_progress", messages=()), (PlaceOrder(payment),)
        case "complete_in_progress":
            return checkout, (PlaceOrder(payment),)
        case _:
            return checkout, ()


def _declined(checkout: Checkout, payment: str, why: str, now: datetime) -> tuple[Checkout, tuple[Effect, ...]]:
    if payment != checkout.payment or checkout.status not in ("requires_escalation", "complete_in_progress"):
        return checkout, ()
    back = _moved(checkout, now, status="ready_for_complete", payment="", messages=(why,))
    return back, (Void(payment),)


def _not_placed(checkout: Checkout, event: NotPlaced, now: datetime) -> tuple[Checkout, tuple[Effect, ...]]:
    if checkout.status != "complete_in_progress":
        return checkout, ()
    before = checkout.quote.totals.total.minor
    reasons = event.quote.problems
    if not reasons and event.quote.totals.total.minor != before:
        reasons = (_difference(before, event.quote),)
    elif not reasons:
        reasons = ("Something in your order has just changed.",)
    status = _open_status(event.quote, event.missing)
    back = _moved(
        checkout,
        now,
        status=status,
        quote=event.quote,
        missing=event.missing,
        payment="",
        messages=(*reasons, "Nothing was charged."),
    )
    return back, _voids(checkout)


def _ended(checkout: Checkout, why: str, now: datetime) -> tuple[Checkout, tuple[Effect, ...]]:
    if checkout.status not in OPEN:
        return checkout, ()
    return _moved(checkout, now, status="canceled", payment="", messages=(why,)), _voids(checkout)


def _open_status(quote: Quote, missing: tuple[str, ...]) -> CheckoutStatus:
    return "incomplete" if missing or quote.problems else "ready_for_complete"


def _voids(checkout: Checkout) -> tuple[Effect, ...]:
    return (Void(checkout.payment),) if checkout.payment else ()


def _difference(before: int, quote: Quote) -> str:
    total = quote.totals.total
    seen = total.model_copy(update={"minor": before})
    return f"The total has changed from {seen} to {total}. Please look at it again."


def _moved(checkout: Checkout, now: datetime, **changes: object) -> Checkout:
    return checkout.model_copy(
        update={**changes, "updated": now, "expires": now + KEPT, "version": checkout.version + 1}
    )

"""The checkout as a pure state machine: (checkout, event, now) -> (checkout, effects)."""

from __future__ import annotations

from datetime import datetime

from skills.shop_view import CheckoutStatus
from skills.shopping.buying.checkout import (
    CANCELED,
    EXPIRED,
    KEPT,
    OPEN,
    Authorize,
    Authorized,
    Canceled,
    Capture,
    Checkout,
    Confirmed,
    Declined,
    Effect,
    Event,
    Expired,
    Looked,
    NotPlaced,
    OpenPayment,
    Placed,
    PlaceOrder,
    Void,
)
from skills.shopping.buying.quote import Quote


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

"""Carries checkouts from a cart to an order: keeps each step of the machine, and does what it asks for.

What a step asks for is kept with it as an intention, and carried out after; what a crash leaves is found by `recover`.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy.engine import Connection, Engine

from skills.shopping.buying import tables
from skills.shopping.buying.cart import Cart
from skills.shopping.buying.carts import read_cart
from skills.shopping.buying.checkout import (
    KEPT,
    OPEN,
    Authorize,
    Authorized,
    Canceled,
    Checkout,
    Confirmed,
    Declined,
    Effect,
    Event,
    Expired,
    Looked,
    NotPlaced,
    OpenPayment,
    PlaceOrder,
    Void,
)
from skills.shopping.buying.checkout_machine import step
from skills.shopping.buying.details import Details, missing, read_details
from skills.shopping.buying.keeping import expired, forget, keep, left_before, load, row_of, under_way
from skills.shopping.buying.orders import Orders, OrderState
from skills.shopping.buying.payments import Payment, Payments, PaymentState
from skills.shopping.buying.placing import Placing
from skills.shopping.buying.providers import PaymentStatus
from skills.shopping.buying.quoting import quote_in
from skills.shopping.catalogue import Catalogues
from skills.shopping.catalogue.database import Database, unknown_shop
from skills.shopping.errors import CatalogueStoreError
from skills.shopping.shop import Shop
from skills.shopping.system_replies import default

log = structlog.get_logger(__name__)

TRIES = 20
STUCK = timedelta(minutes=2)
"""After which nobody is working on a step any more."""
INTERRUPTED = default("checkout.interrupted")
DECLINED = default("checkout.declined")


@dataclass(frozen=True)
class Buyer:
    """Who buys: a shopper's session, and whom the shop vouched for, if anybody."""

    shopper: str
    customer: str = ""
    conversation: str = ""


class Checkouts(Database):
    """Checkouts in a database that has the tables already. Thread-safe; every method blocks.

    Another shopper's, or another shop's, checkout looks like one that does not exist.
    """

    def __init__(
        self,
        engine: Engine,
        catalogues: Catalogues,
        orders: Orders,
        payments: Payments,
        placing: Placing,
        stored_method: Callable[[str, str], str],
        now: Callable[[], datetime],
    ) -> None:
        """`stored_method` is how a shopper has agreed to pay by voice in a shop."""
        super().__init__(engine)
        self._catalogues, self._orders, self._payments, self._placing = catalogues, orders, payments, placing
        self._stored_method, self._now = stored_method, now
        self._told: list[Callable[[Checkout], None]] = []

    def on_done(self, told: Callable[[Checkout], None]) -> None:
        """`told` hears, in any thread, of each checkout that has moved on without its person's asking here."""
        self._told.append(told)

    def start(self, shop: Shop, buyer: Buyer, details: Details) -> Checkout:
        """The buyer's checkout of what is in the cart now; `details` fill in what it does not know yet."""
        with self._writing() as connection:
            begun = under_way(connection, shop.id, buyer.shopper)
            if begun is None:
                self._begin(connection, shop, buyer, details)
                begun = under_way(connection, shop.id, buyer.shopper)
        if begun is None:
            raise _busy()
        return self._apply(begun.id, lambda connection, known: self._look(connection, shop, known, from_cart=True))

    def under_way(self, shop: Shop, shopper: str) -> Checkout | None:
        """The shopper's checkout that has begun and not ended, as it was last looked at."""
        with self._reading() as connection:
            return under_way(connection, shop.id, shopper)

    def find(self, shop: Shop, shopper: str, identity: str) -> Checkout | None:
        """The shopper's checkout as it is now: prices and stock are looked up again while it is open."""
        found = self._mine(shop, shopper, identity)
        if found is None or found.status not in OPEN:
            return found
        return self._apply(identity, lambda connection, known: self._look(connection, shop, known))

    def waiting(self, shop: Shop, shopper: str) -> Checkout | None:
        """The shopper's checkout that waits for a yes, or to be paid for."""
        with self._reading() as connection:
            found = under_way(connection, shop.id, shopper)
        return found if found and found.status in ("ready_for_complete", "requires_escalation") else None

    def update(
        self, shop: Shop, shopper: str, identity: str, values: Mapping[str, object]
    ) -> tuple[Checkout, dict[str, str]] | None:
        """Fill in fields; what is wrong comes back by field, and is not taken over."""
        found = self._mine(shop, shopper, identity)
        if found is None:
            return None
        errors: dict[str, str] = {}

        def filled(connection: Connection, known: Checkout) -> Event:
            details, problems = read_details(values, known.details, shop)
            errors.update(problems)
            return self._look(connection, shop, known.model_copy(update={"details": details}))

        return self._apply(identity, filled), errors

    def complete(self, shop: Shop, buyer: Buyer, identity: str, total: int, *, stored: bool = False) -> Checkout | None:
        """The buyer has seen `total` minor units, and wants to buy; as often as it is said, there is one order."""
        if self._mine(shop, buyer.shopper, identity) is None:
            return None
        payment = secrets.token_hex(16)

        def confirmed(connection: Connection, known: Checkout) -> Event:
            cart = Cart(known.wanted, known.coupon)
            fresh = quote_in(connection, shop, cart, known.details, known.shopper, self._now())
            return Confirmed(total, fresh, payment, stored, buyer.conversation, buyer.customer)

        return self._apply(identity, confirmed)

    def cancel(self, shop: Shop, shopper: str, identity: str) -> Checkout | None:
        """The shopper has changed their mind; what is being placed cannot be stopped any more."""
        found = self._mine(shop, shopper, identity)
        return self._apply(identity, lambda _connection, _known: Canceled()) if found else None

    def paid(self, payment: str) -> None:
        """A payment has changed at its provider: look at it, and go on."""
        found = self._payments.find(payment)
        if found is None or self._payments.status(found) is not PaymentStatus.AUTHORIZED:
            return
        self._tell(self._apply(found.checkout, lambda _connection, _known: Authorized(payment)))

    def continue_url(self, checkout: Checkout) -> str:
        """Where the person pays; empty where there is nothing to pay."""
        payment = self._payments.find(checkout.payment) if checkout.status == "requires_escalation" else None
        return self._payments.open(payment, self._title(payment.shop)) if payment else ""

    def recover(self, *, at_start: bool = False) -> None:
        """Finish what was left: by a crash (`at_start`), or because a call was lost; let old ones expire."""
        now = self._now()
        with self._reading() as connection:
            left = left_before(connection, now if at_start else now - STUCK)
            old = expired(connection, now)
        for checkout in left:
            self._resume(checkout)
        for payment in self._payments.unsettled():
            self._settle(payment)
        self._payments.give_back_left()
        for checkout in old:
            self._apply(checkout.id, lambda _connection, _known: Expired())

    def forget(self, before: datetime) -> None:
        """Checkouts that came to nothing before then are forgotten."""
        with self._writing() as connection:
            forget(connection, before)

    def _resume(self, checkout: Checkout) -> None:
        payment = self._payments.find(checkout.payment)
        status = self._payments.status(payment) if payment else None
        if status in (PaymentStatus.AUTHORIZED, PaymentStatus.CAPTURED):
            self._tell(self._apply(checkout.id, lambda _connection, _known: Authorized(checkout.payment)))
        elif checkout.status == "complete_in_progress":
            declined = Declined(checkout.payment, INTERRUPTED)
            self._tell(self._apply(checkout.id, lambda _connection, _known: declined))

    def _begin(self, connection: Connection, shop: Shop, buyer: Buyer, details: Details) -> None:
        now, cart = self._now(), read_cart(connection, shop.id, buyer.shopper)
        details, _ = read_details(details.model_dump(), Details(), shop)
        begun = Checkout(
            id=secrets.token_hex(16),
            shop=shop.id,
            shopper=buyer.shopper,
            customer=buyer.customer,
            details=details,
            quote=quote_in(connection, shop, cart, details, buyer.shopper, now),
            created=now,
            expires=now + KEPT,
            updated=now,
        )
        values = {"id": begun.id, "shop": shop.id, "shopper": buyer.shopper, **row_of(begun)}
        # Another tab may begin at the same moment: the table takes one of them.
        connection.execute(self._insert(tables.checkouts).values(values).on_conflict_do_nothing())

    def _look(self, connection: Connection, shop: Shop, known: Checkout, *, from_cart: bool = False) -> Looked:
        cart = Cart(known.wanted, known.coupon)
        if from_cart:
            cart = read_cart(connection, shop.id, known.shopper)
        fresh = quote_in(connection, shop, cart, known.details, known.shopper, self._now())
        return Looked(cart.lines, cart.coupon, known.details, tuple(missing(known.details, shop)), fresh)

    def _mine(self, shop: Shop, shopper: str, identity: str) -> Checkout | None:
        with self._reading() as connection:
            found = load(connection, identity)
        return found if found and (found.shop, found.shopper) == (shop.id, shopper) else None

    def _apply(self, identity: str, make: Callable[[Connection, Checkout], Event]) -> Checkout:
        """Take a step and carry out what it asks for; returns what has become of the checkout in the end."""
        for _ in range(TRIES):
            with self._writing() as connection:
                before = load(connection, identity)
                if before is None:
                    raise CatalogueStoreError("checkout_unknown", "There is no such checkout.")
                after, effects = step(before, make(connection, before), self._now())
                if after.version != before.version and not keep(connection, before, after):
                    continue  # another step was faster: look again
                for effect in effects:
                    self._intend(connection, after, effect)
            for effect in effects:
                after = self._carry_out(after, effect)
            return after
        raise _busy()

    def _intend(self, connection: Connection, checkout: Checkout, effect: Effect) -> None:
        match effect:
            case OpenPayment(payment) | Authorize(payment):
                provider, total = self._shop(checkout.shop).payment, checkout.quote.totals.total
                self._payments.begin(connection, payment, checkout.shop, checkout.id, provider, total, self._now())
            case Void(payment):
                self._payments.mean_to_void(connection, payment)

    def _carry_out(self, checkout: Checkout, effect: Effect) -> Checkout:
        match effect:
            case OpenPayment():
                self.continue_url(checkout)
            case Authorize(payment):
                return self._authorize(checkout, payment)
            case PlaceOrder():
                return self._place(checkout)
            case Void(payment):
                self._settle(payment)
        return checkout

    def _authorize(self, checkout: Checkout, payment: str) -> Checkout:
        found = self._payments.find(payment)
        if found is None:
            return checkout
        method = self._stored_method(checkout.shop, checkout.shopper)
        status = self._payments.authorize(found, self._title(checkout.shop), method)
        event: Event = Declined(payment, DECLINED)
        if status is PaymentStatus.AUTHORIZED:
            event = Authorized(payment)
        return self._apply(checkout.id, lambda _connection, _known: event)

    def _place(self, checkout: Checkout) -> Checkout:
        placed = self._placing.place(checkout, self._shop(checkout.shop), self._now())
        match placed:
            case Checkout():
                self._settle(placed.payment)
                return placed
            case NotPlaced():
                return self._apply(checkout.id, lambda _connection, _known: placed)
            case None:
                with self._reading() as connection:
                    return load(connection, checkout.id) or checkout

    def _settle(self, payment: str) -> None:
        self._payments.settle(payment, self._settled)

    def _settled(self, connection: Connection, payment: Payment) -> None:
        match payment.state:
            case PaymentState.CAPTURED:
                self._orders.move(payment.shop, payment.order, OrderState.PAID, self._now(), connection=connection)
            case PaymentState.FAILED:
                note = "The payment could not be collected."
                self._orders.note(payment.shop, payment.order, note, self._now(), connection)

    def _tell(self, checkout: Checkout) -> None:
        for told in self._told:
            try:
                told(checkout)
            except Exception:  # whoever listens cannot undo what has happened
                log.exception("somebody did not take what became of a checkout")

    def _shop(self, identity: str) -> Shop:
        shop = self._catalogues.shop(identity)
        if shop is None:
            raise unknown_shop(identity)
        return shop

    def _title(self, shop: str) -> str:
        return f"Your order at {self._shop(shop).name}"


def _busy() -> CatalogueStoreError:
    return CatalogueStoreError(
        "checkout_busy", "This checkout is being changed elsewhere. Please try again.", retryable=True
    )

"""The one transaction in which a paid checkout becomes an order: stock, prices, coupon, order, cart and receipt."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.engine import Connection, Engine

from skills.shopping.buying import tables
from skills.shopping.buying.cart import Cart, without
from skills.shopping.buying.carts import TRIES, Carts
from skills.shopping.buying.checkout import Checkout, NotPlaced, Placed
from skills.shopping.buying.checkout_machine import step
from skills.shopping.buying.coupons import find_coupon
from skills.shopping.buying.details import delivery_of, missing
from skills.shopping.buying.keeping import keep, lock
from skills.shopping.buying.orders import Orders
from skills.shopping.buying.outbox import Outbox
from skills.shopping.buying.payments import Payments
from skills.shopping.buying.quoting import customers, quote_in
from skills.shopping.buying.receipts import receipt
from skills.shopping.catalogue import Catalogues
from skills.shopping.catalogue import tables as catalogue
from skills.shopping.catalogue.database import Database
from skills.shopping.shop import Shop
from skills.shopping.webhooks.telling import tell


class _ChangedError(Exception):
    """Takes everything back: it is no longer what the person confirmed."""


class Placing(Database):
    """Makes orders of checkouts that are paid for. Thread-safe; it blocks."""

    def __init__(
        self, engine: Engine, catalogues: Catalogues, carts: Carts, orders: Orders, payments: Payments, outbox: Outbox
    ) -> None:
        super().__init__(engine)
        self._catalogues, self._carts, self._orders = catalogues, carts, orders
        self._payments, self._outbox = payments, outbox

    def place(self, checkout: Checkout, shop: Shop, now: datetime) -> Checkout | NotPlaced | None:
        """The completed checkout; or that it is no longer what was confirmed, and then nothing was taken; None where
        somebody else has taken this checkout a step further meanwhile.
        """
        try:
            with self._writing() as connection:
                return self._place(connection, checkout, shop, now) if lock(connection, checkout) else None
        except _ChangedError:
            with self._reading() as connection:
                cart = Cart(checkout.wanted, checkout.coupon)
                fresh = quote_in(connection, shop, cart, checkout.details, checkout.shopper, now)
            return NotPlaced(fresh, tuple(missing(checkout.details, shop)))

    def _place(self, connection: Connection, checkout: Checkout, shop: Shop, now: datetime) -> Checkout:
        # An import that changes prices waits for this row, so the prices read from here on are those that hold.
        connection.execute(
            select(catalogue.shops.c.id).where(catalogue.shops.c.id == shop.id).with_for_update(read=True)
        )
        cart, delivery = Cart(checkout.wanted, checkout.coupon), delivery_of(checkout.details, shop)
        fresh = quote_in(connection, shop, cart, checkout.details, checkout.shopper, now)
        if fresh.problems or fresh.totals != checkout.quote.totals or missing(checkout.details, shop):
            raise _ChangedError
        wanted = {line.sku: line.quantity for line in checkout.quote.lines}
        if wanted != {line.sku: line.quantity for line in fresh.lines}:
            raise _ChangedError
        if self._catalogues.take_stock(connection, shop.id, wanted):
            raise _ChangedError
        number = self._orders.place(connection, checkout, shop, delivery, now)
        self._use_coupon(connection, checkout, shop, number)
        if not self._payments.mean_to_capture(connection, checkout.payment, number):
            raise _ChangedError
        after, _ = step(checkout, Placed(number), now)
        keep(connection, checkout, after)
        self._empty_cart(connection, checkout, now)
        letter = receipt(shop, number, checkout.quote, checkout.details, delivery)
        self._outbox.put(connection, shop, letter, now)
        data = {"number": number, "total": checkout.quote.totals.total.model_dump(), "items": checkout.quote.count}
        tell(connection, shop.id, "order.placed", data, now)
        return after

    def _use_coupon(self, connection: Connection, checkout: Checkout, shop: Shop, number: str) -> None:
        coupon = find_coupon(shop, checkout.quote.coupon) if checkout.quote.coupon else None
        if coupon is None or not coupon.once:
            return
        for customer in customers(checkout.shopper, checkout.details.email):
            use = self._insert(tables.coupon_uses).values(
                shop=shop.id, code=coupon.code, customer=customer, number=number
            )
            taken = connection.execute(use.on_conflict_do_nothing().returning(tables.coupon_uses.c.code)).first()
            if taken is None:  # another order has used it at this moment
                raise _ChangedError

    def _empty_cart(self, connection: Connection, checkout: Checkout, now: datetime) -> None:
        for _ in range(TRIES):  # things may be put into it at this moment
            if self._carts.keep_in(
                connection, checkout.shop, checkout.shopper, lambda cart: without(cart, checkout.wanted), now
            ):
                return
        raise _ChangedError

"""Quotes from what the database has now, within a transaction of the caller's."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.engine import Connection

from skills.shopping.buying import tables
from skills.shopping.buying.cart import Cart
from skills.shopping.buying.coupons import find_coupon
from skills.shopping.buying.details import Details, delivery_of
from skills.shopping.buying.quote import Quote, quote
from skills.shopping.catalogue.reading import variants_of
from skills.shopping.shop import Shop


def quote_in(connection: Connection, shop: Shop, cart: Cart, details: Details, shopper: str, now: datetime) -> Quote:
    """What this cart costs its shopper now, sent as `details` say."""
    goods = variants_of(connection, shop.id, [line.sku for line in cart.lines])
    used = _has_used(connection, shop, cart.coupon, shopper, details.email)
    return quote(shop, cart, goods, delivery_of(details, shop), now, used=used)


def customers(shopper: str, email: str) -> list[str]:
    """Under which names somebody is remembered to have used a coupon."""
    return [f"shopper:{shopper}", *([f"email:{email.casefold()}"] if email else [])]


def _has_used(connection: Connection, shop: Shop, code: str, shopper: str, email: str) -> bool:
    coupon = find_coupon(shop, code) if code else None
    if coupon is None or not coupon.once:
        return False
    table = tables.coupon_uses
    used = select(table.c.code).where(
        table.c.shop == shop.id, table.c.code == coupon.code, table.c.customer.in_(customers(shopper, email))
    )
    return connection.execute(used.limit(1)).first() is not None

"""Keeps carts: one for each shopper in each shop, the same on every device of theirs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.engine import Connection

from skills.shopping.buying import tables
from skills.shopping.buying.cart import Cart, Line, merged
from skills.shopping.catalogue.database import Database
from skills.shopping.errors import CatalogueStoreError
from skills.shopping.money import Money

TRIES = 20
"""Changes of one cart at the same time; more than this are no person's."""


class Carts(Database):
    """Carts in a database that has the tables already. Thread-safe; every method blocks.

    Every method raises CatalogueStoreError where the database fails, and then nothing was written.
    """

    def cart(self, shop: str, shopper: str) -> Cart:
        """The shopper's cart, empty where there was none."""
        with self._reading() as connection:
            return read_cart(connection, shop, shopper)

    def count(self, shop: str, shopper: str) -> int:
        """How many things are in the shopper's cart."""
        table = tables.cart_lines
        counted = select(func.coalesce(func.sum(table.c.quantity), 0))
        with self._reading() as connection:
            mine = counted.where(table.c.shop == shop, table.c.shopper == shopper)
            return int(connection.execute(mine).scalar_one())

    def change(
        self, shop: str, shopper: str, edit: Callable[[Cart], Cart], now: datetime, revision: int | None = None
    ) -> Cart | None:
        """Keep what `edit` makes of the cart, and return it; changes of two devices follow each other.

        With a `revision`, only while the cart is still that one: None where it is not, and nothing was changed.
        """
        for _ in range(TRIES):
            with self._writing() as connection:
                before = read_cart(connection, shop, shopper)
                if revision is not None and before.revision != revision:
                    return None
                after = edit(before)
                if after == before:
                    return before
                if kept := self._keep(connection, shop, shopper, before, after, now):
                    return kept
        raise CatalogueStoreError(
            "cart_busy", "This cart is being changed elsewhere. Please try again.", retryable=True
        )

    def merge(self, shop: str, guest: str, shopper: str, now: datetime) -> Cart:
        """Put a guest's things into the cart of the shopper that the guest turned out to be; the guest's is empty then.

        Both happen, or neither: what is done twice adds nothing twice.
        """
        for _ in range(TRIES):
            with self._writing() as connection:
                left, mine = read_cart(connection, shop, guest), read_cart(connection, shop, shopper)
                if guest == shopper or not left.lines:
                    return mine
                emptied = self._keep(connection, shop, guest, left, Cart(), now)
                kept = self._keep(connection, shop, shopper, mine, merged(mine, left), now) if emptied else None
                if kept:
                    return kept
                connection.rollback()
        raise CatalogueStoreError(
            "cart_busy", "This cart is being changed elsewhere. Please try again.", retryable=True
        )

    def keep_in(
        self, connection: Connection, shop: str, shopper: str, edit: Callable[[Cart], Cart], now: datetime
    ) -> bool:
        """As `change`, within a transaction of the caller's; False where somebody else was faster."""
        before = read_cart(connection, shop, shopper)
        after = edit(before)
        return after == before or self._keep(connection, shop, shopper, before, after, now) is not None

    def forget(self, before: datetime) -> None:
        """Carts that nobody has changed since then go away."""
        old = select(tables.carts.c.shop, tables.carts.c.shopper).where(
            tables.carts.c.updated_at < before.astimezone(UTC)
        )
        with self._writing() as connection:
            for row in connection.execute(old.limit(1_000)).all():
                for table in (tables.cart_lines, tables.carts):
                    connection.execute(delete(table).where(table.c.shop == row.shop, table.c.shopper == row.shopper))

    def _keep(
        self, connection: Connection, shop: str, shopper: str, before: Cart, after: Cart, now: datetime
    ) -> Cart | None:
        carts, lines = tables.carts, tables.cart_lines
        values = {"coupon": after.coupon, "revision": before.revision + 1, "updated_at": now.astimezone(UTC)}
        grown = update(carts).where(
            carts.c.shop == shop, carts.c.shopper == shopper, carts.c.revision == before.revision
        )
        if connection.execute(grown.values(values)).rowcount == 0:
            begun = self._insert(carts).values(shop=shop, shopper=shopper, **values).on_conflict_do_nothing()
            if before.revision or connection.execute(begun.returning(carts.c.shop)).first() is None:
                return None
        connection.execute(delete(lines).where(lines.c.shop == shop, lines.c.shopper == shopper))
        rows = [
            {
                "shop": shop,
                "shopper": shopper,
                "sku": line.sku,
                "product": line.product,
                "quantity": line.quantity,
                "price_minor": line.price.minor,
                "currency": line.price.currency,
                "place": place,
            }
            for place, line in enumerate(after.lines)
        ]
        if rows:
            connection.execute(insert(lines), rows)
        return Cart(after.lines, after.coupon, before.revision + 1)


def read_cart(connection: Connection, shop: str, shopper: str) -> Cart:
    """The cart, within a transaction of the caller's."""
    carts, lines = tables.carts, tables.cart_lines
    row = connection.execute(
        select(carts.c.coupon, carts.c.revision).where(carts.c.shop == shop, carts.c.shopper == shopper)
    ).one_or_none()
    if row is None:
        return Cart()
    mine = select(lines).where(lines.c.shop == shop, lines.c.shopper == shopper).order_by(lines.c.place)
    found = tuple(
        Line(one.sku, one.product, one.quantity, Money(minor=one.price_minor, currency=one.currency))
        for one in connection.execute(mine)
    )
    return Cart(found, row.coupon, row.revision)

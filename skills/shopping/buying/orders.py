"""Keeps orders: what was bought, by whom, and everything that has happened since."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, Select, func, insert, select, update
from sqlalchemy.engine import Connection

from skills.shop_view import Totals
from skills.shopping.buying import tables
from skills.shopping.buying.checkout import Checkout
from skills.shopping.buying.details import Details
from skills.shopping.buying.quote import QuotedLine
from skills.shopping.catalogue.database import Database
from skills.shopping.shop import Delivery, Shop
from skills.shopping.webhooks.telling import tell
from skills.stored_times import in_utc


class OrderState(StrEnum):
    """How far an order is."""

    PLACED = "placed"
    PAID = "paid"
    PACKED = "packed"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELED = "canceled"
    RETURNED = "returned"


BEFORE: Mapping[OrderState, frozenset[OrderState]] = {
    OrderState.PLACED: frozenset(),
    OrderState.PAID: frozenset({OrderState.PLACED}),
    OrderState.PACKED: frozenset({OrderState.PAID}),
    OrderState.SHIPPED: frozenset({OrderState.PAID, OrderState.PACKED}),
    OrderState.DELIVERED: frozenset({OrderState.SHIPPED}),
    OrderState.CANCELED: frozenset({OrderState.PLACED, OrderState.PAID, OrderState.PACKED}),
    OrderState.RETURNED: frozenset({OrderState.DELIVERED}),
}
"""From which states each state can be reached."""


@dataclass(frozen=True)
class OrderEvent:
    """Something that has happened to an order; without a `state` it is a mere note."""

    at: datetime
    state: OrderState | None
    note: str


@dataclass(frozen=True)
class Order:
    """An order; `lines`, `totals` and `delivery` are as they were when it was placed."""

    shop: str
    number: str
    shopper: str
    customer: str
    email: str
    state: OrderState
    lines: tuple[QuotedLine, ...]
    totals: Totals
    coupon: str
    details: Details
    delivery: Delivery | None
    payment: str
    voice: bool
    placed: datetime
    events: tuple[OrderEvent, ...]

    @property
    def count(self) -> int:
        """Things, not lines."""
        return sum(line.quantity for line in self.lines)


class Orders(Database):
    """Orders in a database that has the tables already. Thread-safe; every method blocks.

    Every query is one shop's: another shop's number looks like one that does not exist.
    """

    def by_number(self, shop: str, number: str) -> Order | None:
        """The shop's order of this number, however it was written."""
        table = tables.orders
        found = self._find(select(table).where(table.c.shop == shop, table.c.number == tidy(number)))
        return found[0] if found else None

    def of_shopper(self, shop: str, shopper: str, limit: int = 20) -> list[Order]:
        """What was ordered in a session, the newest first."""
        table = tables.orders
        return self._newest(select(table).where(table.c.shop == shop, table.c.shopper == shopper), limit)

    def of_customer(self, shop: str, customer: str, limit: int = 20) -> list[Order]:
        """What a customer whom the shop vouched for ordered, the newest first."""
        table = tables.orders
        mine = select(table).where(table.c.shop == shop, table.c.customer == customer)
        return self._newest(mine, limit) if customer else []

    def of_shop(self, shop: str, limit: int = 50) -> list[Order]:
        """The shop's orders, the newest first."""
        return self._newest(select(tables.orders).where(tables.orders.c.shop == shop), limit)

    def by_voice_since(self, shop: str, shopper: str, since: datetime) -> int:
        """How many orders somebody has placed by voice since then."""
        table = tables.orders
        mine = select(func.count()).where(
            table.c.shop == shop, table.c.shopper == shopper, table.c.voice, table.c.placed_at >= since.astimezone(UTC)
        )
        with self._reading() as connection:
            return connection.execute(mine).scalar_one()

    def move(
        self,
        shop: str,
        number: str,
        to: OrderState,
        now: datetime,
        note: str = "",
        connection: Connection | None = None,
    ) -> Order | None:
        """The order in its next state; None where it cannot get there from where it is, and nothing is changed.

        With a `connection`, within that transaction.
        """
        if connection is None:
            with self._writing() as own:
                return self.move(shop, number, to, now, note, own)
        table = tables.orders
        moved = update(table).where(
            table.c.shop == shop, table.c.number == tidy(number), table.c.state.in_([one.value for one in BEFORE[to]])
        )
        if connection.execute(moved.values(state=to.value)).rowcount == 0:
            return None
        _happened(connection, shop, tidy(number), to.value, note, now)
        tell(connection, shop, "order.changed", {"number": tidy(number), "state": to.value}, now)
        return _orders(connection, select(table).where(table.c.shop == shop, table.c.number == tidy(number)))[0]

    def note(self, shop: str, number: str, text: str, now: datetime, connection: Connection | None = None) -> None:
        """Write down something that has happened to an order, without a change of its state."""
        if connection is None:
            with self._writing() as own:
                return self.note(shop, number, text, now, own)
        _happened(connection, shop, tidy(number), "", text, now)
        return None

    def place(
        self, connection: Connection, checkout: Checkout, shop: Shop, delivery: Delivery | None, now: datetime
    ) -> str:
        """Keep what a checkout bought as an order, within the caller's transaction; returns its number."""
        details = checkout.details
        row = {
            "shop": shop.id,
            "shopper": checkout.shopper,
            "customer": checkout.customer,
            "email": details.email,
            "state": OrderState.PLACED.value,
            "checkout": checkout.id,
            "payment": checkout.payment,
            "voice": checkout.voice,
            "coupon": checkout.quote.coupon,
            "details": details.model_dump(mode="json"),
            "delivery": delivery.model_dump(mode="json") if delivery else None,
            "totals": checkout.quote.totals.model_dump(mode="json"),
            "placed_at": now.astimezone(UTC),
        }
        number = self._number(connection, shop, row)
        lines = [
            {"shop": shop.id, "number": number, "sku": line.sku, "line": line.model_dump(mode="json"), "place": place}
            for place, line in enumerate(checkout.quote.lines)
        ]
        connection.execute(insert(tables.order_lines), lines)
        _happened(connection, shop.id, number, OrderState.PLACED.value, "", now)
        return number

    def _number(self, connection: Connection, shop: Shop, row: Mapping[str, Any]) -> str:
        """A free number, drawn at random so that nobody can count a shop's orders; longer once they are crowded."""
        for tries in range(60):
            digits = 4 + tries // 6
            number = f"{prefix(shop)}-{10 ** (digits - 1) + secrets.randbelow(9 * 10 ** (digits - 1))}"
            taken = select(tables.orders.c.number).where(
                tables.orders.c.shop == shop.id, tables.orders.c.number == number
            )
            if connection.execute(taken).first() is None:  # two at the same moment: the table takes one of them
                connection.execute(insert(tables.orders).values(number=number, **row))
                return number
        raise RuntimeError("no free order number")

    def _newest(self, query: Select[Any], limit: int) -> list[Order]:
        return self._find(query.order_by(tables.orders.c.placed_at.desc(), tables.orders.c.number).limit(limit))

    def _find(self, query: Select[Any]) -> list[Order]:
        with self._reading() as connection:
            return _orders(connection, query)


def tidy(number: str) -> str:
    """An order number as it is kept: "nf 1042" and "NF-1042" are the same."""
    letters = "".join(mark for mark in number.upper() if mark.isascii() and mark.isalpha())[:4]
    digits = "".join(mark for mark in number if mark.isascii() and mark.isdigit())[:16]
    return f"{letters}-{digits}"


def prefix(shop: Shop) -> str:
    """The letters that a shop's order numbers begin with."""
    words = [word for word in shop.name.upper().split() if word[0].isascii() and word[0].isalpha()]
    initials = "".join(word[0] for word in words)[:4] if len(words) > 1 else "".join(words)[:2]
    return shop.order_prefix or initials or "SO"


def _happened(connection: Connection, shop: str, number: str, state: str, note: str, now: datetime) -> None:
    values = {"shop": shop, "number": number, "state": state, "note": note, "at": now.astimezone(UTC)}
    connection.execute(insert(tables.order_events).values(values))


def _orders(connection: Connection, query: Select[Any]) -> list[Order]:
    rows = connection.execute(query).all()
    return [_order(connection, row) for row in rows]


def _order(connection: Connection, row: Row[Any]) -> Order:
    lines, events = tables.order_lines, tables.order_events
    bought = select(lines.c.line).where(lines.c.shop == row.shop, lines.c.number == row.number).order_by(lines.c.place)
    happened = select(events).where(events.c.shop == row.shop, events.c.number == row.number).order_by(events.c.id)
    return Order(
        shop=row.shop,
        number=row.number,
        shopper=row.shopper,
        customer=row.customer,
        email=row.email,
        state=OrderState(row.state),
        lines=tuple(QuotedLine.model_validate(line) for line in connection.execute(bought).scalars()),
        totals=Totals.model_validate(row.totals),
        coupon=row.coupon,
        details=Details.model_validate(row.details),
        delivery=Delivery.model_validate(row.delivery) if row.delivery else None,
        payment=row.payment,
        voice=row.voice,
        placed=in_utc(row.placed_at),
        events=tuple(
            OrderEvent(in_utc(one.at), OrderState(one.state) if one.state else None, one.note)
            for one in connection.execute(happened)
        ),
    )

"""Keeps returns. What a return does to stock and order happens in the transaction that keeps it."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection, Engine

from skills.shopping.buying import tables as buying
from skills.shopping.buying.orders import Order, Orders, OrderState
from skills.shopping.buying.payments import Payments, RefundRefused
from skills.shopping.catalogue import Catalogues
from skills.shopping.catalogue.database import Database
from skills.shopping.orders.returns import Return, ReturnState, left_to_return, may_move
from skills.shopping.orders.tables import returns


class NotTaken(StrEnum):
    """Why a return was not taken up."""

    ALREADY = "already"
    """So many of it are on their way back already."""
    SOLD_OUT = "sold_out"
    """What is wanted instead."""


class ReturnBook(Database):
    """Returns in a database that has the tables already. Thread-safe; methods block; each query is one shop's."""

    def __init__(self, engine: Engine, catalogues: Catalogues, orders: Orders, payments: Payments) -> None:
        super().__init__(engine)
        self._catalogues = catalogues
        self._orders = orders
        self._payments = payments

    def of_order(self, shop: str, number: str) -> list[Return]:
        """The order's returns, the oldest first."""
        with self._reading() as connection:
            return _of_order(connection, shop, number)

    def by_number(self, shop: str, number: str) -> Return | None:
        """The return of this number."""
        with self._reading() as connection:
            return _read(connection, shop, number)

    def open(self, order: Order, wanted: Return, now: datetime) -> Return | NotTaken:
        """Take up a return of `order`, under a new number; its replacement is put aside.

        Two that are asked for at once cannot bring back more than was bought.
        """
        with self._writing() as connection:
            _lock(connection, order)
            bought = next((line.quantity for line in order.lines if line.sku == wanted.sku), 0)
            known = _of_order(connection, order.shop, order.number)
            if left_to_return(bought, known, wanted.sku) < wanted.quantity:
                return NotTaken.ALREADY
            if wanted.replacement and self._lacks(connection, order.shop, wanted.replacement, wanted.quantity):
                connection.rollback()
                return NotTaken.SOLD_OUT
            opened = wanted.model_copy(update={"number": _number(connection, order.shop)})
            opened = _with_event(opened, "Return asked for", now)
            connection.execute(insert(returns).values(**_row(opened, now)))
            self._orders.note(order.shop, order.number, f"Return {opened.number} asked for", now, connection)
        return opened

    def move(self, shop: str, number: str, to: ReturnState, note: str, now: datetime) -> Return | None:
        """The return in its next state; None where it cannot get there, and nothing is changed.

        What has come back is in stock again, as is a replacement that nobody waits for any more; `refunded` gives the
        money back; an order of which everything was paid back is `returned`.
        """
        with self._writing() as connection:
            before = _read(connection, shop, number)
            if before is None or not may_move(before.state, to):
                return None
            after = _with_event(before.model_copy(update={"state": to}), note, now)
            mine = (returns.c.shop == shop, returns.c.number == number, returns.c.state == before.state.value)
            kept = update(returns).where(*mine).values(state=to.value, data=after.model_dump(mode="json"))
            if connection.execute(kept).rowcount == 0:
                return None
            back = {}
            if to is ReturnState.RECEIVED:
                back[before.sku] = before.quantity
            elif to in (ReturnState.CANCELED, ReturnState.REJECTED) and before.replacement:
                back[before.replacement] = before.quantity
            self._catalogues.put_back(connection, shop, back)
            if to is ReturnState.REFUNDED and self._refund(connection, before, now):
                connection.rollback()
                return None
            self._orders.note(shop, before.order, f"Return {number}: {note}", now, connection)
            self._close_order(connection, shop, before.order, now)
        if to is ReturnState.REFUNDED and before.refund.minor:
            self._payments.give_back(shop, _key(before))
        return after

    def of_shop(self, shop: str, limit: int = 100) -> list[Return]:
        """The shop's returns, the newest first."""
        found = select(returns.c.data).where(returns.c.shop == shop).order_by(returns.c.at.desc()).limit(limit)
        with self._reading() as connection:
            return [Return.model_validate(row) for row in connection.execute(found).scalars()]

    def receive(self, shop: str, number: str, now: datetime) -> Return | None:
        """What was sent back is here, and as it has to be: its money goes back, or its replacement leaves.

        None where nothing of that number is on its way; where it broke off halfway, a second call goes on.
        """
        arrived = self.move(shop, number, ReturnState.RECEIVED, "arrived", now) or self.by_number(shop, number)
        if arrived is None or arrived.state is not ReturnState.RECEIVED:
            return None
        if arrived.replacement:
            return self.move(shop, number, ReturnState.EXCHANGED, f"{arrived.replacement_title} sent", now)
        return self.move(shop, number, ReturnState.REFUNDED, f"{arrived.refund} paid back", now)

    def cancel(self, order: Order, now: datetime) -> Order | None:
        """Cancel an order, put its things back into stock and give its money back; None where that is too late."""
        key = f"cancel-{order.number}"
        with self._writing() as connection:
            canceled = self._orders.move(order.shop, order.number, OrderState.CANCELED, now, connection=connection)
            if canceled is None:
                return None
            self._catalogues.put_back(connection, order.shop, {line.sku: line.quantity for line in order.lines})
            total = order.totals.total
            refused = self._payments.mean_to_refund(connection, order.shop, order.number, total, key, now)
        if refused is None:
            self._payments.give_back(order.shop, key)
        return canceled

    def _refund(self, connection: Connection, one: Return, now: datetime) -> RefundRefused | None:
        if one.refund.minor == 0:
            return None
        return self._payments.mean_to_refund(connection, one.shop, one.order, one.refund, _key(one), now)

    def _close_order(self, connection: Connection, shop: str, number: str, now: datetime) -> None:
        """An order of which everything has come back for its money is over."""
        paid_back: dict[str, int] = {}
        for one in _of_order(connection, shop, number):
            if one.state is ReturnState.REFUNDED:
                paid_back[one.sku] = paid_back.get(one.sku, 0) + one.quantity
        lines = buying.order_lines
        bought = select(lines.c.line).where(lines.c.shop == shop, lines.c.number == number)
        if all(paid_back.get(line["sku"], 0) >= line["quantity"] for line in connection.execute(bought).scalars()):
            self._orders.move(shop, number, OrderState.RETURNED, now, connection=connection)

    def _lacks(self, connection: Connection, shop: str, sku: str, quantity: int) -> bool:
        return bool(self._catalogues.take_stock(connection, shop, {sku: quantity}))


def _key(one: Return) -> str:
    """Of its refund: what is given back once."""
    return f"return-{one.number}"


def _lock(connection: Connection, order: Order) -> None:
    """Whoever changes the same order waits until this transaction ends."""
    table = buying.orders
    mine = update(table).where(table.c.shop == order.shop, table.c.number == order.number)
    connection.execute(mine.values(state=table.c.state))


def _of_order(connection: Connection, shop: str, number: str) -> list[Return]:
    found = select(returns.c.data).where(returns.c.shop == shop, returns.c.order_number == number)
    rows = connection.execute(found.order_by(returns.c.at, returns.c.number)).scalars()
    return [Return.model_validate(row) for row in rows]


def _read(connection: Connection, shop: str, number: str) -> Return | None:
    found = select(returns.c.data).where(returns.c.shop == shop, returns.c.number == number)
    row = connection.execute(found).scalar_one_or_none()
    return Return.model_validate(row) if row else None


def _number(connection: Connection, shop: str) -> str:
    """A free number, drawn at random."""
    while True:
        number = f"RT-{100_000 + secrets.randbelow(900_000)}"
        if _read(connection, shop, number) is None:
            return number


def _with_event(one: Return, what: str, now: datetime) -> Return:
    return one.model_copy(update={"events": (*one.events, (now.astimezone(UTC), what))})


def _row(one: Return, now: datetime) -> dict[str, object]:
    return {
        "shop": one.shop,
        "number": one.number,
        "order_number": one.order,
        "state": one.state.value,
        "data": one.model_dump(mode="json"),
        "at": now.astimezone(UTC),
    }

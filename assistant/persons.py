"""A person's data at a shop: found by what the person tells of themselves, given out whole, and erased.

Orders stay as the books have them, without who it was: a shop has to be able to show what it sold. One that is still on
its way keeps its address until it has arrived.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, delete, func, or_, select, update
from sqlalchemy.engine import Connection, Engine

from assistant.chat.rows import SEEN
from assistant.chat.tables import conversations, messages, once, pairings
from assistant.storage import tables as own
from assistant.storage.transactions import reading, writing
from skills.shopping.buying import tables as buying
from skills.shopping.buying.orders import OrderState, tidy
from skills.shopping.orders import tables as aftercare
from skills.shopping.product import ShopId
from skills.stored_times import in_utc

ENDED = (OrderState.DELIVERED.value, OrderState.RETURNED.value, OrderState.CANCELED.value)
KEPT_DETAILS = ("country", "delivery")
"""Of an order, for the books."""
PAYING = ("requires_escalation", "complete_in_progress")
"""Checkouts that cannot be taken away under the payment's feet."""
_OF_SHOPPERS = (
    buying.carts, buying.cart_lines, buying.voice_buyers, buying.answered_requests, aftercare.proofs,
    aftercare.proof_codes, once, pairings,
)  # fmt: skip


@dataclass(frozen=True)
class Person:
    """Who somebody is at one shop: sessions (`shoppers`), the ids by which the shop's site vouches, and mailboxes."""

    shop: ShopId
    shoppers: frozenset[str]
    customers: frozenset[str]
    emails: frozenset[str]
    """In small letters."""


@dataclass(frozen=True)
class Held:
    """How much there is of somebody; `open_orders` are on their way and keep their address."""

    conversations: int
    orders: int
    open_orders: int
    carts: int


class Persons:
    """On a database that has the tables already. Every method blocks; ServiceError(`storage_failed`)."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def find(self, shop: ShopId, told: str) -> Person | None:
        """Whoever has this e-mail address, customer id, order number, or conversation; None where nobody has."""
        told = told.strip()[:254]
        if not told:
            return None
        chats, orders = conversations, buying.orders
        is_theirs = or_(func.lower(chats.c.contact) == told.lower(), chats.c.customer == told, chats.c.id == told)
        bought = or_(
            func.lower(orders.c.email) == told.lower(), orders.c.customer == told, orders.c.number == tidy(told)
        )
        with reading(self._engine) as connection:
            talked = connection.execute(select(chats).where(chats.c.shop == shop, is_theirs)).all()
            ordered = connection.execute(select(orders).where(orders.c.shop == shop, bought)).all()
        if not talked and not ordered:
            return None
        return Person(
            shop,
            frozenset(row.shopper for row in (*talked, *ordered)) - {""},
            frozenset(row.customer for row in (*talked, *ordered) if row.customer),
            frozenset(
                address.lower() for address in (*(r.contact for r in talked), *(r.email for r in ordered)) if address
            ),
        )

    def held(self, person: Person) -> Held:
        """How much there is."""
        is_open = buying.orders.c.state.not_in(ENDED)
        with reading(self._engine) as connection:
            return Held(
                _count(connection, conversations, _talked(person)),
                _count(connection, buying.orders, _ordered(person)),
                _count(connection, buying.orders, and_(_ordered(person), is_open)),
                _count(connection, buying.carts, _of(buying.carts, person)),
            )

    def export(self, person: Person, now: datetime) -> dict[str, Any]:
        """Everything that is kept of somebody, as JSON."""
        with reading(self._engine) as connection:
            orders = _rows(connection, buying.orders, _ordered(person))
            numbers = [one["number"] for one in orders]
            return {
                "shop": person.shop,
                "made_at": now.isoformat(),
                "known_by": {"customer_ids": sorted(person.customers), "emails": sorted(person.emails)},
                "conversations": [
                    _plain(row) | {"messages": _messages(connection, row["id"])}
                    for row in _rows(connection, conversations, _talked(person))
                ],
                "orders": [_plain(row) | _lines(connection, person.shop, row["number"]) for row in orders],
                "returns": _shown(connection, aftercare.returns, _about(aftercare.returns, person.shop, numbers)),
                "carts": _shown(connection, buying.cart_lines, _of(buying.cart_lines, person)),
                "checkouts": _shown(connection, buying.checkouts, _of(buying.checkouts, person)),
                "voice_buying": [
                    {name: value for name, value in row.items() if name != "pin"}
                    for row in _shown(connection, buying.voice_buyers, _of(buying.voice_buyers, person))
                ],
            }

    def erase(self, person: Person) -> Held:
        """Forget somebody; returns what was there. All of it, or nothing."""
        there = self.held(person)
        with writing(self._engine) as connection:
            chats = connection.execute(select(conversations.c.id).where(_talked(person))).scalars().all()
            for table, column in ((own.turns, own.turns.c.conversation), (own.conversations, own.conversations.c.id)):
                connection.execute(delete(table).where(column.in_(chats)))
            connection.execute(delete(conversations).where(_talked(person)))
            for table in _OF_SHOPPERS:
                connection.execute(delete(table).where(_of(table, person)))
            done = buying.checkouts.c.status.not_in(PAYING)
            connection.execute(delete(buying.checkouts).where(_of(buying.checkouts, person), done))
            self._forget_who(connection, person)
        return there

    def _forget_who(self, connection: Connection, person: Person) -> None:
        orders, ended = buying.orders, buying.orders.c.state.in_(ENDED)
        for row in connection.execute(select(orders).where(_ordered(person), ended)).all():
            one = orders.c.shop == person.shop, orders.c.number == row.number
            uses = buying.coupon_uses.c.shop == person.shop, buying.coupon_uses.c.number == row.number
            connection.execute(delete(buying.coupon_uses).where(*uses))
            kept = {name: row.details[name] for name in KEPT_DETAILS if row.details.get(name)}
            nobody = {"shopper": "", "customer": "", "email": "", "details": kept}
            connection.execute(update(orders).where(*one).values(**nobody))
        letters = connection.execute(select(buying.outbox).where(buying.outbox.c.shop == person.shop)).all()
        gone = [row.id for row in letters if str(row.body.get("to", "")).lower() in person.emails]
        connection.execute(delete(buying.outbox).where(buying.outbox.c.id.in_(gone)))


def _talked(person: Person) -> ColumnElement[bool]:
    chats = conversations.c
    theirs = chats.shopper.in_(person.shoppers), chats.customer.in_(person.customers)
    return and_(chats.shop == person.shop, or_(*theirs, func.lower(chats.contact).in_(person.emails)))


def _ordered(person: Person) -> ColumnElement[bool]:
    orders = buying.orders.c
    theirs = orders.shopper.in_(person.shoppers), orders.customer.in_(person.customers)
    return and_(orders.shop == person.shop, or_(*theirs, func.lower(orders.email).in_(person.emails)))


def _of(table: Table, person: Person) -> ColumnElement[bool]:
    return and_(table.c.shop == person.shop, table.c.shopper.in_(person.shoppers))


def _about(table: Table, shop: ShopId, numbers: list[str]) -> ColumnElement[bool]:
    return and_(table.c.shop == shop, table.c.order_number.in_(numbers))


def _count(connection: Connection, table: Table, where: ColumnElement[bool]) -> int:
    return int(connection.execute(select(func.count()).select_from(table).where(where)).scalar_one())


def _rows(connection: Connection, table: Table, where: ColumnElement[bool]) -> list[Mapping[str, Any]]:
    return [dict(row) for row in connection.execute(select(table).where(where)).mappings()]


def _shown(connection: Connection, table: Table, where: ColumnElement[bool]) -> list[dict[str, Any]]:
    return [_plain(row) for row in _rows(connection, table, where)]


def _messages(connection: Connection, conversation: str) -> list[dict[str, Any]]:
    """What was said, without what agents have noted for each other."""
    said = select(messages).where(messages.c.conversation == conversation, messages.c.sender.in_(SEEN))
    rows = connection.execute(said.order_by(messages.c.seq)).mappings()
    kept = ("seq", "sender", "at", "rating", "comment")
    return [_plain({name: row[name] for name in kept}) | {"text": row["body"].get("text", "")} for row in rows]


def _lines(connection: Connection, shop: ShopId, number: str) -> dict[str, Any]:
    table = buying.order_lines
    lines = _rows(connection, table, and_(table.c.shop == shop, table.c.number == number))
    events = buying.order_events
    happened = _shown(connection, events, and_(events.c.shop == shop, events.c.number == number))
    return {"lines": [row["line"] for row in lines], "events": happened}


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """As JSON has it."""
    return {name: in_utc(value).isoformat() if isinstance(value, datetime) else value for name, value in row.items()}

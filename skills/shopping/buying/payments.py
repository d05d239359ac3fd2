"""What is meant to happen to payments, kept with the orders it belongs to, and carried out once at their provider.

Each step is first kept as an intention (`capturing`, `voiding`) in the transaction that makes it right, and then
carried out; after a crash `unsettled` finds what was left, and providers do nothing twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection, Engine

from skills.shopping.buying import tables
from skills.shopping.buying.providers import PaymentProvider, PaymentStatus
from skills.shopping.catalogue.database import Database
from skills.shopping.money import Money


class PaymentState(StrEnum):
    """What we mean to do with a payment, or have done."""

    OPEN = "open"
    CAPTURING = "capturing"
    CAPTURED = "captured"
    FAILED = "failed"
    """The provider did not give the money that it had promised."""
    VOIDING = "voiding"
    VOIDED = "voided"


@dataclass(frozen=True)
class Payment:
    """A payment as we know it; `order` is empty until there is one."""

    id: str
    shop: str
    checkout: str
    order: str
    provider: str
    state: PaymentState
    amount: Money
    refunded: Money


@dataclass(frozen=True)
class Refunded:
    """The money is on its way back."""

    amount: Money


class RefundRefused(StrEnum):
    """Why no money goes back."""

    NOT_PAID = "not_paid"
    """There is no payment that was taken."""
    TOO_MUCH = "too_much"
    """More than is left of it."""
    PROVIDER = "provider"
    """The provider has not done it yet; the same key may be tried again, and is by itself."""


class Payments(Database):
    """Payments in a database that has the tables already. Thread-safe; every method blocks."""

    def __init__(self, engine: Engine, providers: Mapping[str, PaymentProvider]) -> None:
        super().__init__(engine)
        self.providers = providers

    def find(self, payment: str) -> Payment | None:
        """The payment of this id."""
        table = tables.payments
        with self._reading() as connection:
            row = connection.execute(select(table).where(table.c.id == payment)).one_or_none()
        if row is None:
            return None
        amount, refunded = (
            Money(minor=minor, currency=row.currency) for minor in (row.amount_minor, row.refunded_minor)
        )
        state = PaymentState(row.state)
        return Payment(row.id, row.shop, row.checkout, row.order_number, row.provider, state, amount, refunded)

    def status(self, payment: Payment) -> PaymentStatus | None:
        """How far it is, as its provider sees it."""
        return self.providers[payment.provider].status(payment.id)

    def open(self, payment: Payment, title: str) -> str:
        """The address at which the person pays."""
        return self.providers[payment.provider].open(payment.shop, payment.id, payment.amount, title)

    def authorize(self, payment: Payment, title: str, method: str) -> PaymentStatus:
        """Ask for the money with a stored method."""
        return self.providers[payment.provider].authorize(payment.shop, payment.id, payment.amount, title, method)

    def begin(
        self,
        connection: Connection,
        payment: str,
        shop: str,
        checkout: str,
        provider: str,
        amount: Money,
        now: datetime,
    ) -> None:
        """A payment that belongs to a checkout."""
        values = {
            "id": payment,
            "shop": shop,
            "checkout": checkout,
            "order_number": "",
            "provider": provider,
            "state": PaymentState.OPEN.value,
            "amount_minor": amount.minor,
            "refunded_minor": 0,
            "currency": amount.currency,
            "at": now.astimezone(UTC),
        }
        connection.execute(insert(tables.payments).values(values))

    def mean_to_capture(self, connection: Connection, payment: str, order: str) -> bool:
        """The money is to be taken for this order; False where the payment was let go meanwhile."""
        table = tables.payments
        meant = update(table).where(table.c.id == payment, table.c.state == PaymentState.OPEN.value)
        return connection.execute(meant.values(state=PaymentState.CAPTURING.value, order_number=order)).rowcount > 0

    def mean_to_void(self, connection: Connection, payment: str) -> None:
        """The money is to be let go, unless it is being taken."""
        table = tables.payments
        meant = update(table).where(table.c.id == payment, table.c.state == PaymentState.OPEN.value)
        connection.execute(meant.values(state=PaymentState.VOIDING.value))

    def settle(self, payment: str, settled: Callable[[Connection, Payment], None]) -> None:
        """Carry out what is meant to happen to a payment; `settled` is told in the transaction that keeps it."""
        found = self.find(payment)
        if found is None or found.state not in (PaymentState.CAPTURING, PaymentState.VOIDING):
            return
        provider = self.providers[found.provider]
        if found.state is PaymentState.VOIDING:
            provider.void(payment)
            done = PaymentState.VOIDED
        else:
            done = PaymentState.CAPTURED if provider.capture(payment) else PaymentState.FAILED
        table = tables.payments
        with self._writing() as connection:
            kept = update(table).where(table.c.id == payment, table.c.state == found.state.value)
            if connection.execute(kept.values(state=done.value)).rowcount:  # else another thread has settled it
                settled(connection, replace(found, state=done))

    def unsettled(self) -> list[str]:
        """Payments of which something is meant to happen."""
        table = tables.payments
        meant = (PaymentState.CAPTURING.value, PaymentState.VOIDING.value)
        with self._reading() as connection:
            return list(connection.execute(select(table.c.id).where(table.c.state.in_(meant)).limit(1_000)).scalars())

    def refund(self, shop: str, order: str, amount: Money, key: str, now: datetime) -> Refunded | RefundRefused:
        """Give back money of an order, once for each `key`, and never more than was taken."""
        with self._writing() as connection:
            if refused := self.mean_to_refund(connection, shop, order, amount, key, now):
                return refused
        return self.give_back(shop, key)

    def mean_to_refund(
        self, connection: Connection, shop: str, order: str, amount: Money, key: str, now: datetime
    ) -> RefundRefused | None:
        """The money is to go back once the caller's transaction is kept: `give_back` does it, or the next start."""
        table, given = tables.payments, tables.refunds
        taken = update(table).where(
            table.c.shop == shop, table.c.order_number == order, table.c.state == PaymentState.CAPTURED.value
        )
        row = connection.execute(taken.values(state=table.c.state).returning(table)).first()  # locks the row
        if row is None or row.currency != amount.currency:
            return RefundRefused.NOT_PAID
        before = connection.execute(select(given).where(given.c.shop == shop, given.c.key == key)).one_or_none()
        if before is not None and (before.payment != row.id or before.amount_minor != amount.minor):
            return RefundRefused.TOO_MUCH
        if before is None:
            if not 0 < amount.minor <= row.amount_minor - row.refunded_minor:
                return RefundRefused.TOO_MUCH
            more = {"refunded_minor": table.c.refunded_minor + amount.minor}
            connection.execute(update(table).where(table.c.id == row.id).values(more))
            values = {"shop": shop, "key": key, "payment": row.id, "amount_minor": amount.minor, "done": False}
            connection.execute(insert(given).values(**values, at=now.astimezone(UTC)))
        return None

    def give_back_left(self) -> None:
        """Refunds that a provider has not done yet are tried again."""
        given = tables.refunds
        with self._reading() as connection:
            rows = connection.execute(select(given.c.shop, given.c.key).where(~given.c.done).limit(1_000)).all()
        for row in rows:
            self.give_back(row.shop, row.key)

    def give_back(self, shop: str, key: str) -> Refunded | RefundRefused:
        """Carry out a refund that was meant."""
        given = tables.refunds
        with self._reading() as connection:
            row = connection.execute(select(given).where(given.c.shop == shop, given.c.key == key)).one()
        payment = self.find(row.payment)
        assert payment is not None  # a refund's row is only written with its payment's
        amount = Money(minor=row.amount_minor, currency=payment.amount.currency)
        if not row.done:
            if not self.providers[payment.provider].refund(payment.id, amount, f"{shop}:{key}"):
                return RefundRefused.PROVIDER
            with self._writing() as connection:
                connection.execute(update(given).where(given.c.shop == shop, given.c.key == key).values(done=True))
        return Refunded(amount)

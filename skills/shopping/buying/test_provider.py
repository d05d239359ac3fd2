"""A payment provider that moves no money, with cards that behave as real ones do. For demos and tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.engine import Connection, Engine

from skills.shopping.buying import tables
from skills.shopping.buying.providers import PaymentStatus
from skills.shopping.catalogue.database import Database
from skills.shopping.money import Money

ACCEPTED, DECLINED, CHALLENGED = "4242424242424242", "4000000000000002", "4000000000003220"
"""Numbers of test cards: paid at once, declined, and paid after one more step (3-D Secure)."""
BANK_CODE = "123456"
"""What the bank of the third card asks for."""
STORED_CARD = "test-card-4242"
"""The stored way of paying that voice buyers agree to."""

_PAYABLE = (PaymentStatus.OPEN, PaymentStatus.DECLINED, PaymentStatus.CHALLENGED)


@dataclass(frozen=True)
class TestPayment:
    """A payment in the provider's books."""

    __test__ = False  # pytest takes the name for one of its own

    id: str
    shop: str
    status: PaymentStatus
    amount: Money
    title: str


class TestProvider(Database):
    """Its books are a table of its own; every change is one statement on the state it was made from."""

    __test__ = False

    def __init__(self, engine: Engine, address: Callable[[str], str], told: Callable[[str], None]) -> None:
        """`address` is where a payment is paid; `told` hears which payment changed on that page."""
        super().__init__(engine)
        self._address = address
        self._told = told

    def open(self, shop: str, payment: str, amount: Money, title: str) -> str:
        """See `PaymentProvider`."""
        self._begin(shop, payment, amount, title)
        return self._address(payment)

    def authorize(self, shop: str, payment: str, amount: Money, title: str, method: str) -> PaymentStatus:
        """See `PaymentProvider`; there is one stored method."""
        self._begin(shop, payment, amount, title)
        accepted = method == STORED_CARD
        self._move(payment, _PAYABLE, PaymentStatus.AUTHORIZED if accepted else PaymentStatus.DECLINED)
        return self.status(payment) or PaymentStatus.DECLINED

    def capture(self, payment: str) -> bool:
        """See `PaymentProvider`."""
        table = tables.test_payments
        self._move(payment, [PaymentStatus.AUTHORIZED], PaymentStatus.CAPTURED, captured_minor=table.c.amount_minor)
        return self.status(payment) is PaymentStatus.CAPTURED

    def void(self, payment: str) -> None:
        """See `PaymentProvider`."""
        self._move(payment, [*_PAYABLE, PaymentStatus.AUTHORIZED], PaymentStatus.VOIDED)

    def refund(self, payment: str, amount: Money, key: str) -> bool:
        """See `PaymentProvider`."""
        table = tables.test_payments
        with self._writing() as connection:
            connection.execute(update(table).where(table.c.id == payment).values(state=table.c.state))  # lock the row
            row = self._row(connection, payment)
            if row is None or row.currency != amount.currency or amount.minor <= 0:
                return False
            if key in row.refunds:
                return bool(row.refunds[key] == amount.minor)
            if sum(row.refunds.values()) + amount.minor > row.captured_minor:
                return False
            given = {**row.refunds, key: amount.minor}
            connection.execute(update(table).where(table.c.id == payment).values(refunds=given))
        return True

    def status(self, payment: str) -> PaymentStatus | None:
        """See `PaymentProvider`."""
        found = self.find(payment)
        return found.status if found else None

    def find(self, payment: str) -> TestPayment | None:
        """The payment, for its page."""
        with self._reading() as connection:
            row = self._row(connection, payment)
        if row is None:
            return None
        amount = Money(minor=row.amount_minor, currency=row.currency)
        return TestPayment(row.id, row.shop, PaymentStatus(row.state), amount, row.title)

    def pay(self, payment: str, card: str) -> PaymentStatus | None:
        """The person enters a card on the page; how far the payment is then."""
        number = "".join(mark for mark in card if mark.isdigit())
        becomes = {ACCEPTED: PaymentStatus.AUTHORIZED, CHALLENGED: PaymentStatus.CHALLENGED}
        return self._on_page(payment, _PAYABLE, becomes.get(number, PaymentStatus.DECLINED))

    def confirm(self, payment: str, code: str) -> PaymentStatus | None:
        """The person enters what their bank has sent; how far the payment is then."""
        right = code.strip() == BANK_CODE
        becomes = PaymentStatus.AUTHORIZED if right else PaymentStatus.DECLINED
        return self._on_page(payment, [PaymentStatus.CHALLENGED], becomes)

    def _on_page(self, payment: str, before: Any, becomes: PaymentStatus) -> PaymentStatus | None:
        if self._move(payment, before, becomes) and becomes is PaymentStatus.AUTHORIZED:
            self._told(payment)
        return self.status(payment)

    def _begin(self, shop: str, payment: str, amount: Money, title: str) -> None:
        begun = self._insert(tables.test_payments).values(
            id=payment, shop=shop, state=PaymentStatus.OPEN.value, amount_minor=amount.minor, currency=amount.currency,
            title=title[:120], captured_minor=0, refunds={},
        )  # fmt: skip
        with self._writing() as connection:
            connection.execute(begun.on_conflict_do_nothing())

    def _move(self, payment: str, before: Any, becomes: PaymentStatus, **values: Any) -> bool:
        table = tables.test_payments
        moved = update(table).where(table.c.id == payment, table.c.state.in_([one.value for one in before]))
        with self._writing() as connection:
            return connection.execute(moved.values(state=becomes.value, **values)).rowcount > 0

    def _row(self, connection: Connection, payment: str) -> Row[Any] | None:
        return connection.execute(
            select(tables.test_payments).where(tables.test_payments.c.id == payment)
        ).one_or_none()

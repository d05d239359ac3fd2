"""Any order of shoppers, taps, prices, payments and crashes, against the database: what must hold always holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from assistant.storage.store import Store
from skills.shopping.buying.basket import Outcome
from skills.shopping.buying.checkout import Checkout
from skills.shopping.buying.checkouts import Buyer
from skills.shopping.buying.orders import OrderState
from skills.shopping.buying.providers import PaymentStatus
from skills.shopping.buying.test_provider import DECLINED
from tests.shopping.buying import ANN, CARD, Market, mug

SHOPPERS = st.sampled_from(["ann", "ben"])
STOCK = 12


class Shopping(RuleBasedStateMachine):
    """Two shoppers, several tabs each, one mug of which there are few."""

    folder: Path
    store: Store

    @initialize()
    def open(self) -> None:
        self.market = Market(self.store.engine, self.folder / "mail")
        self.market.catalogues.put_product(mug(self.market.shop.id, stock=STOCK))
        self.seen: dict[str, Checkout] = {}
        self.payments: set[str] = set()
        self.placed: dict[str, str] = {}

    def _saw(self, checkout: Checkout | None) -> None:
        if checkout is None:
            return
        before = self.seen.get(checkout.id)
        if before and before.status == "completed":
            assert (checkout.status, checkout.order) == ("completed", before.order), "an order stays"
        if before and before.status == "canceled":
            assert checkout.status == "canceled"
        self.seen[checkout.id] = checkout
        self.payments |= {checkout.payment} - {""}

    @rule(shopper=SHOPPERS, quantity=st.integers(-2, 120))
    def put(self, shopper: str, quantity: int) -> None:
        done = self.market.basket.set(self.market.shop, shopper, "mug", quantity)
        if done.outcome is Outcome.DONE:
            assert done.cart.quantity("mug") == quantity <= STOCK

    @rule(shopper=SHOPPERS)
    def start(self, shopper: str) -> None:
        details = ANN.model_copy(update={"email": f"{shopper}@example.org"})
        self._saw(self.market.checkouts.start(self.market.shop, Buyer(shopper), details))

    @rule(pick=st.integers(0, 99), shopper=SHOPPERS, off=st.sampled_from([0, 0, 0, -1, 500]), stored=st.booleans())
    def complete(self, pick: int, shopper: str, off: int, stored: bool) -> None:
        checkout = self._pick(pick)
        if checkout is None:
            return
        if stored:
            self.market.voice.set(self.market.shop.id, checkout.shopper, "4711", ANN, "test-card-4242")
        total = checkout.quote.totals.total.minor + off
        after = self.market.checkouts.complete(self.market.shop, Buyer(shopper), checkout.id, total, stored=stored)
        assert (after is None) == (shopper != checkout.shopper)
        self._saw(after)

    @rule(pick=st.integers(0, 99), card=st.sampled_from([CARD, CARD, DECLINED]))
    def pay(self, pick: int, card: str) -> None:
        if self.payments:
            self.market.provider.pay(sorted(self.payments)[pick % len(self.payments)], card)

    @rule(pick=st.integers(0, 99))
    def cancel(self, pick: int) -> None:
        if checkout := self._pick(pick):
            self._saw(self.market.checkouts.cancel(self.market.shop, checkout.shopper, checkout.id))

    @rule(price=st.integers(1, 5_000))
    def reprice(self, price: int) -> None:
        left = self.market.stock("mug")
        self.market.catalogues.put_product(mug(self.market.shop.id, stock=left, price=price))

    @rule(deaf=st.booleans())
    def call_is_lost(self, deaf: bool) -> None:
        self.market.told = (lambda _payment: None) if deaf else self.market.checkouts.paid

    @rule(minutes=st.sampled_from([1, 5, 70]))
    def wait(self, minutes: int) -> None:
        self.market.later(minutes=minutes)
        self.market.checkouts.recover()

    @rule()
    def restart(self) -> None:
        self.market.checkouts.recover(at_start=True)

    def _pick(self, pick: int) -> Checkout | None:
        return self.seen[sorted(self.seen)[pick % len(self.seen)]] if self.seen else None

    @invariant()
    def what_was_sold_is_what_is_gone(self) -> None:
        if not hasattr(self, "market"):
            return
        orders = self.market.orders.of_shop(self.market.shop.id)
        left = self.market.stock("mug")
        assert left is not None
        assert left == STOCK - sum(order.count for order in orders) >= 0

    @invariant()
    def every_order_is_paid_once_for_what_it_says_and_nobody_else_pays(self) -> None:
        if not hasattr(self, "market"):
            return
        orders = {order.payment: order for order in self.market.orders.of_shop(self.market.shop.id)}
        assert len(orders) == len(self.market.orders.of_shop(self.market.shop.id))
        for payment in self.payments | set(orders):
            books, order = self.market.provider.find(payment), orders.get(payment)
            assert books
            assert (books.status is PaymentStatus.CAPTURED) == (order is not None)
            if order:
                assert books.amount == order.totals.total
                assert order.state is OrderState.PAID

    @invariant()
    def nobody_has_two_checkouts_under_way(self) -> None:
        if not hasattr(self, "market"):
            return
        found = [self.market.checkouts.find(self.market.shop, one.shopper, one.id) for one in self.seen.values()]
        open_ones = [one.shopper for one in found if one and one.status not in ("completed", "canceled")]
        assert len(open_ones) == len(set(open_ones))


def test_shopping_holds_what_it_promises_whatever_happens(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path}/sori.db")
    try:
        machine: Any = type("Machine", (Shopping,), {"folder": tmp_path, "store": store})
        run_state_machine_as_test(  # type: ignore[no-untyped-call]
            machine, settings=settings(max_examples=10, stateful_step_count=20, deadline=None)
        )
    finally:
        store.close()

"""What customers meet after they have bought: where it is, cancelling, sending back, and who may know of an order."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.storage.store import Store
from skills.shop_view import Tap
from skills.shopping.actions import ShoppingActions
from skills.shopping.buying.basket import Basket
from skills.shopping.buying.carts import Carts
from skills.shopping.buying.checkouts import Buyer, Checkouts
from skills.shopping.buying.details import Details
from skills.shopping.buying.orders import Order, Orders, OrderState
from skills.shopping.buying.outbox import Outbox
from skills.shopping.buying.payments import Payments
from skills.shopping.buying.placing import Placing
from skills.shopping.buying.test_provider import STORED_CARD, TestProvider
from skills.shopping.catalogue import Catalogues
from skills.shopping.memory import Ask, Pending, ShoppingMemory
from skills.shopping.money import Money
from skills.shopping.orders.access import Access
from skills.shopping.orders.actions import OrderActions
from skills.shopping.orders.choosing import chosen
from skills.shopping.orders.numbers import read_number
from skills.shopping.orders.proof import AN_HOUR, SENT_AN_HOUR, may_send
from skills.shopping.orders.proofs import Proofs
from skills.shopping.orders.return_book import NotTaken, ReturnBook
from skills.shopping.orders.returns import Return, ReturnState
from skills.shopping.orders.rules import Reason, refund
from skills.shopping.product import Product, Variant
from skills.shopping.shop import Delivery, Returns, Shop
from skills.skill import ActionRequest, ActionResult, Entity, Understanding
from skills.turn import Channel, Hypothesis, Reply, Utterance

ADDRESS = Details(email="ada@x.org", name="Ada", street="12 Elm Street", city="Bergen", country="NO")
MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)


@dataclass
class World:
    """A shop with two products, and a clock that stands until it is moved."""

    store: Store
    mail: Path
    shop: Shop
    now: datetime = MONDAY
    catalogues: Catalogues = field(init=False)

    def __post_init__(self) -> None:
        engine = self.store.engine
        self.catalogues = Catalogues(engine)
        self.catalogues.put_shop(self.shop)
        for product in goods(self.shop.id):
            self.catalogues.put_product(product)
        self.carts = Carts(engine)
        self.orders = Orders(engine)
        provider = TestProvider(engine, lambda payment: f"/pay/{payment}", lambda _: None)
        self.payments = Payments(engine, {"test": provider})
        self.outbox = Outbox(engine, self.mail, self.catalogues.shop)
        placing = Placing(engine, self.catalogues, self.carts, self.orders, self.payments, self.outbox)
        self.checkouts = Checkouts(
            engine, self.catalogues, self.orders, self.payments, placing, lambda *_: STORED_CARD, lambda: self.now
        )
        self.basket = Basket(engine, self.catalogues, self.carts, lambda: self.now)
        self.book = ReturnBook(engine, self.catalogues, self.orders, self.payments)
        self.proofs = Proofs(engine)
        access = Access(engine, self.orders, self.proofs, self.outbox, lambda: self.now)
        actions = OrderActions(
            engine, self.catalogues, self.orders, self.checkouts, self.book, self.outbox, access, lambda: self.now
        )
        self.actions = ShoppingActions([actions])

    def buys(self, shopper: str, **skus: int) -> Order:
        for sku, quantity in skus.items():
            self.basket.add(self.shop, shopper, sku.replace("_", "-"), quantity)
        buyer = Buyer(shopper)
        checkout = self.checkouts.start(self.shop, buyer, ADDRESS)
        done = self.checkouts.complete(self.shop, buyer, checkout.id, checkout.quote.totals.total.minor, stored=True)
        assert done
        assert done.status == "completed", done.messages
        order = self.orders.by_number(self.shop.id, done.order)
        assert order
        return order

    def delivers(self, order: Order) -> None:
        for state in (OrderState.SHIPPED, OrderState.DELIVERED):
            assert self.orders.move(self.shop.id, order.number, state, self.now)

    def stock(self, sku: str) -> int | None:
        found = self.catalogues.variant(self.shop.id, sku)
        assert found
        return found[1].stock

    def given_back(self, order: Order) -> int:
        payment = self.payments.find(order.payment)
        assert payment
        return payment.refunded.minor

    def letters(self) -> list[str]:
        self.outbox.deliver(self.now + timedelta(hours=2))
        return [path.read_text() for path in sorted(self.mail.glob("*.eml"), key=lambda one: one.stat().st_mtime_ns)]


@dataclass
class Customer:
    """Somebody in the shop's chat, and what is remembered of it."""

    world: World
    shopper: str = field(default_factory=lambda: uuid4().hex)
    channel: Channel = Channel.WIDGET
    memory: Mapping[str, Any] = field(default_factory=dict)

    def says(self, action: str, text: str = "words", **entities: str) -> Reply:
        found = tuple(Entity(name, value, value, 0, len(value)) for name, value in entities.items())
        return self._run(self.world.actions.by_name()[f"action_{action}"], Understanding(text, action, 1.0, found))

    def taps(self, label: str) -> Reply:
        """One of the buttons of the last answer."""
        return self.does({button.label: button.tap for button in self.buttons}[label])

    def does(self, tap: Tap) -> Reply:
        return self._run(self.world.actions.taps()[tap.name], Understanding(tap.name, "tap", 1.0), tap)

    def answers(self, text: str) -> Reply:
        """What the dialogue makes of a code or a number while it is waited for."""
        pending = ShoppingMemory.read(self.memory).pending
        assert pending
        return self.does(Tap(name=pending.tap, values={**pending.values, pending.ask.value: text}))

    def agrees(self) -> Reply:
        pending = ShoppingMemory.read(self.memory).pending
        assert pending
        assert pending.ask is Ask.CONFIRM
        return self.does(Tap(name=pending.tap, values=pending.values))

    def _run(self, action: Any, understanding: Understanding, tap: Tap | None = None) -> Reply:
        utterance = Utterance(
            conversation="c",
            dialog_request_id="r1",
            channel=self.channel,
            alternatives=(Hypothesis(text=understanding.text),),
            store=self.world.shop.id,
            listener=self.shopper,
            tap=tap,
        )
        result: ActionResult = asyncio.run(action(ActionRequest(utterance, understanding, self.memory)))
        assert result.reply
        self.memory = result.memory
        view = result.reply.shop
        self.buttons = [*view.buttons, *(view.order.buttons if view.order else ())] if view else []
        return result.reply


def goods(shop: str) -> list[Product]:
    boots = [
        Variant(sku=f"boots-{size}", options={"size": size}, price=Money.of("120", "USD"), stock=2)
        for size in ("41", "42", "43")
    ]
    mug = Variant(sku="mug", price=Money.of("15", "USD"), stock=50)
    socks = Variant(sku="socks", price=Money.of("9", "USD"), stock=50)
    return [
        Product(id="boots", shop=shop, title="Ridge boots", categories=("Shoes",), variants=tuple(boots)),
        Product(id="mug", shop=shop, title="Camp mug", categories=("Camping",), variants=(mug,)),
        Product(id="socks", shop=shop, title="Wool socks", categories=("Underwear",), variants=(socks,)),
    ]


@pytest.fixture
def world(store: Store, tmp_path: Path) -> World:
    identity = f"after-{uuid4().hex[:8]}"
    delivery = Delivery(id="post", name="Post", price=Money.of("5", "USD"), days=(2, 4))
    rules = Returns(days=30, cancel_hours=2, not_returnable=("Underwear",))
    shop = Shop(id=identity, name="Nord & Fell", order_prefix="NF", deliveries=(delivery,), returns=rules)
    return World(store, tmp_path / "mail", shop)


def test_a_pair_of_boots_goes_back_and_its_money_comes_back(world: World) -> None:
    """Guided by words and taps; nothing is set up before it was read back; money only once they are here."""
    ada = Customer(world)
    order = world.buys(ada.shopper, boots_42=1, mug=2)
    assert "is being prepared. It should arrive by Friday, 27 November." in ada.says("order_status").text
    assert "has not arrived yet" in ada.says("order_return").text
    world.delivers(order)
    told = ada.says("order_status")
    assert "was delivered on 23 November" in told.text
    assert told.shop
    assert told.shop.order
    assert told.shop.order.number == order.number

    assert "What would you like" in ada.taps("Send something back").text
    assert ada.says("by_name", "the boots").text == "What is the reason?"
    assert "Your money back, or another one?" in ada.taps("Too small").text
    read_back = ada.taps("Money back").text
    assert "Ridge boots (42) from order" in read_back
    assert "you get $120.00 back" in read_back
    assert world.book.of_order(world.shop.id, order.number) == []
    done = ada.agrees().text
    (one,) = world.book.of_order(world.shop.id, order.number)
    assert one.number in done
    assert "a***@x.org" in done
    assert world.given_back(order) == 0
    assert any("Write RT-" in letter for letter in world.letters())

    assert world.stock("boots-42") == 1
    for state in (ReturnState.RECEIVED, ReturnState.REFUNDED):
        assert world.book.move(world.shop.id, one.number, state, "looked at", world.now)
    assert world.stock("boots-42") == 2
    assert world.given_back(order) == 12_000
    assert world.book.move(world.shop.id, one.number, ReturnState.REFUNDED, "again", world.now) is None
    assert world.given_back(order) == 12_000
    assert "$120.00 was paid back for Ridge boots (42)" in ada.says("order_refund").text
    assert "How many of them?" in ada.says("order_return").text  # the mugs alone are left


def test_boots_are_exchanged_for_a_size_that_is_there(world: World) -> None:
    ada = Customer(world)
    order = world.buys(ada.shopper, boots_41=1)
    world.delivers(order)
    ada.says("order_exchange", "swap them for a bigger pair")
    ada.taps("Too small")
    assert {button.label for button in ada.buttons} == {"42", "43"}
    assert "you get Ridge boots (43) instead" in ada.says("choose", "the last one", ordinal="-1").text
    ada.agrees()
    assert world.stock("boots-43") == 1  # put aside
    (one,) = world.book.of_order(world.shop.id, order.number)
    assert world.book.move(world.shop.id, one.number, ReturnState.CANCELED, "kept them", world.now)
    assert world.stock("boots-43") == 2
    assert world.given_back(order) == 0


def test_the_shops_rules_hold(world: World) -> None:
    """What is not taken back, and what comes too late, is said with the reason, and nothing is set up."""
    ada = Customer(world)
    socks = world.buys(ada.shopper, socks=1)
    world.delivers(socks)
    assert "does not take this back: Wool socks" in ada.says("order_return").text
    world.now += timedelta(days=31)
    assert "sent back for 30 days" in ada.says("order_return").text
    assert world.book.of_order(world.shop.id, socks.number) == []


def test_an_order_is_cancelled_once_and_in_time(world: World) -> None:
    ada = Customer(world)
    order = world.buys(ada.shopper, mug=3)
    assert world.stock("mug") == 47
    asked = ada.says("order_cancel")
    assert "Shall I cancel it?" in asked.text
    button = ada.buttons[0].tap
    assert "is cancelled" in ada.agrees().text
    assert "is cancelled already" in ada.does(button).text  # the button, in another tab
    assert (world.stock("mug"), world.given_back(order)) == (50, order.totals.total.minor)

    late = world.buys(ada.shopper, mug=1)
    world.now += timedelta(hours=3)
    assert "can be cancelled within 2 hours" in ada.says("order_cancel", order=late.number).text
    left = world.orders.by_number(world.shop.id, late.number)
    assert left
    assert left.state is OrderState.PAID


def test_what_is_not_placed_yet_is_told_and_let_go(world: World) -> None:
    """Who asks after an order, or cancels it, before it is placed means the checkout."""
    ada = Customer(world)
    world.basket.add(world.shop, ada.shopper, "mug", 1)
    begun = world.checkouts.start(world.shop, Buyer(ada.shopper), ADDRESS)
    assert "waits for your yes. It comes to $20.00" in ada.says("order_status").text
    assert "nothing was ordered" in ada.says("order_cancel").text
    canceled = world.checkouts.find(world.shop, ada.shopper, begun.id)
    assert canceled
    assert canceled.status == "canceled"
    assert "order number" in ada.says("order_cancel").text


def test_a_number_alone_opens_nothing_and_does_not_tell_whether_it_exists(world: World) -> None:
    """Only who reads the order's mail gets on; five wrong codes end it; a proof ends by itself."""
    order, eve = world.buys(uuid4().hex, mug=1), Customer(world)
    assert "order number" in eve.says("order_status").text
    real = eve.answers(order.number.lower().replace("-", " "))
    nothing = Customer(world).says("order_status", order="NF-999999")
    assert real.text.replace(order.number, "N") == nothing.text.replace("NF-999999", "N")
    assert real.shop is None
    (letter,) = [text for text in world.letters() if "is your code" in text]
    code = re.search(r"(\d{6}) is your code", letter)
    assert code
    wrong = str((int(code[1]) + 1) % 10**6).zfill(6)
    for _ in range(5):
        assert "not the code" in eve.answers(wrong).text
    assert "no code that still holds" in eve.answers(code[1]).text

    world.now += timedelta(minutes=2)
    ada = Customer(world)
    ada.says("order_status", order=order.number)
    letter = [text for text in world.letters() if "is your code" in text][-1]
    code = re.search(r"(\d{6}) is your code", letter)
    assert code
    assert "is being prepared" in ada.answers(f" {code[1][:3]} {code[1][3:]}").text
    assert "is being prepared" in ada.says("order_status", order=order.number).text
    assert "is being prepared" in ada.says("order_status").text
    world.now += timedelta(minutes=31)
    assert "is on its way to the e-mail address" in ada.says("order_status", order=order.number).text
    assert "is on its way to the e-mail address" in eve.says("order_status", order=order.number).text


def test_at_the_speaker_nothing_is_changed(world: World) -> None:
    ada = Customer(world)
    order = world.buys(ada.shopper, mug=1)
    ada.channel = Channel.SPEAKER
    assert "is being prepared" in ada.says("order_status").speech
    assert "send it to my phone" in ada.says("order_cancel").speech
    kept = world.orders.by_number(world.shop.id, order.number)
    assert kept
    assert kept.state is OrderState.PAID


def test_taps_that_nobody_offered_change_nothing(world: World) -> None:
    """Values of the wrong kind, things of other orders and shops, more than was bought."""
    ada = Customer(world)
    order = world.buys(ada.shopper, mug=2)
    world.delivers(order)
    confirmed = {"number": order.number, "reason": "damaged", "want": "refund", "confirmed": True}
    for values in (
        confirmed | {"sku": "boots-41", "quantity": "1"},
        confirmed | {"sku": "mug", "quantity": "3"},
        confirmed | {"sku": "mug", "quantity": "-1"},
        confirmed | {"sku": "mug", "quantity": 2},
        confirmed | {"sku": "mug", "quantity": "1", "reason": "free"},
        {"number": ["x"], "confirmed": True},
    ):
        ada.does(Tap(name="order.return", values=values))
        assert world.book.of_order(world.shop.id, order.number) == []


def test_two_returns_at_once_bring_back_no_more_than_was_bought(world: World) -> None:
    order = world.buys(uuid4().hex, mug=1)
    wanted = Return(
        shop=world.shop.id, number="new", order=order.number, sku="mug", title="Camp mug", quantity=1,
        reason=Reason.DAMAGED, refund=Money.of("15", "USD"), requested=world.now,
    )  # fmt: skip
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: world.book.open(order, wanted, world.now), range(4)))
    assert sorted(isinstance(one, Return) for one in results) == [False, False, False, True]
    assert results.count(NotTaken.ALREADY) == 3


@given(
    parts=st.lists(st.integers(1, 50_000), min_size=1, max_size=5),
    off=st.integers(0, 100),
    delivery=st.integers(0, 2_000),
    percent=st.integers(0, 100),
    reasons=st.lists(st.sampled_from(Reason), min_size=5, max_size=5),
)
def test_no_more_is_ever_paid_back_than_was_paid(
    parts: list[int], off: int, delivery: int, percent: int, reasons: list[Reason]
) -> None:
    """However an order comes back, part by part or as a whole."""
    order = _order(parts, off, delivery)
    rules = Returns(restocking_percent=percent)
    usd = [Money(minor=part, currency="USD") for part in parts]
    back = [refund(order, part, reason, rules) for part, reason in zip(usd, reasons, strict=False)]
    assert sum(one.minor for one in back) <= order.totals.total.minor
    whole = refund(order, order.totals.subtotal, Reason.DAMAGED, rules)
    assert whole == order.totals.total
    assert all(one.minor >= 0 for one in back)


def _order(parts: list[int], off: int, delivery: int) -> Order:
    from skills.shop_view import Totals

    subtotal = Money(minor=sum(parts), currency="USD")
    discount = Money(minor=0, currency="USD") - subtotal.percent(off)
    sending = Money(minor=delivery, currency="USD")
    totals = Totals(subtotal=subtotal, discount=discount, delivery=sending, total=subtotal + discount + sending)
    return Order(
        "s", "NF-1", "a", "", "a@x.org", OrderState.DELIVERED, (), totals, "", Details(), None, "p", False, MONDAY, ()
    )  # fmt: skip


@given(st.lists(st.integers(0, 7_200), max_size=40))
def test_a_mailbox_gets_three_codes_an_hour_at_most(asked_at: list[int]) -> None:
    sent: list[datetime] = []
    for seconds in sorted(asked_at):
        now = MONDAY + timedelta(seconds=seconds)
        if may_send(sent, now):
            sent.append(now)
    assert all(sum(first <= at < first + AN_HOUR for at in sent) <= SENT_AN_HOUR for first in sent)


@pytest.mark.parametrize(
    ("text", "number"),
    [("NF-1042", "NF-1042"), ("nf1042", "NF-1042"), ("it's nf 1042", "NF-1042"), ("n f 1042", "NF-1042"),
     ("N.F. 1042", "NF-1042"), ("no idea", None), ("1042", None), ("", None)],
)  # fmt: skip
def test_order_numbers_are_read_as_people_write_them(text: str, number: str | None) -> None:
    assert read_number(text) == number


@pytest.mark.parametrize(
    ("said", "ordinal", "key"),
    [("the boots", "", "b"), ("the second", "2", "m"), ("the last one", "-1", "s"), ("ridge", "", "b"),
     ("camp", "", None), ("camp mug", "", "m"), ("number nine", "9", None), ("hello", "", None)],
)  # fmt: skip
def test_an_answer_names_one_option_or_none(said: str, ordinal: str, key: str | None) -> None:
    labels = ["Ridge boots (42)", "Camp mug", "Camp stove"]
    pending = Pending(ask=Ask.WHICH, tap="order.return", values={"labels": labels, "keys": ["b", "m", "s"]})
    assert chosen(pending, said, ordinal) == key
    assert chosen(None, said, ordinal) is None


def test_a_size_may_be_spoken() -> None:
    pending = Pending(ask=Ask.OPTION, tap="cart.option", values={"labels": ["41", "42"], "keys": ["41", "42"]})
    assert chosen(pending, "size forty one please") == "41"
    assert chosen(pending, "the first one", "1") == "41"

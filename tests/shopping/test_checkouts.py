"""From the cart to the order, on SQLite and on PostgreSQL: one order, one payment, never more than there is."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from assistant.cli.orders import run as run_orders
from assistant.cli.parser import build_parser
from assistant.paths import DataPaths
from assistant.setup.environments import SetupError
from assistant.storage.store import Store
from skills.shopping.buying.basket import Outcome
from skills.shopping.buying.checkout import Checkout
from skills.shopping.buying.checkouts import Buyer
from skills.shopping.buying.details import Details
from skills.shopping.buying.orders import OrderState, tidy
from skills.shopping.buying.payments import PaymentState, Refunded, RefundRefused
from skills.shopping.buying.providers import PaymentStatus
from skills.shopping.buying.test_provider import BANK_CODE, CHALLENGED, DECLINED
from tests.shopping.buying import ANN, CARD, NOW, Market, mug, usd


@pytest.fixture(scope="module")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = Store(f"sqlite:///{tmp_path_factory.mktemp('buying') / 'sori.db'}")
    yield store
    store.close()


@pytest.fixture(scope="module")
def postgresql(postgres: str) -> Iterator[Store]:
    store = Store(postgres)
    yield store
    store.close()


@pytest.fixture
def market(sqlite: Store, tmp_path: Path) -> Market:
    return a_market(sqlite, tmp_path)


@pytest.fixture(params=["sqlite", "postgresql"])
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Market:
    """A market on each kind of database, for what depends on its locks."""
    return a_market(request.getfixturevalue(request.param), tmp_path)


def a_market(store: Store, folder: Path) -> Market:
    Market(store.engine, folder / "others").outbox.deliver(NOW + timedelta(days=1))  # what other tests have left
    return Market(store.engine, folder / "mail")


def at_once(tasks: list[Callable[[], Checkout]]) -> list[Checkout]:
    with ThreadPoolExecutor(len(tasks)) as threads:
        return [task.result() for task in [threads.submit(task) for task in tasks]]


def test_a_cart_becomes_a_paid_order_with_a_receipt(either: Market) -> None:
    ready = either.ready("ann", "mug", 2)
    assert (ready.status, ready.missing) == ("ready_for_complete", ())
    assert ready.quote.totals.total == usd(2 * 1_200 + 490)
    handed = either.confirm(ready)
    assert handed.status == "requires_escalation"
    assert either.checkouts.continue_url(handed) == f"/pay/{handed.payment}"
    assert either.stock("mug") == 10, "nothing is taken before it is paid"
    assert either.provider.pay(handed.payment, CARD) is PaymentStatus.CAPTURED
    done = either.find(handed)
    order = either.orders.by_number(either.shop.id, done.order)
    assert done.status == "completed"
    assert order
    assert order.state is OrderState.PAID
    assert order.totals == ready.quote.totals
    assert (either.stock("mug"), either.carts.count(either.shop.id, "ann")) == (8, 0)
    assert either.outbox.deliver(either.now) == 1
    letter = next(either.folder.glob("*.eml")).read_text()
    assert order.number in letter
    assert "To: ann@example.org" in letter


def test_the_details_are_checked_field_by_field_and_nothing_wrong_is_kept(market: Market) -> None:
    market.basket.add(market.shop, "ann", "mug")
    begun = market.checkouts.start(market.shop, Buyer("ann"), Details())
    assert begun.status == "incomplete"
    wrong = {
        "email": "ann@",
        "country": "Norland",
        "delivery": "rocket",
        "name": "A" * 500,
        "street": "1\x00 Elm",
        "city": 7,
    }
    done = market.checkouts.update(market.shop, "ann", begun.id, wrong)
    assert done
    assert done[1].keys() == wrong.keys()
    assert done[0].details == begun.details
    sweden = market.checkouts.update(
        market.shop, "ann", begun.id, ANN.model_dump() | {"country": "Sweden", "delivery": "bike"}
    )
    assert sweden
    assert sweden[0].details.delivery == "post", "the bike goes to Norway only"
    assert sweden[0].status == "ready_for_complete"


def test_a_double_tap_a_replay_and_two_tabs_make_one_order(either: Market) -> None:
    ready = either.ready("ann")
    tabs = at_once([lambda: either.confirm(ready)] * 4)
    assert len({tab.payment for tab in tabs}) == 1
    again = either.checkouts.start(either.shop, Buyer("ann"), ANN)
    assert (again.id, again.status) == (ready.id, "requires_escalation")
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _n: either.provider.pay(tabs[0].payment, CARD), range(4)))
    for _ in range(3):
        either.checkouts.paid(tabs[0].payment)
        either.confirm(ready)
    either.checkouts.recover(at_start=True)
    assert len(either.orders.of_shopper(either.shop.id, "ann")) == 1
    assert either.stock("mug") == 9


def test_of_two_who_want_the_last_one_one_gets_it_and_the_other_pays_nothing(either: Market) -> None:
    either.catalogues.put_product(mug(either.shop.id, stock=1))
    handed = [either.confirm(either.ready(name)) for name in ("ann", "ben")]
    at_once([lambda one=one: (either.provider.pay(one.payment, CARD), either.find(one))[1] for one in handed])
    after = [either.find(one) for one in handed]
    won = next(one for one in after if one.status == "completed")
    lost = next(one for one in after if one.status != "completed")
    assert lost.status == "incomplete"
    assert "Nordfell mug is sold out." in lost.messages
    assert "Nothing was charged." in lost.messages
    paid = {one.shopper: either.provider.status(one.payment) for one in handed}
    assert paid == {won.shopper: PaymentStatus.CAPTURED, lost.shopper: PaymentStatus.VOIDED}
    assert either.stock("mug") == 0
    assert len(either.orders.of_shop(either.shop.id)) == 1
    assert either.carts.count(either.shop.id, lost.shopper) == 1


def test_a_price_that_changes_under_way_is_said_and_confirmed_again(either: Market) -> None:
    ready = either.ready("ann")
    either.catalogues.put_product(mug(either.shop.id, price=1_500))
    stale = either.confirm(ready)
    assert stale.status == "ready_for_complete"
    assert stale.messages == ("The total has changed from $16.90 to $19.90. Please look at it again.",)
    handed = either.confirm(stale)
    either.catalogues.put_product(mug(either.shop.id, price=2_000))  # while the payment page is open
    either.provider.pay(handed.payment, CARD)
    back = either.find(handed)
    assert back.status == "ready_for_complete"
    assert back.messages[-1] == "Nothing was charged."
    assert either.provider.status(handed.payment) is PaymentStatus.VOIDED
    assert either.orders.of_shopper(either.shop.id, "ann") == []
    assert either.stock("mug") == 10
    assert either.confirm(back).status == "requires_escalation"


@pytest.mark.parametrize("total", [0, -1, 1, 10**12])
def test_nobody_buys_for_another_price_than_the_shops(market: Market, total: int) -> None:
    ready = market.ready("ann")
    after = market.checkouts.complete(market.shop, Buyer("ann"), ready.id, total)
    assert after
    assert (after.status, after.payment) == ("ready_for_complete", "")


def test_another_shoppers_or_another_shops_checkout_does_not_exist(market: Market, tmp_path: Path) -> None:
    ready, other = market.ready("ann"), Market(market.engine, tmp_path / "other")
    total = ready.quote.totals.total.minor
    for shop, shopper in ((market.shop, "eve"), (other.shop, "ann")):
        assert market.checkouts.find(shop, shopper, ready.id) is None
        assert market.checkouts.update(shop, shopper, ready.id, {"email": "eve@example.org"}) is None
        assert market.checkouts.complete(shop, Buyer(shopper), ready.id, total) is None
        assert market.checkouts.cancel(shop, shopper, ready.id) is None
    assert market.find(ready) == ready
    done = market.buy("ann")
    assert other.orders.by_number(other.shop.id, done.order) is None
    assert other.basket.add(other.shop, "ann", "nowhere").outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("quantity", [-1, 100, 10**9, -(10**9)])
def test_no_quantity_is_tampered_with(market: Market, quantity: int) -> None:
    market.basket.set(market.shop, "ann", "mug", 2)
    assert market.basket.set(market.shop, "ann", "mug", quantity).outcome in (Outcome.TOO_MANY, Outcome.UNKNOWN)
    assert market.basket.add(market.shop, "ann", "mug", quantity).outcome in (Outcome.TOO_MANY, Outcome.UNKNOWN)
    assert market.carts.count(market.shop.id, "ann") == 2


def test_a_cart_is_the_same_everywhere_and_old_pages_change_nothing(either: Market) -> None:
    first = either.basket.add(either.shop, "ann", "mug")
    with ThreadPoolExecutor(4) as devices:
        list(devices.map(lambda _n: either.basket.add(either.shop, "ann", "mug"), range(4)))
    stale = either.basket.set(either.shop, "ann", "mug", 1, revision=first.cart.revision)
    assert stale.outcome is Outcome.STALE
    assert either.carts.count(either.shop.id, "ann") == 5
    either.basket.add(either.shop, "guest", "mug", 2)
    for _ in range(2):
        assert either.carts.merge(either.shop.id, "guest", "ann", NOW).count == 7
    assert either.carts.count(either.shop.id, "guest") == 0


def test_a_declined_card_may_be_followed_by_another_and_by_the_banks_step(market: Market) -> None:
    handed = market.confirm(market.ready("ann"))
    assert market.provider.pay(handed.payment, DECLINED) is PaymentStatus.DECLINED
    assert market.find(handed).status == "requires_escalation"
    assert market.provider.pay(handed.payment, CHALLENGED) is PaymentStatus.CHALLENGED
    assert market.provider.confirm(handed.payment, "000000") is PaymentStatus.DECLINED
    market.provider.pay(handed.payment, CHALLENGED)
    assert market.provider.confirm(handed.payment, BANK_CODE) is PaymentStatus.CAPTURED
    assert market.find(handed).status == "completed"


def test_a_changed_mind_closes_the_payment_page(market: Market) -> None:
    handed = market.confirm(market.ready("ann"))
    canceled = market.checkouts.cancel(market.shop, "ann", handed.id)
    assert canceled
    assert canceled.status == "canceled"
    assert market.provider.pay(handed.payment, CARD) is PaymentStatus.VOIDED
    assert market.find(handed).status == "canceled"
    assert market.carts.count(market.shop.id, "ann") == 1
    assert market.checkouts.start(market.shop, Buyer("ann"), ANN).id != handed.id


def test_a_checkout_that_was_left_expires_and_leaves_the_cart(market: Market) -> None:
    handed = market.confirm(market.ready("ann"))
    market.later(hours=2)
    market.checkouts.recover()
    assert market.find(handed).status == "canceled"
    assert market.provider.pay(handed.payment, CARD) is PaymentStatus.VOIDED
    assert market.carts.count(market.shop.id, "ann") == 1


def test_what_a_crash_leaves_is_finished_at_the_next_start(either: Market) -> None:
    lost_call = either.confirm(either.ready("ann"))
    either.told = lambda _payment: None  # the service dies before it hears of the payment
    either.provider.pay(lost_call.payment, CARD)
    assert either.find(lost_call).status == "requires_escalation"
    either.later(seconds=10)
    either.checkouts.recover(at_start=True)
    assert either.find(lost_call).status == "completed"

    settle, either.payments.settle = either.payments.settle, lambda *_: None  # type: ignore[method-assign]
    either.told = either.checkouts.paid
    uncaptured = either.buy("ben")
    payment = either.payments.find(uncaptured.payment)
    assert payment
    assert (payment.state, either.provider.status(payment.id)) == (PaymentState.CAPTURING, PaymentStatus.AUTHORIZED)
    either.payments.settle = settle  # type: ignore[method-assign]
    either.checkouts.recover(at_start=True)
    order = either.orders.by_number(either.shop.id, uncaptured.order)
    assert order
    assert order.state is OrderState.PAID
    assert either.provider.status(payment.id) is PaymentStatus.CAPTURED

    either.voice.set(either.shop.id, "cy", "4711", ANN, "test-card-4242")
    ready = either.ready("cy")
    authorize, either.payments.authorize = either.payments.authorize, crash  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        either.checkouts.complete(either.shop, Buyer("cy"), ready.id, ready.quote.totals.total.minor, stored=True)
    either.payments.authorize = authorize  # type: ignore[method-assign]
    assert either.find(ready).status == "complete_in_progress"
    either.checkouts.recover(at_start=True)
    back = either.find(ready)
    assert (back.status, back.messages) == (
        "ready_for_complete",
        ("The payment was interrupted. Nothing was charged.",),
    )


def crash(*_: object) -> PaymentStatus:
    raise KeyboardInterrupt


def test_a_coupon_that_works_once_works_once_even_in_two_tabs(either: Market) -> None:
    either.basket.coupon(either.shop, "ann", "first5")
    ready = either.ready("ann")
    assert ready.quote.totals.discount == usd(-500)
    either.provider.pay(either.confirm(ready).payment, CARD)
    held = either.basket.coupon(either.shop, "ann", "FIRST5")
    assert held.quote.totals.discount is None
    assert held.quote.refused == ""  # the cart is empty: there is nothing to refuse yet
    again = either.basket.add(either.shop, "ann", "mug")
    assert again.quote.refused == "The code FIRST5 works once, and you have used it before."
    either.basket.coupon(either.shop, "eve", "FIRST5")
    eve = either.ready("eve")
    same_mailbox = either.checkouts.update(either.shop, "eve", eve.id, {"email": "ANN@example.org"})
    assert same_mailbox
    assert same_mailbox[0].quote.totals.discount is None


def test_money_goes_back_once_for_each_reason_and_never_more_than_was_paid(either: Market) -> None:
    done = either.buy("ann", "mug", 2)
    back, shop = either.payments.refund, either.shop.id
    assert back(shop, done.order, usd(1_200), "line 1", NOW) == Refunded(usd(1_200))
    assert back(shop, done.order, usd(1_200), "line 1", NOW) == Refunded(usd(1_200))
    assert back(shop, done.order, usd(1_691), "line 2", NOW) is RefundRefused.TOO_MUCH
    assert back(shop, done.order, usd(-5), "line 3", NOW) is RefundRefused.TOO_MUCH
    assert back("another-shop", done.order, usd(1), "line 4", NOW) is RefundRefused.NOT_PAID
    assert back(shop, done.order, usd(1_690), "line 5", NOW) == Refunded(usd(1_690))
    payment = either.payments.find(done.payment)
    assert payment
    assert payment.refunded == payment.amount


def test_orders_move_forwards_only_and_are_found_by_numbers_however_written(market: Market) -> None:
    first, second = market.buy("ann"), market.buy("ben")
    shop = market.shop.id
    assert re.fullmatch(r"NF-[1-9][0-9]{3,}", first.order)
    assert first.order != second.order
    assert market.orders.move(shop, first.order, OrderState.DELIVERED, NOW) is None
    shipped = market.orders.move(shop, tidy(f"nf {first.order[3:]}"), OrderState.SHIPPED, NOW, "Parcel 12")
    assert shipped
    assert [event.state for event in shipped.events] == [OrderState.PLACED, OrderState.PAID, OrderState.SHIPPED]
    assert market.orders.move(shop, first.order, OrderState.CANCELED, NOW) is None
    assert [order.number for order in market.orders.of_shopper(shop, "ann")] == [first.order]
    assert market.orders.of_customer(shop, "") == []


def test_markup_in_names_stays_text_in_the_receipt(market: Market) -> None:
    product = mug(market.shop.id)
    market.catalogues.put_product(product.model_copy(update={"title": "<script>x</script>"}))
    market.basket.add(market.shop, "ann", "mug")
    details = ANN.model_copy(update={"name": "Ann <b>\r\nBcc: eve@example.org"})
    begun = market.checkouts.start(market.shop, Buyer("ann"), details)
    handed = market.confirm(begun)
    market.provider.pay(handed.payment, CARD)
    market.outbox.deliver(market.now)
    letter = next(market.folder.glob("*.eml")).read_bytes()
    head, _, body = letter.partition(b"\r\n\r\n")
    assert b"Bcc" not in head
    html = body.partition(b"text/html")[2].replace(b"=\r\n", b"")
    assert b"<script>" not in html
    assert b"&lt;script&gt;x&lt;/script&gt;" in html


def test_a_letter_that_cannot_be_written_is_tried_again(market: Market) -> None:
    market.buy("ann")
    folder = market.folder
    folder.parent.mkdir(exist_ok=True)
    folder.write_text("in the way")
    assert market.outbox.deliver(market.now) == 0
    folder.unlink()
    assert market.outbox.deliver(market.now) == 0, "not before its time"
    market.later(minutes=1)
    assert market.outbox.deliver(market.now) == 1
    assert market.outbox.deliver(market.now) == 0


def test_the_shops_people_move_orders_on_by_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SORI_DATABASE_URL", raising=False)
    store = Store(DataPaths(tmp_path).database_url)
    market = Market(store.engine, tmp_path / "mail")
    done = market.buy("ann", "mug", 2)
    shop = market.shop.id

    def orders(*arguments: str) -> str:
        options = build_parser().parse_args(["orders", *arguments, "--data-dir", str(tmp_path)])
        assert run_orders(options) == 0
        return capsys.readouterr().out

    assert f"{done.order}  " in orders("list", shop)
    assert "shipped" in orders("ship", shop, done.order.lower().replace("-", " "), "--note", "Parcel 12")
    (listed,) = json.loads(orders("list", shop, "--json"))
    assert (listed["number"], listed["state"], listed["items"]) == (done.order, "shipped", 2)
    for wrong in (("pack", shop, done.order), ("ship", "another-shop", done.order)):
        with pytest.raises(SetupError):
            orders(*wrong)
    assert "delivered" in orders("deliver", shop, done.order)
    store.close()

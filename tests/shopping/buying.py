"""A small shop and everything that buying needs, over a given database."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy.engine import Engine

from skills.shopping.actions import ShoppingActions
from skills.shopping.buying.actions import BuyingActions
from skills.shopping.buying.basket import Basket
from skills.shopping.buying.carts import Carts
from skills.shopping.buying.checkout import Checkout
from skills.shopping.buying.checkouts import Buyer, Checkouts
from skills.shopping.buying.details import Details
from skills.shopping.buying.orders import Orders
from skills.shopping.buying.outbox import Outbox
from skills.shopping.buying.payments import Payments
from skills.shopping.buying.placing import Placing
from skills.shopping.buying.test_provider import TestProvider
from skills.shopping.buying.voice_buyers import VoiceBuyers
from skills.shopping.catalogue import Catalogues
from skills.shopping.money import Money
from skills.shopping.product import Product, Variant
from skills.shopping.shop import Coupon, Delivery, Shop, VoiceBuying
from skills.skill import ActionRequest, ActionResult, Entity, Understanding
from skills.turn import Channel, Hypothesis, Tap, Utterance

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
CARD = "4242 4242 4242 4242"
ANN = Details(
    email="ann@example.org", name="Ann", street="12 Elm Street", city="Oslo", postal_code="0150", country="NO"
)
PIN = "4711"


def usd(minor: int) -> Money:
    return Money(minor=minor, currency="USD")


def mug(shop: str, stock: int | None = 10, price: int = 1_200) -> Product:
    return Product(
        id="mug", shop=shop, title="Nordfell mug", variants=(Variant(sku="mug", price=usd(price), stock=stock),)
    )


def parka(shop: str) -> Product:
    """Sold out in L; in S there is only navy."""
    stock = {("S", "navy"): 3, ("S", "red"): 0, ("M", "navy"): 3, ("M", "red"): 3, ("L", "navy"): 0, ("L", "red"): 0}
    variants = tuple(
        Variant(sku=f"parka-{size}-{colour}", options={"size": size, "colour": colour}, price=usd(9_900), stock=left)
        for (size, colour), left in stock.items()
    )
    return Product(id="parka", shop=shop, title="Fjell parka", categories=("Clothing",), variants=variants)


@dataclass
class Market:
    """A shop with a mug and a parka. Its clock stands still until it is moved on."""

    engine: Engine
    folder: Path
    shop: Shop = field(init=False)
    now: datetime = NOW
    like: tuple[str, ...] = ()
    """What a search finds."""

    def __post_init__(self) -> None:
        self.shop = a_shop(f"shop-{uuid4().hex[:12]}")
        clock: Callable[[], datetime] = lambda: self.now  # noqa: E731
        self.catalogues = Catalogues(self.engine)
        self.carts, self.orders = Carts(self.engine), Orders(self.engine)
        self.voice = VoiceBuyers(self.engine, self.orders, clock)
        self.provider = TestProvider(self.engine, lambda payment: f"/pay/{payment}", lambda payment: self.told(payment))
        self.payments = Payments(self.engine, {"test": self.provider})
        self.outbox = Outbox(self.engine, self.folder, self.catalogues.shop)
        placing = Placing(self.engine, self.catalogues, self.carts, self.orders, self.payments, self.outbox)
        self.checkouts = Checkouts(
            self.engine, self.catalogues, self.orders, self.payments, placing, self.voice.method, clock
        )
        self.basket = Basket(self.engine, self.catalogues, self.carts, clock)
        buying = BuyingActions(
            self.catalogues, self.basket, self.checkouts, self.orders, self.voice,
            find_named=lambda _shop, _text: None, like=lambda _shop, _text: self.like,
            met=lambda _shop, _memory, product: product.variants, taps=lambda: self.actions.taps(),
        )  # fmt: skip
        self.actions = ShoppingActions([buying])
        self.catalogues.put_shop(self.shop)
        for product in (mug(self.shop.id), parka(self.shop.id)):
            self.catalogues.put_product(product)
        self.told: Callable[[str], None] = self.checkouts.paid

    def later(self, **time: float) -> None:
        self.now += timedelta(**time)

    def stock(self, sku: str) -> int | None:
        found = self.catalogues.variant(self.shop.id, sku)
        assert found
        return found[1].stock

    def ready(self, shopper: str, sku: str = "mug", quantity: int = 1) -> Checkout:
        """A checkout that waits for its buyer's yes."""
        self.basket.set(self.shop, shopper, sku, quantity)
        return self.checkouts.start(
            self.shop, Buyer(shopper), ANN.model_copy(update={"email": f"{shopper}@example.org"})
        )

    def confirm(self, checkout: Checkout) -> Checkout:
        total = checkout.quote.totals.total.minor
        after = self.checkouts.complete(self.shop, Buyer(checkout.shopper), checkout.id, total)
        assert after
        return after

    def find(self, checkout: Checkout) -> Checkout:
        found = self.checkouts.find(self.shop, checkout.shopper, checkout.id)
        assert found
        return found

    def find_open(self, shopper: str) -> Checkout:
        """The shopper's checkout that is under way."""
        return self.checkouts.start(self.shop, Buyer(shopper), ANN)

    def buy(self, shopper: str, sku: str = "mug", quantity: int = 1) -> Checkout:
        """An order, paid on the page."""
        handed = self.confirm(self.ready(shopper, sku, quantity))
        self.provider.pay(handed.payment, CARD)
        return self.find(handed)


@dataclass
class Talk:
    """A shopper's conversation with the shop: what is understood is given, what is done and said is real."""

    market: Market
    shopper: str = "ann"
    memory: dict[str, Any] = field(default_factory=dict)
    screen: bool = True

    def say(self, action: str, text: str, **entities: str | Sequence[str]) -> ActionResult:
        """An utterance; the action is called without its prefix."""
        found = tuple(
            Entity(name, value, value, 0, 1)
            for name, values in entities.items()
            for value in ([values] if isinstance(values, str) else values)
        )
        return self._run(self.market.actions.by_name()[f"action_{action}"], text, found, None)

    def tap(self, name: str, /, **values: str | int | bool | list[str]) -> ActionResult:
        """A button."""
        tap = Tap.model_validate({"name": name, "values": values})
        return self._run(self.market.actions.taps()[name], name, (), tap)

    def press(self, tap: Tap, /, **values: str | int | bool | list[str]) -> ActionResult:
        """A button of an answer, with what was filled in."""
        return self._run(
            self.market.actions.taps()[tap.name],
            tap.name,
            (),
            tap.model_copy(update={"values": {**tap.values, **values}}),
        )

    def _run(self, action: Any, text: str, entities: tuple[Entity, ...], tap: Tap | None) -> ActionResult:
        utterance = Utterance(
            conversation="c1",
            dialog_request_id=uuid4().hex,
            channel=Channel.WIDGET if self.screen else Channel.SPEAKER,
            alternatives=(Hypothesis(text=text),),
            store=self.market.shop.id if self.screen else None,
            listener=self.shopper,
            tap=tap,
        )
        memory = self.memory if self.screen else {"shop": self.market.shop.id, **self.memory}
        result: ActionResult = asyncio.run(
            action(ActionRequest(utterance, Understanding(text, "x", 1.0, entities), memory))
        )
        self.memory = dict(result.memory)
        assert result.reply
        return result


def a_shop(identity: str) -> Shop:
    return Shop(
        id=identity,
        name="Nordfell",
        order_prefix="NF",
        email="hello@nordfell.example",
        deliveries=(
            Delivery(id="post", name="Post", price=usd(490), free_from=usd(10_000), days=(2, 4)),
            Delivery(id="bike", name="Bike", price=usd(990), days=(1, 1), countries=("NO",)),
        ),
        coupons=(
            Coupon(code="WARM10", percent=10),
            Coupon(code="FIRST5", amount=usd(500), once=True),
            Coupon(code="BIG20", percent=20, least=usd(20_000)),
            Coupon(code="OLD", percent=50, ends=NOW - timedelta(days=1)),
            Coupon(code="SOON", percent=50, begins=NOW + timedelta(days=1)),
            Coupon(code="WEAR15", percent=15, categories=("clothing",)),
        ),
        tax_percent=25,
        voice_buying=VoiceBuying(most=usd(10_000), orders_a_day=2),
    )

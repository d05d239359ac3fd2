"""What shoppers do to their carts, each checked against the catalogue as it is now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy.engine import Engine

from skills.shopping.buying.cart import LINES_MAX, Cart, Line, put
from skills.shopping.buying.carts import Carts, read_cart
from skills.shopping.buying.coupons import find_coupon
from skills.shopping.buying.details import Details
from skills.shopping.buying.quote import Quote, most, named
from skills.shopping.buying.quoting import quote_in
from skills.shopping.catalogue import Catalogues
from skills.shopping.catalogue.database import Database
from skills.shopping.product import QUANTITY_MAX
from skills.shopping.shop import Shop


class Outcome(StrEnum):
    """What became of a change."""

    DONE = "done"
    SOLD_OUT = "sold_out"
    SHORT = "short"
    """There are fewer than that."""
    TOO_MANY = "too_many"
    """No number that a line may have, or one line more than a cart may."""
    UNKNOWN = "unknown"
    """Nothing of that name is sold, or in the cart."""
    STALE = "stale"
    """The cart has changed since it was seen."""


@dataclass(frozen=True)
class Held:
    """A cart, and what it costs now."""

    cart: Cart
    quote: Quote


@dataclass(frozen=True)
class Edited(Held):
    """A change of one line: `quantity` are in the cart now, `left` can be had; nothing changed unless it is DONE."""

    outcome: Outcome
    title: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    product: str = ""
    sku: str = ""
    quantity: int = 0
    left: int = 0

    @property
    def name(self) -> str:
        """The variant in words; empty where nobody knows it."""
        return named(self.title, self.options)


class Basket(Database):
    """Changes carts. Thread-safe; every method blocks."""

    def __init__(self, engine: Engine, catalogues: Catalogues, carts: Carts, now: Callable[[], datetime]) -> None:
        super().__init__(engine)
        self._catalogues, self._carts, self.now = catalogues, carts, now

    def held(self, shop: Shop, shopper: str) -> Held:
        """The shopper's cart."""
        with self._reading() as connection:
            cart = read_cart(connection, shop.id, shopper)
            return Held(cart, quote_in(connection, shop, cart, Details(), shopper, self.now()))

    def add(self, shop: Shop, shopper: str, sku: str, quantity: int = 1) -> Edited:
        """Put so many more of a variant in."""
        return self._set(shop, shopper, sku, lambda before: before + quantity if quantity > 0 else -1, None)

    def set(self, shop: Shop, shopper: str, sku: str, quantity: int, revision: int | None = None) -> Edited:
        """Make it so many of a variant, none for 0; with a `revision`, only if the cart is still that one."""
        return self._set(shop, shopper, sku, lambda _before: quantity, revision)

    def clear(self, shop: Shop, shopper: str) -> Held:
        """Take everything out."""
        self._carts.change(shop.id, shopper, lambda cart: replace(cart, lines=(), coupon=""), self.now())
        return self.held(shop, shopper)

    def coupon(self, shop: Shop, shopper: str, code: str) -> Held:
        """Use a code of the shop's, or none; `Held.quote.refused` says why one is of no use."""
        coupon = find_coupon(shop, code) if code else None
        kept = coupon.code if coupon else ""
        if code and not coupon:
            held = self.held(shop, shopper)
            refused = f"This shop has no code {' '.join(code.split())[:30]}."
            return Held(held.cart, held.quote.model_copy(update={"refused": refused}))
        self._carts.change(shop.id, shopper, lambda cart: replace(cart, coupon=kept), self.now())
        return self.held(shop, shopper)

    def _set(self, shop: Shop, shopper: str, sku: str, wanted: Callable[[int], int], revision: int | None) -> Edited:
        found = self._catalogues.variant(shop.id, sku)
        outcome, before, asked = Outcome.DONE, 0, 0

        def edit(cart: Cart) -> Cart:
            nonlocal outcome, before, asked
            before = cart.quantity(sku)
            asked = wanted(before)
            outcome = self._judge(shop, sku, cart, asked)
            if outcome is not Outcome.DONE:
                return cart
            if asked == 0 or found is None:
                held = cart.line(sku)
                return put(cart, replace(held, quantity=0)) if held else cart
            product, variant = found
            return put(cart, Line(sku, product.id, asked, variant.price_at(self.now())))

        kept = self._carts.change(shop.id, shopper, edit, self.now(), revision)
        held = self.held(shop, shopper)
        return Edited(
            held.cart,
            held.quote,
            Outcome.STALE if kept is None else outcome,
            title=found[0].title if found else "",
            options=found[1].options if found else {},
            product=found[0].id if found else "",
            sku=sku,
            quantity=held.cart.quantity(sku),
            left=most(found[1], shop) if found else 0,
        )

    def _judge(self, shop: Shop, sku: str, cart: Cart, asked: int) -> Outcome:
        """Whether a line may have so many."""
        if asked == 0:
            return Outcome.DONE if cart.line(sku) else Outcome.UNKNOWN
        if not 0 < asked <= QUANTITY_MAX or (cart.line(sku) is None and len(cart.lines) >= LINES_MAX):
            return Outcome.TOO_MANY
        found = self._catalogues.variant(shop.id, sku)
        if found is None:
            return Outcome.UNKNOWN
        left = most(found[1], shop)
        if left == 0:
            return Outcome.SOLD_OUT
        return Outcome.SHORT if asked > left else Outcome.DONE

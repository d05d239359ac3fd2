"""A cart: variants with how many of each, and what each cost when it was put in. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from skills.shopping.money import Money
from skills.shopping.product import QUANTITY_MAX

LINES_MAX = 50
"""Different things in one cart."""


@dataclass(frozen=True)
class Line:
    """A variant in a cart; `price` is that of one, as it was when its person last touched the line."""

    sku: str
    product: str
    quantity: int
    price: Money


@dataclass(frozen=True)
class Cart:
    """What somebody means to buy, in the order in which it was put in; `revision` grows with every change."""

    lines: tuple[Line, ...] = ()
    coupon: str = ""
    revision: int = 0

    @property
    def count(self) -> int:
        """Things, not lines."""
        return sum(line.quantity for line in self.lines)

    def line(self, sku: str) -> Line | None:
        """The line of this variant."""
        return next((line for line in self.lines if line.sku == sku), None)

    def quantity(self, sku: str) -> int:
        """How many of a variant are in it."""
        line = self.line(sku)
        return line.quantity if line else 0


def put(cart: Cart, line: Line) -> Cart:
    """The cart with `line` in the place of what there was of its variant; a quantity of 0 takes it out.

    Raises:
        ValueError: the quantity is beyond 0..99, or it would be the cart's fifty-first line.
    """
    if not 0 <= line.quantity <= QUANTITY_MAX:
        raise ValueError(f"a quantity of {line.quantity}")
    if line.quantity == 0:
        return replace(cart, lines=tuple(one for one in cart.lines if one.sku != line.sku))
    if cart.line(line.sku):
        return replace(cart, lines=tuple(line if one.sku == line.sku else one for one in cart.lines))
    if len(cart.lines) >= LINES_MAX:
        raise ValueError("too many lines")
    return replace(cart, lines=(*cart.lines, line))


def without(cart: Cart, bought: Iterable[Line]) -> Cart:
    """The cart less what was bought of it; what was added meanwhile stays."""
    for line in bought:
        if held := cart.line(line.sku):
            cart = put(cart, replace(held, quantity=max(0, held.quantity - line.quantity)))
    return replace(cart, coupon="" if not cart.lines else cart.coupon)


def merged(cart: Cart, other: Cart) -> Cart:
    """Both carts' things; of what is in both, as many as together, where a line can hold them.

    What no longer fits into `cart` is left out.
    """
    for line in other.lines:
        together = min(QUANTITY_MAX, cart.quantity(line.sku) + line.quantity)
        if cart.line(line.sku) or len(cart.lines) < LINES_MAX:
            cart = put(cart, replace(line, quantity=together))
    return replace(cart, coupon=cart.coupon or other.coupon)

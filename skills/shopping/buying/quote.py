"""What a cart costs now, and what stands in the way of buying it. Pure: goods and time are passed in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from pydantic import Field

from skills.message import ItemId, Message
from skills.shop_view import Totals
from skills.shopping.buying.cart import Cart, Line
from skills.shopping.buying.coupons import CouponRefusal, discount, find_coupon, refusal_words
from skills.shopping.money import Money
from skills.shopping.product import QUANTITY_MAX, Product, Variant
from skills.shopping.shop import Delivery, Shop

Goods = Mapping[str, tuple[Product, Variant]]
"""What the catalogue has now, by sku."""


class QuotedLine(Message):
    """A line as it is now."""

    sku: ItemId
    product: ItemId
    title: str
    options: dict[str, str] = Field(default_factory=dict)
    quantity: int
    price: Money
    categories: tuple[str, ...] = ()
    image: str = ""
    note: str = ""
    """What has changed since it was put in."""

    @property
    def total(self) -> Money:
        """Of all of them."""
        return self.price * self.quantity


class Quote(Message):
    """Lines with their present prices, what they cost together, and what stands in the way (`problems`)."""

    lines: tuple[QuotedLine, ...]
    totals: Totals
    coupon: str = ""
    """The code that takes something off."""
    refused: str = ""
    """Why the cart's code does not, in words."""
    problems: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """Things, not lines."""
        return sum(line.quantity for line in self.lines)


def most(variant: Variant, shop: Shop) -> int:
    """How many of it one order may have: 0 where it cannot be ordered."""
    if not variant.can_order() or variant.price.currency != shop.currency:
        return 0
    return next((number for number in range(QUANTITY_MAX, 0, -1) if variant.can_order(number)), 0)


def quote(shop: Shop, cart: Cart, goods: Goods, delivery: Delivery | None, now: datetime, *, used: bool) -> Quote:
    """What `cart` costs at `now`; `used`: its customer has used its coupon before."""
    lines, problems = [], []
    for line in cart.lines:
        found = goods.get(line.sku)
        if found is None or found[1].price.currency != shop.currency:
            problems.append("Something in your cart is no longer sold. I have left it out.")
            continue
        quoted = _line(line, *found, now)
        left = most(found[1], shop)
        if left < quoted.quantity:
            name = named(quoted.title, quoted.options)
            problems.append(f"{name} is sold out." if left == 0 else f"There are only {left} left of {name}.")
            note = "Sold out" if left == 0 else f"Only {left} left"
            quoted = quoted.model_copy(update={"note": "; ".join(filter(None, (note, quoted.note)))})
        lines.append(quoted)
    if not lines:
        problems.append("There is nothing in your cart.")
    coupon = find_coupon(shop, cart.coupon) if cart.coupon else None
    off = discount(coupon, lines, shop.currency, now, used=used) if cart.coupon and lines else None
    refused = refusal_words(off, cart.coupon, coupon) if isinstance(off, CouponRefusal) else ""
    taken = off if isinstance(off, Money) else None
    return Quote(
        lines=tuple(lines),
        totals=totals(lines, shop, taken, delivery),
        coupon=cart.coupon if taken else "",
        refused=refused,
        problems=tuple(dict.fromkeys(problems)),
    )


def totals(lines: Iterable[QuotedLine], shop: Shop, off: Money | None, delivery: Delivery | None) -> Totals:
    """Sum, less `off`, with delivery; the tax is the part of the total that it contains, rounded half up."""
    subtotal = Money(minor=sum(line.total.minor for line in lines), currency=shop.currency)
    total, sending = subtotal, None
    if off is not None:
        total = total - off
    if delivery is not None:
        is_free = delivery.free_from is not None and delivery.free_from.minor <= subtotal.minor
        sending = Money(minor=0 if is_free else delivery.price.minor, currency=shop.currency)
        total = total + sending
    tax = None
    if shop.tax_percent:
        part = Decimal(total.minor) * shop.tax_percent / (100 + shop.tax_percent)
        tax = Money(minor=int(part.quantize(Decimal(1), ROUND_HALF_UP)), currency=shop.currency)
    return Totals(
        subtotal=subtotal, discount=Money(minor=0, currency=shop.currency) - off if off else None, delivery=sending,
        tax=tax, total=total,
    )  # fmt: skip


def _line(line: Line, product: Product, variant: Variant, now: datetime) -> QuotedLine:
    price, note = variant.price_at(now), ""
    if price != line.price and price.currency == line.price.currency:
        moved = "fell" if price < line.price else "rose"
        note = f"The price {moved} from {line.price} to {price}"
    return QuotedLine(
        sku=variant.sku,
        product=product.id,
        title=product.title,
        options=variant.options,
        quantity=line.quantity,
        price=price,
        categories=product.categories,
        image=variant.image or next(iter(product.images), ""),
        note=note,
    )


def named(title: str, options: Mapping[str, str]) -> str:
    """A variant in words: "Fjell parka (M, navy)"."""
    chosen = ", ".join(options.values())
    return f"{title} ({chosen})" if chosen else title

"""What is told of one product: in a sentence or two, and on its card."""

from __future__ import annotations

from datetime import datetime

from skills.shop_view import Button, ProductCard, Tap
from skills.shopping.deciding.asking.facts import fact
from skills.shopping.deciding.reviews.polarity import sentences
from skills.shopping.deciding.wording import brief
from skills.shopping.finding.cards import availability, card, said_name, spoken_price
from skills.shopping.product import Product

FACTS = 8
"""Lines on the card."""
SAID_FACTS = 2


def details(product: Product, now: datetime) -> tuple[str, str]:
    """(shown, said): what it is, what it costs, whether it is there."""
    shown = card(product, now)
    price = f"from {shown.price}" if shown.from_price else str(shown.price)
    was = f" instead of {shown.was}" if shown.was else ""
    stars = f" {shown.stars:g} stars from {_reviews(product.reviews)}." if shown.stars and product.reviews else ""
    there = f"{availability(product.variants)}, {price}{was}."
    text = " ".join(filter(None, [product.description, f"{there}{stars}"])) or f"{product.title}. {there}{stars}"
    first = next(iter(sentences(product.description)), "")
    spoken = f"{'from ' if shown.from_price else ''}{spoken_price(shown.price)}"
    name = said_name(product)
    return text, f"{name}, {spoken}. {brief(first, 24)}".strip()


def full_card(product: Product, now: datetime) -> ProductCard:
    """Its card with its facts and what can be done next."""
    return card(product, now, facts=[fact(one) for one in product.attributes[:FACTS]], buttons=buttons(product))


def buttons(product: Product) -> tuple[Button, ...]:
    """What can be done with a product that is looked at."""
    mine: dict[str, str | int | bool | list[str]] = {"product": product.id}
    add = Button(label="Add to cart", tap=Tap(name="cart.add", values=mine), style="primary")
    reviews = Button(label="Reviews", tap=Tap(name="product.reviews", values=mine))
    similar = Button(label="Similar", tap=Tap(name="find.similar", values=mine))
    can_order = any(one.can_order() for one in product.variants)
    return tuple(([add] if can_order else []) + ([reviews] if product.reviews else []) + [similar])


def _reviews(count: int) -> str:
    return "1 review" if count == 1 else f"{count} reviews"

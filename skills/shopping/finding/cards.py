"""Product cards, made from the database's products: what is shown of a product, and how it is called aloud."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

from skills.shop_view import Button, ProductCard
from skills.shopping.money import Money, digits
from skills.shopping.product import Availability, Product, Variant

FEW = 5
"""So many or fewer left are worth a word."""
NAME_WORDS = 7
"""Of a title, said aloud."""

_STATES = {
    Availability.IN_STOCK: "In stock",
    Availability.PREORDER: "Pre-order",
    Availability.BACKORDER: "On back-order",
    Availability.OUT_OF_STOCK: "Sold out",
}


def card(
    product: Product,
    now: datetime,
    *,
    variants: Sequence[Variant] = (),
    facts: Sequence[str] = (),
    buttons: Sequence[Button] = (),
) -> ProductCard:
    """The card of a product, or of those of its `variants` that are meant (none: all).

    Its price is the lowest of what can be ordered, of anything where nothing can; `sku` is set where one is meant.
    """
    meant = tuple(variants) or product.variants
    offered = [one for one in meant if one.can_order()] or list(meant)
    cheapest = min(offered, key=lambda one: one.price_at(now).minor)
    price = cheapest.price_at(now)
    image = next((one.image for one in (cheapest, *offered) if one.image), "") or next(iter(product.images), "")
    return ProductCard(
        product=product.id,
        sku=meant[0].sku if len(meant) == 1 else None,
        title=product.title,
        brand=product.brand,
        price=price,
        was=cheapest.price if price < cheapest.price else None,
        from_price=any(price < one.price_at(now) for one in offered),
        image_url=safe_url(image),
        url=safe_url(product.url),
        stars=product.stars,
        reviews=product.reviews,
        availability=availability(meant),
        can_order=any(one.can_order() for one in meant),
        options=options(meant),
        facts=tuple(facts),
        buttons=tuple(buttons),
    )


def options(variants: Sequence[Variant]) -> dict[str, tuple[str, ...]]:
    """What can be chosen among `variants`, in their order."""
    found: dict[str, dict[str, None]] = {}
    for variant in variants:
        for name, value in variant.options.items():
            found.setdefault(name, {})[value] = None
    return {name: tuple(values) for name, values in found.items()}


def availability(variants: Sequence[Variant]) -> str:
    """In words, of the most available of `variants`: "In stock", "Only 2 left", "Sold out"."""
    there = [one for one in variants if one.can_order()]
    if not there:
        return _STATES[Availability.OUT_OF_STOCK]
    at_once = [one for one in there if one.availability is Availability.IN_STOCK]
    if not at_once:
        return _STATES[there[0].availability]
    counts = [one.stock for one in at_once]
    left = sum(one for one in counts if one is not None)
    return f"Only {left} left" if None not in counts and left <= FEW else _STATES[Availability.IN_STOCK]


def safe_url(text: str) -> str:
    """`text` where it is an http(s) address or a path of our own; else nothing."""
    if any(letter <= " " or letter == "\\" for letter in text):
        return ""
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    if parts.scheme in ("http", "https"):
        return text if parts.hostname else ""
    return text if not parts.scheme and not parts.netloc and text.startswith("/") else ""


def said_name(product: Product) -> str:
    """The product's name as it is said: its title up to the first comma, bracket or dash, and not too long."""
    name = product.title
    for mark in (",", " (", " - ", " \u2013 ", " | ", ";"):
        before = name.split(mark, 1)[0].strip()
        name = before if len(before.split()) > 1 else name
    return " ".join(name.split()[:NAME_WORDS])


def spoken_price(price: Money) -> str:
    """As it is said: whole amounts without their cents."""
    whole = price.minor % 10 ** digits(price.currency) == 0
    return str(price).split(".")[0] if whole else str(price)

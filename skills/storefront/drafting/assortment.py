"""What a shop's products say about it as a whole: what it sells, from what, in which sizes, at what price. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from skills.shopping.money import Money
from skills.shopping.product import Product

READ = 2_000
"""Products that are looked at; more of them say nothing new."""
NAMED = 6
"""Of one kind."""
MATERIALS = ("material", "materials", "fabric", "composition", "upper material")
WARRANTIES = ("warranty", "guarantee", "manufacturer warranty")
SIZES = ("size", "sizes")


@dataclass(frozen=True)
class Common:
    """What several products say, the most frequent first, and how many of them say anything."""

    values: tuple[str, ...] = ()
    products: int = 0


@dataclass(frozen=True)
class Assortment:
    """A shop's products as a whole."""

    products: int = 0
    categories: Common = Common()
    brands: Common = Common()
    materials: Common = Common()
    sizes: Common = Common()
    """In the order in which products have them."""
    warranties: Common = Common()
    lowest: Money | None = None
    highest: Money | None = None


def assortment(products: Iterable[Product]) -> Assortment:
    """The first products of a shop, put together."""
    found = list(islice(products, READ))
    prices = [variant.price for one in found for variant in one.variants]
    return Assortment(
        products=len(found),
        categories=_common((one.categories[0],) if one.categories else () for one in found),
        brands=_common((one.brand,) if one.brand else () for one in found),
        materials=_common(_attributes(one, MATERIALS) for one in found),
        sizes=_sizes(found),
        warranties=_common(_attributes(one, WARRANTIES) for one in found),
        lowest=min(prices, default=None, key=lambda price: price.minor),
        highest=max(prices, default=None, key=lambda price: price.minor),
    )


def _attributes(product: Product, names: Iterable[str]) -> tuple[str, ...]:
    found = (product.attribute(name) for name in names)
    return tuple(one.value for one in found if one is not None)[:1]


def _common(values: Iterable[tuple[str, ...]]) -> Common:
    said = [one for one in values if one]
    counted = Counter(value.strip() for one in said for value in one if value.strip() and len(value) <= 60)
    return Common(tuple(value for value, _ in counted.most_common(NAMED)), len(said))


def _sizes(products: Iterable[Product]) -> Common:
    having = [one.options[name] for one in products for name in SIZES if name in one.options]
    widest = max(having, default=(), key=len)
    return Common(tuple(widest[:20]), len(having))

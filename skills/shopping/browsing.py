"""A shop's shelves: which of its products a visitor's choices leave, in which order, and what else can be chosen.

Pure, and for shops of some thousand products: each is looked at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from skills.shopping.product import Product, Variant

FACETS_MAX = 6
VALUES_MAX = 14
LEAST_SHARE = 0.25
"""Of the products on the shelf that need an attribute for it to be offered."""
BRAND = "brand"
SIZES = ("XXS", "XS", "S", "M", "L", "XL", "XXL", "3XL")


class Order(StrEnum):
    """In which order products stand."""

    RELEVANCE = "relevance"
    """As they were found, or by how much is sold."""
    CHEAPEST = "cheapest"
    DEAREST = "dearest"
    RATING = "rating"


@dataclass(frozen=True)
class Choice:
    """What a visitor has chosen; `values` by facet: any of a facet's, all facets. Prices are in minor units."""

    category: str = ""
    values: Mapping[str, frozenset[str]] = field(default_factory=dict)
    least: int | None = None
    most: int | None = None
    in_stock: bool = False
    order: Order = Order.RELEVANCE


@dataclass(frozen=True)
class FacetChoice:
    """One value of a facet: how many products it would leave, and whether it is chosen."""

    value: str
    count: int
    chosen: bool
    depth: int = 0
    """Of a category: how many wider ones it lies in."""


@dataclass(frozen=True)
class Shelf:
    """`products` are all that are left, each with those of its variants in `variants` that are meant."""

    products: tuple[Product, ...]
    variants: Mapping[str, tuple[Variant, ...]]
    facets: Mapping[str, tuple[FacetChoice, ...]]
    categories: tuple[FacetChoice, ...]


def browse(products: Sequence[Product], choice: Choice, now: datetime) -> Shelf:
    """The shelf of those `products`, which are in the order of relevance, that the choice leaves."""
    here = [one for one in products if not choice.category or choice.category in one.categories]
    left = {one.id: found for one in here if (found := _meant(one, choice, now))}
    kept = [one for one in here if one.id in left]
    facets = {name: values for name in _names(here, choice) if len(values := _counted(here, name, choice, now)) > 1}
    counts = Counter(category for one in products if _meant(one, choice, now) for category in one.categories)
    return Shelf(
        tuple(_ordered(kept, left, choice.order, now)), left, facets, tuple(_categories(products, choice, counts))
    )


def _categories(products: Sequence[Product], choice: Choice, counts: Mapping[str, int]) -> Iterable[FacetChoice]:
    """The widest categories, and within the one that is chosen the next narrower ones; as a tree is read."""
    paths = {one.categories[:depth] for one in products for depth in range(1, len(one.categories) + 1)}
    way = next((one.categories for one in products if choice.category in one.categories), ())
    way = way[: way.index(choice.category) + 1] if way else ()
    for path in sorted(paths):
        if path[:-1] == way[: len(path) - 1]:
            name = path[-1]
            yield FacetChoice(name, counts[name], name == choice.category, len(path) - 1)


def _meant(product: Product, choice: Choice, now: datetime) -> tuple[Variant, ...]:
    """The variants that meet all of the choice but its category."""
    if not all(_has(product, name, values) for name, values in choice.values.items() if name not in product.options):
        return ()
    return tuple(one for one in product.variants if _suits(one, choice, now))


def _has(product: Product, name: str, values: frozenset[str]) -> bool:
    if name == BRAND:
        return product.brand in values
    attribute = product.attribute(name)
    return attribute is not None and attribute.value in values


def _suits(variant: Variant, choice: Choice, now: datetime) -> bool:
    price = variant.price_at(now).minor
    if (choice.least is not None and price < choice.least) or (choice.most is not None and price > choice.most):
        return False
    if choice.in_stock and not variant.can_order():
        return False
    return all(variant.options.get(name) in values for name, values in choice.values.items() if name in variant.options)


def _names(products: Sequence[Product], choice: Choice) -> list[str]:
    """The facets that tell these products apart: the brand, what is chosen already, and what many of them have."""
    having: Counter[str] = Counter()
    values: dict[str, set[str]] = {}
    for product in products:
        for name, own in _values(product).items():
            having[name] += 1
            values.setdefault(name, set()).update(own)
    enough = [
        name
        for name, count in having.most_common()
        if name != BRAND and count >= LEAST_SHARE * len(products) and 1 < len(values[name]) <= VALUES_MAX * 2
    ]
    options = [name for name in enough if any(name in product.options for product in products)]
    chosen = [name for name in choice.values if name in values]
    return list(dict.fromkeys([*chosen, BRAND, *options, *enough]))[:FACETS_MAX]


def _values(product: Product) -> dict[str, Iterable[str]]:
    """By facet what the product has: its brand, its options, and attributes that are no numbers."""
    own: dict[str, Iterable[str]] = {BRAND: (product.brand,)} if product.brand else {}
    own |= {one.name: (one.value,) for one in product.attributes if one.number is None and len(one.value) <= 40}
    return own | product.options


def _counted(products: Sequence[Product], name: str, choice: Choice, now: datetime) -> tuple[FacetChoice, ...]:
    """How many products each value of a facet would leave, if nothing of this facet were chosen."""
    chosen = choice.values.get(name, frozenset())
    others = {one: values for one, values in choice.values.items() if one != name}
    without = Choice(choice.category, others, choice.least, choice.most, choice.in_stock)
    counts: Counter[str] = Counter()
    for product in products:
        if meant := _meant(product, without, now):
            own = {one.options[name] for one in meant if name in one.options} or _values(product).get(name, ())
            counts.update(set(own))
    most = [value for value, _ in counts.most_common(VALUES_MAX)]
    shown = sorted({*most, *chosen}, key=_place)
    return tuple(FacetChoice(value, counts[value], value in chosen) for value in shown)


def _place(value: str) -> tuple[int, float, str]:
    """Sizes from small to large, numbers by their size, the rest by the alphabet."""
    if value in SIZES:
        return 0, SIZES.index(value), ""
    number = value.split(" ")[0].split("-")[0]
    return (1, float(number), value) if number.replace(".", "", 1).isdecimal() else (2, 0.0, value.casefold())


def _ordered(
    products: list[Product], meant: Mapping[str, tuple[Variant, ...]], order: Order, now: datetime
) -> list[Product]:
    def price(product: Product) -> int:
        own = meant[product.id]
        return min(one.price_at(now).minor for one in [v for v in own if v.can_order()] or own)

    by: dict[Order, Callable[[Product], float]] = {
        Order.CHEAPEST: price,
        Order.DEAREST: lambda one: -price(one),
        Order.RATING: lambda one: -(one.stars or 0) - min(one.reviews, 20) / 100,
    }
    return sorted(products, key=by[order]) if order in by else products

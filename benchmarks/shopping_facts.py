"""What is known of a product as a shopper may say it, and whether a product has it: read from the catalogue alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from skills.shopping.product import Product, Variant

ADJECTIVE = re.compile(r"(?:proof|safe|able|ant|free|less|resistant|vegan|organic|wireless|windproof)$")
SOLID = ("material", "filling", "upper")
KINDS = {
    "leather": ("suede", "nubuck"),
    "wool": ("merino", "lambswool", "cashmere"),
    "wood": ("oak", "beech", "walnut"),
}
"""Materials that are of another one's kind."""
CAPS = (5, 10, 15, 20, 25, 30, 40, 50, 60, 75, 80, 100, 120, 150, 200, 250, 300, 400, 500, 600, 800, 1000, 1500, 2000)
NUMBERS = ("memory", "storage", "screen size", "battery life", "persons", "cable length")
"""Attributes with numbers that people ask for."""

Holds = Callable[[Product, Variant], bool]


@dataclass(frozen=True)
class Fact:
    """Something stated: `about` is what it changes its mind with, `before` or `after` how it stands beside the noun,
    `alone` how it is said later; `holds` judges a variant of a product.
    """

    about: str
    holds: Holds
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()


def price_now(variant: Variant) -> float:
    """In whole units."""
    return float(variant.price_at(datetime.now(UTC)).amount)


def facts_of(product: Product, others: Sequence[Product], dice: np.random.Generator) -> Iterator[Fact]:
    """What may be said of one variant of the product; `others` are of its kind."""
    orderable = [one for one in product.variants if one.can_order()] or list(product.variants)
    variant = orderable[int(dice.integers(len(orderable)))]
    if product.brand:
        yield brand(product.brand)
    for name, value in variant.options.items():
        if name == "colour":
            yield colour(value)
        if name == "size":
            yield size(value)
    yield cap(next((one for one in CAPS if one > price_now(variant) * (1 + 0.3 * dice.random())), 5000))
    for attribute in product.attributes:
        if attribute.name == "colour" and "," not in attribute.value:
            yield colour(attribute.value)
        elif attribute.value == "yes":
            yield flag(attribute.name)
        elif attribute.name in SOLID and re.fullmatch(r"[a-z ]+", attribute.value):
            yield material(attribute.value)
        elif attribute.name in NUMBERS and attribute.number is not None:
            yield number(attribute.name, attribute.number, attribute.unit)
    yield from _exclusions(product, others, dice)


def brand(name: str) -> Fact:
    """Made by."""
    said = (f"by {name}", f"from {name}")
    return Fact("brand", lambda p, _: p.brand == name, (name,), said, (*said, f"only {name}", f"has to be {name}"))


def colour(value: str) -> Fact:
    """Of a colour, as an option or a fact."""

    def holds(product: Product, variant: Variant) -> bool:
        return value.casefold() in _colours(product, variant)

    low = value.lower()
    later = (f"in {low}", f"make it {low}", f"I'd like it in {low}", f"the {low} ones", f"{low} please")
    return Fact("colour", holds, (low,), (f"in {low}",), later)


def size(value: str) -> Fact:
    """Of a size."""
    later = (f"size {value}", f"in size {value}", f"my size is {value}", f"I need size {value}")
    return Fact("size", lambda _, v: v.options.get("size") == value, (), (f"in size {value}",), later)


def cap(limit: int) -> Fact:
    """Under a price."""
    after = (f"under {limit}", f"for less than {limit}", f"below {limit}", f"that cost less than {limit}")
    later = (f"under {limit}", f"less than {limit}", f"it should cost less than {limit}")
    return Fact("price", lambda _, v: price_now(v) < limit, (), after, later)


def flag(name: str) -> Fact:
    """Has it, or is it."""
    is_adjective = bool(ADJECTIVE.search(name))
    after = () if is_adjective else (f"with {name}",)
    later = (f"it should be {name}", f"only {name} ones", f"{name} please") if is_adjective else (f"with {name}",)
    return Fact(f"flag {name}", lambda p, _: _has(p, name, "yes"), (name,) if is_adjective else (), after, later)


def material(value: str) -> Fact:
    """Made of."""

    def holds(product: Product, _: Variant) -> bool:
        return any(_of(value, one.value) for one in product.attributes if one.name in SOLID)

    return Fact("material", holds, (value,), (f"made of {value}",), (f"made of {value}", f"in {value}"))


def number(name: str, value: float, unit: str) -> Fact:
    """So much of it."""
    amount = f"{value:g} {unit}".strip()
    if name == "persons":
        after: tuple[str, ...] = (f"for {value:g} people", f"for {value:g} persons")
    else:
        after = (f"with {name} {amount}", f"with {amount} {name}")

    def holds(product: Product, _: Variant) -> bool:
        own = product.attribute(name)
        return own is not None and own.number is not None and abs(own.number - value) <= 0.026 * value

    return Fact(name, holds, (), after, after)


def not_brand(name: str) -> Fact:
    """Not made by."""
    later = (f"not {name}", f"anything but {name}", f"no {name} please", f"nothing from {name}")
    return Fact("not", lambda p, _: bool(p.brand) and p.brand != name, (), (f"but not {name}",), later)


def not_material(value: str) -> Fact:
    """Not made of; what is not known to be of anything else does not count."""

    def holds(product: Product, _: Variant) -> bool:
        own = [one.value.casefold() for one in product.attributes if one.name == "material"]
        return bool(own) and not any(_of(value, one) for one in own)

    return Fact("not", holds, (), (f"but not {value}",), (f"not {value}", f"no {value}", f"without {value}"))


def _exclusions(product: Product, others: Sequence[Product], dice: np.random.Generator) -> Iterator[Fact]:
    brands = sorted({one.brand for one in others if one.brand and one.brand != product.brand})
    if brands and product.brand:
        yield not_brand(brands[int(dice.integers(len(brands)))])
    own = product.attribute("material")
    if own is None:
        return
    materials = sorted({value.value for one in others if (value := one.attribute("material")) is not None})
    different = [
        one
        for one in materials
        if re.fullmatch(r"[a-z]+", one) and not_material(one).holds(product, product.variants[0])
    ]
    if different:
        yield not_material(different[int(dice.integers(len(different)))])


def _colours(product: Product, variant: Variant) -> set[str]:
    own = variant.options.get("colour")
    listed = [own] if own else [one.value for one in product.attributes if one.name == "colour"]
    return {part.strip().casefold() for one in listed for part in one.split(",")}


def _of(material: str, value: str) -> bool:
    return any(one in value.casefold() for one in (material.casefold(), *KINDS.get(material.casefold(), ())))


def _has(product: Product, name: str, value: str) -> bool:
    own = product.attribute(name)
    return own is not None and own.value == value

"""A product as the index keeps it: its texts, its values in the plan's fields, and its variants."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import product as combined

from search_index import Document
from search_index.schema import Value
from skills.shopping.finding.plan import Kind, Plan, PlannedField, canonical, field_name
from skills.shopping.finding.values import amount, amount_of, in_unit, listed, yes_or_no
from skills.shopping.product import Product, Variant

DESCRIPTION_MAX = 4_000
COMBINED_MAX = 20
"""Of one variant's values, where attributes that variants may have list several."""


@dataclass(frozen=True)
class Described:
    """A product's document, and by the numbers of its variants the product's own that they are."""

    document: Document
    variants: tuple[Variant, ...]


def describe(product: Product, plan: Plan, now: datetime) -> Described:
    """What is indexed of a product, with the prices of this moment."""
    fields = {one.name: one for one in plan.fields}
    values: dict[str, list[str | float | bool]] = {}
    for attribute in product.attributes:
        word = canonical(attribute.name)
        for field, value in _read(word, attribute.name, attribute.value, fields, amount(attribute)):
            values.setdefault(field.name, []).append(value)
    of_product = {name: some for name, some in values.items() if not fields[name].of_variant}
    of_variants = {name: some for name, some in values.items() if fields[name].of_variant}
    orderable = any(one.can_order() for one in product.variants)
    held: dict[str, Value] = {
        "title": product.title,
        "description": product.description[:DESCRIPTION_MAX],
        "facts": _facts(product),
        "popularity": 1 + product.popularity if orderable else 0,
        "orderable": int(orderable),
    }
    if product.brand:
        held["brand"] = product.brand
    if product.categories:
        held["category"] = list(product.categories)
        held["department"] = product.categories[0]
    if product.stars is not None:
        held["stars"] = product.stars
    if (changes := _next_change(product, now)) is not None:
        held["changes"] = changes.timestamp()
    for name, some in of_product.items():
        kind = fields[name].kind
        held[name] = list(dict.fromkeys(map(str, some))) if kind is Kind.NAMED else some[0]
    pairs = [
        (variant, one) for variant in product.variants for one in _entries(variant, plan, fields, of_variants, now)
    ]
    made = Document(product.id, held, variants=tuple(one for _, one in pairs))
    return Described(made, tuple(variant for variant, _ in pairs))


def _entries(
    variant: Variant,
    plan: Plan,
    fields: Mapping[str, PlannedField],
    given: Mapping[str, list[str | float | bool]],
    now: datetime,
) -> Iterator[Mapping[str, Value]]:
    """The values of a variant: several where the product's attributes list several values of what it has not said."""
    price = variant.price_at(now)
    own: dict[str, Value] = {"stock": variant.can_order()}
    if price.currency == plan.currency:
        own["price"] = price.minor
    for name, value in variant.options.items():
        own |= {field.name: one for field, one in _read(canonical(name), name, value, fields, amount_of(value))}
    open_ones = {name: some for name, some in given.items() if name not in own}
    for number, chosen in enumerate(combined(*open_ones.values())):
        if number == COMBINED_MAX:
            break
        yield own | dict(zip(open_ones, chosen, strict=True))


def _read(
    word: str, name: str, value: str, fields: Mapping[str, PlannedField], measured: tuple[float, str] | None
) -> Iterator[tuple[PlannedField, str | float | bool]]:
    """The fields that a value belongs to, with what it is there."""
    flag = fields.get(field_name(word, Kind.FLAG))
    if flag is not None and (said := yes_or_no(value)) is not None:
        yield flag, said
    number = fields.get(field_name(word, Kind.NUMBER))
    if number is not None and measured is not None:
        held = measured[0] if number.unit == word and not measured[1] else in_unit(*measured, number.unit)
        if held is not None:
            yield number, held
    named = fields.get(field_name(word, Kind.NAMED))
    if named is not None and (measured is None or word == "size"):
        parts = [value.strip()] if named.of_variant else listed(name, value)
        yield from ((named, one) for one in parts)


def _facts(product: Product) -> str:
    """The attributes in words: "material recycled nylon, windproof"; what it is not or has not is not among them."""
    told = []
    for one in product.attributes:
        said = yes_or_no(one.value)
        if said is not False:
            told.append(one.name if said else f"{one.name} {one.value}")
    return ", ".join(told)


def _next_change(product: Product, now: datetime) -> datetime | None:
    """When the next sale of the product begins or ends."""
    times = (time for one in product.variants if one.sale_price for time in (one.sale_from, one.sale_until))
    return min((time for time in times if time is not None and time > now), default=None)

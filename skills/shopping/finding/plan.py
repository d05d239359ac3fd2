"""How a shop's products are indexed: the fields of its schema and what they mean, learnt from the products."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from enum import StrEnum

from pydantic import Field as Default

from search_index import BooleanField, KeywordField, NumberField, Schema, TextField
from search_index.schema import Field
from search_index.understanding import Brand, Colour, Flag, Meaning, Named, Price, Quantity, Rating
from skills.message import Message
from skills.shopping.finding.values import (
    AUDIENCE_NAMES,
    AUDIENCES,
    COLOURS,
    MATERIALS,
    PLAIN,
    SIZE_NAMES,
    SIZES,
    SOFT,
    amount,
    amount_of,
    listed,
    yes_or_no,
)
from skills.shopping.money import digits
from skills.shopping.product import Product

LEAST_PRODUCTS = 2
FIELDS_MAX = 80
"""Attributes with a field of their own: those that most products have."""
MOSTLY = 0.8
"""Share of an attribute's values that decides what it is, and of the products of its categories that have it from
which a filter on it hides nothing that fits."""
COUNTED_VALUES = 300
"""Different values of an attribute that are counted while it is learnt."""
LONGEST_VALUE = 40
"""Characters; what is longer is a text."""
SYNONYMS = {
    "persons": ("people", "person"), "battery life": ("battery",), "screen size": ("screen", "display"),
    "display size": ("display", "screen"), "memory": ("ram",), "ram": ("memory",), "storage": ("ssd", "disk space"),
}  # fmt: skip


class Kind(StrEnum):
    """What an attribute's values are."""

    NAMED = "named"
    NUMBER = "number"
    FLAG = "flag"


class PlannedField(Message):
    """A field of the index made from an attribute or an option called `word`."""

    name: str
    word: str
    kind: Kind
    unit: str = ""
    strict: bool = True
    several: bool = False
    """A product usually has many of its values at once."""
    of_variant: bool = False
    """An option: each variant has its own."""


class Plan(Message):
    """A shop's fields beside those that all shops have; `form` is raised when documents are made differently."""

    currency: str
    fields: tuple[PlannedField, ...] = ()
    form: int = Default(default=1)

    def index_schema(self) -> Schema:
        """What the index of the shop keeps."""
        fields: dict[str, Field] = {
            "title": TextField(weight=3.0, sound=True),
            "category": KeywordField(many=True, weight=2.0),
            "department": KeywordField(),
            "brand": KeywordField(weight=1.0),
            "description": TextField(),
            "facts": TextField(weight=0.8),
            "price": NumberField(many=True),
            "stock": BooleanField(),
            "stars": NumberField(),
            "popularity": NumberField(),
            "orderable": NumberField(),
            "changes": NumberField(),
        }
        for one in self.fields:
            match one.kind:
                case Kind.NAMED:
                    fields[one.name] = KeywordField(many=True)
                case Kind.NUMBER:
                    fields[one.name] = NumberField(many=one.of_variant)
                case Kind.FLAG:
                    fields[one.name] = BooleanField()
        own = (one.name for one in self.fields if one.of_variant)
        return Schema("products", fields, ("price", "stock", *own))

    def meanings(self) -> dict[str, Meaning]:
        """What the fields mean to people."""
        found: dict[str, Meaning] = {
            "price": Price(self.currency, 10 ** digits(self.currency)),
            "brand": Brand(),
            "category": Named("category", strict=False),
            "stars": Rating(),
            "stock": Flag(("in stock", "available now", "available")),
        }
        return found | {one.name: _meaning(one) for one in self.fields}


def _meaning(field: PlannedField) -> Meaning:
    if field.kind is Kind.FLAG:
        return Flag((field.word,))
    if field.kind is Kind.NUMBER:
        return Quantity(field.unit, (field.word, *SYNONYMS.get(field.word, ())))
    if field.name == "colour":
        return Colour()
    aliases: dict[str, str] = {}
    if field.name == "size":
        aliases = SIZE_NAMES
    if field.name == "audience":
        aliases = {other: value for value, others in AUDIENCE_NAMES.items() for other in others}
    return Named(field.word, aliases, field.strict, field.several)


class _Seen:
    """What is counted of one attribute or option."""

    def __init__(self) -> None:
        self.products = 0
        self.yes_no = 0
        self.units: Counter[str] = Counter()
        self.values: Counter[str] = Counter()
        self.listed = 0
        self.long = 0
        self.categories: Counter[str] = Counter()


def learn(products: Iterable[Product], currency: str) -> Plan:
    """The plan for these products, of which none is kept in memory."""
    attributes: dict[str, _Seen] = defaultdict(_Seen)
    options: dict[str, _Seen] = defaultdict(_Seen)
    categories: Counter[str] = Counter()
    for product in products:
        narrowest = product.categories[-1] if product.categories else ""
        categories[narrowest] += 1
        for attribute in product.attributes:
            seen = attributes[canonical(attribute.name)]
            _count(seen, narrowest, attribute.name, attribute.value, amount(attribute))
        for name, values in product.options.items():
            for value in values:
                _count(options[canonical(name)], narrowest, name, value, amount_of(value))
    found = [
        field
        for name, seen in sorted({**attributes, **options}.items(), key=lambda item: -item[1].products)
        if (field := _planned(name, seen, categories, name in options)) is not None
    ]
    found += [
        field
        for name in options.keys() & attributes.keys()
        if (field := _planned(name, attributes[name], categories, False)) is not None
        and field.name not in {one.name for one in found}
    ]
    kept = sorted(found[:FIELDS_MAX], key=lambda one: one.name)
    return Plan(currency=currency, fields=tuple(kept))


def canonical(name: str) -> str:
    """One name for what shops call differently."""
    name = " ".join(name.casefold().split())
    for names, one in ((COLOURS, "colour"), (SIZES, "size"), (MATERIALS, "material"), (AUDIENCES, "audience")):
        if name in names:
            return one
    return name


def field_name(word: str, kind: Kind) -> str:
    """The index's name for an attribute; one that is named and measured has two fields."""
    if word in ("colour", "size", "material", "audience") and kind is Kind.NAMED:
        return word
    slug = re.sub(r"[^a-z0-9]+", "_", word).strip("_")[:48] or f"x{sum(map(ord, word))}"
    return f"{kind.value}_{slug}"


def _count(seen: _Seen, category: str, name: str, value: str, measured: tuple[float, str] | None) -> None:
    if canonical(name) == "size":
        measured = None  # "27 in" is a size as "XL" is
    seen.products += 1
    seen.categories[category] += 1
    if yes_or_no(value) is not None:
        seen.yes_no += 1
    elif measured is not None:
        seen.units[measured[1]] += 1
    else:
        parts = listed(name, value)
        seen.listed += len(parts)
        seen.long += any(len(one) > LONGEST_VALUE for one in parts)
        for one in parts:
            if one in seen.values or len(seen.values) < COUNTED_VALUES:
                seen.values[one] += 1


def _planned(word: str, seen: _Seen, categories: Counter[str], of_variant: bool) -> PlannedField | None:
    """The field for what was seen; None for what is seldom, or a text."""
    if seen.products < LEAST_PRODUCTS:
        return None
    if seen.yes_no >= MOSTLY * seen.products:
        return PlannedField(name=field_name(word, Kind.FLAG), word=word, kind=Kind.FLAG, of_variant=of_variant)
    measured = seen.units.total()
    if measured >= MOSTLY * seen.products:
        unit = seen.units.most_common(1)[0][0] or word
        name = field_name(word, Kind.NUMBER)
        return PlannedField(name=name, word=word, kind=Kind.NUMBER, unit=unit, of_variant=of_variant)
    named = seen.values.total()
    if not named or seen.long > (1 - MOSTLY) * seen.products or len(seen.values) >= COUNTED_VALUES:
        return None
    is_known = word in ("colour", "size", "material", "audience")
    filled = seen.products / max(1, sum(categories[one] for one in seen.categories))
    plain = any(value.casefold() in PLAIN for value in seen.values)
    strict = is_known or (filled >= MOSTLY and word not in SOFT and not plain and not of_variant)
    several = word != "colour" and not of_variant and seen.listed > 1.5 * max(1, named and seen.products)
    return PlannedField(
        name=field_name(word, Kind.NAMED),
        word=word,
        kind=Kind.NAMED,
        strict=strict,
        several=several,
        of_variant=of_variant,
    )

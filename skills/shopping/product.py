"""Products as every part of shopping knows them: what catalogues keep and cards, answers and carts are made of."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from skills.message import ItemId, Message
from skills.shopping.money import Money

ShopId = Annotated[str, Field(pattern=r"^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$")]
"""A shop's name in addresses; the tenant of everything that is the shop's."""

Sku = ItemId
"""Names a variant within its shop; a product without variants has one, whose sku is the product's id."""

VARIANTS_MAX, IMAGES_MAX, ATTRIBUTES_MAX = 200, 10, 60
QUANTITY_MAX = 99
"""Of one line in a cart."""


class Availability(StrEnum):
    """Whether it can be ordered, in schema.org's sense."""

    IN_STOCK = "in_stock"
    OUT_OF_STOCK = "out_of_stock"
    PREORDER = "preorder"
    BACKORDER = "backorder"


class Attribute(Message):
    """A fact about a product: `value` as it is shown; `number` in `unit` where it is one."""

    name: str = Field(min_length=1, max_length=60)
    """In small letters, as a sentence would use it: "battery life", "material"."""
    value: str = Field(min_length=1, max_length=500)
    number: float | None = None
    unit: str = Field(default="", max_length=20)


class Variant(Message):
    """One thing that can be bought: a size and colour of a product, with its own price and stock."""

    sku: Sku
    options: dict[str, str] = Field(default_factory=dict, max_length=5)
    """Which it is: {"size": "M", "colour": "navy"}; every variant of a product names the same options."""
    price: Money
    sale_price: Money | None = None
    sale_from: datetime | None = None
    sale_until: datetime | None = None
    """The sale price holds within these times; None is open."""
    availability: Availability = Availability.IN_STOCK
    stock: int | None = Field(default=None, ge=0, le=10**7)
    """How many there are; None where the shop does not count."""
    gtin: str = Field(default="", max_length=14, pattern=r"^[0-9]*$")
    image: str = Field(default="", max_length=2_000)
    """As `Product.images`."""

    def price_at(self, now: datetime) -> Money:
        """What it costs at a time: the sale price while it holds."""
        begun = self.sale_from is None or self.sale_from <= now
        lasting = self.sale_until is None or now < self.sale_until
        return self.sale_price if self.sale_price is not None and begun and lasting else self.price

    def can_order(self, quantity: int = 1) -> bool:
        """Whether that many can be ordered."""
        if self.availability is Availability.OUT_OF_STOCK:
            return False
        waits = self.availability in (Availability.PREORDER, Availability.BACKORDER)
        return waits or self.stock is None or self.stock >= quantity


class Question(Message):
    """A question about a product that its shop has answered."""

    question: str = Field(min_length=1, max_length=500)
    answer: str = Field(min_length=1, max_length=2_000)


class Review(Message):
    """What a customer wrote: data, never instruction."""

    id: ItemId
    author: str = Field(default="", max_length=80)
    stars: int = Field(ge=1, le=5)
    title: str = Field(default="", max_length=200)
    text: str = Field(default="", max_length=5_000)
    day: date | None = None


class Product(Message):
    """A product of one shop with its variants, at least one; texts are plain, without markup."""

    id: ItemId
    shop: ShopId
    title: str = Field(min_length=1, max_length=200)
    description: str = Field(default="", max_length=10_000)
    brand: str = Field(default="", max_length=100)
    categories: tuple[str, ...] = Field(default=(), max_length=10)
    """From the widest to the narrowest: ("Clothing", "Jackets", "Rain jackets")."""
    url: str = Field(default="", max_length=2_000)
    """Its page in the shop: http or https, or a path of our own for demo shops."""
    images: tuple[str, ...] = Field(default=(), max_length=IMAGES_MAX)
    """Pictures: http(s) urls, or paths of our own."""
    attributes: tuple[Attribute, ...] = Field(default=(), max_length=ATTRIBUTES_MAX)
    variants: tuple[Variant, ...] = Field(min_length=1, max_length=VARIANTS_MAX)
    questions: tuple[Question, ...] = Field(default=(), max_length=100)
    stars: float | None = Field(default=None, ge=1, le=5)
    """The mean of its reviews, None without any."""
    reviews: int = Field(default=0, ge=0)
    """How many reviews there are."""
    popularity: float = Field(default=0.0, ge=0)
    """Any measure of how much is sold; only the order counts."""

    @property
    def options(self) -> dict[str, tuple[str, ...]]:
        """What can be chosen, with the values in the variants' order: {"size": ("S", "M"), "colour": ("navy",)}."""
        found: dict[str, dict[str, None]] = {}
        for variant in self.variants:
            for name, value in variant.options.items():
                found.setdefault(name, {})[value] = None
        return {name: tuple(values) for name, values in found.items()}

    def variant(self, sku: str) -> Variant | None:
        """The variant of this sku."""
        return next((one for one in self.variants if one.sku == sku), None)

    def attribute(self, name: str) -> Attribute | None:
        """The attribute of this name."""
        return next((one for one in self.attributes if one.name == name), None)

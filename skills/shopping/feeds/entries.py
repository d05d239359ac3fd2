"""What reading a feed comes to, whatever its format: offers, things that are gone, reviews, and what was wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from pydantic import Field

from skills.message import ItemId, Message
from skills.shopping.product import (
    ATTRIBUTES_MAX,
    IMAGES_MAX,
    Attribute,
    Question,
    Review,
    Variant,
)


class Offer(Message):
    """One row of a feed: a variant with what the row says of its product, or a product's row without any variant.

    Rows of the same `product` become one product.
    """

    product: ItemId
    row: int
    variant: Variant | None = None
    sizes: dict[str, str] = Field(default_factory=dict)
    """What may set it apart from its product's other variants: {"size": "M", "material": "wool"}."""
    title: str = Field(default="", max_length=200)
    description: str = Field(default="", max_length=10_000)
    brand: str = Field(default="", max_length=100)
    categories: tuple[str, ...] = Field(default=(), max_length=10)
    url: str = Field(default="", max_length=2_000)
    images: tuple[str, ...] = Field(default=(), max_length=IMAGES_MAX)
    attributes: tuple[Attribute, ...] = Field(default=(), max_length=ATTRIBUTES_MAX)
    questions: tuple[Question, ...] = Field(default=(), max_length=100)
    stars: float | None = Field(default=None, ge=1, le=5)
    reviews: int = Field(default=0, ge=0)
    popularity: float = Field(default=0.0, ge=0)
    written: tuple[Review, ...] = Field(default=(), max_length=1_000)


@dataclass(frozen=True)
class Gone:
    """A product that its shop has no more."""

    product: str
    row: int


@dataclass(frozen=True)
class Written:
    """A review of a product that comes without the product."""

    product: str
    review: Review
    row: int


@dataclass(frozen=True)
class Problem:
    """What was wrong in a row: its number, from 1, as an editor or a spreadsheet counts; 0 is about the whole feed.

    A `fatal` one leaves the row out; with others, only the field is.
    """

    row: int
    field: str
    code: str
    message: str
    fatal: bool = True


Entry: TypeAlias = Offer | Gone | Written | Problem


class RowError(ValueError):
    """A row that cannot be used, raised where it is read; becomes a fatal `Problem`."""

    def __init__(self, field: str, code: str, message: str) -> None:
        super().__init__(message)
        self.field, self.code = field, code

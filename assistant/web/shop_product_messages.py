"""What is sent and answered about a shop's products and the imports of its feeds."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field

from skills.message import Message
from skills.shopping.feeds import Format, Mapping
from skills.shopping.importing import Import, Reported
from skills.shopping.money import Money
from skills.shopping.product import Availability, Product, Sku


class ImportOfUrl(Message):
    """A feed that is fetched."""

    url: str = Field(max_length=2_000)
    format: Format | None = None
    mapping: Mapping | None = None
    update: bool = False
    force: bool = False


class ImportAnswer(Message):
    """What an import that has asked is told: what the columns are, or that it is meant."""

    format: Format | None = None
    mapping: Mapping | None = None
    force: bool = False


class ImportReport(Message):
    """An import, and the first of what was wrong in its feed; `problems.csv` has all `problems_kept`."""

    state: Import
    problems: tuple[Reported, ...]
    problems_kept: int


class ImportList(Message):
    """A shop's imports, the latest first."""

    imports: tuple[Import, ...]


class VariantChange(Message):
    """What becomes of a variant; what is left out stays. `sale_price` null ends a sale, `stock` null the counting."""

    sku: Sku
    price: Money | None = None
    sale_price: Money | None = None
    sale_from: datetime | None = None
    sale_until: datetime | None = None
    stock: int | None = Field(default=None, ge=0, le=10**7)
    availability: Availability | None = None


class ProductChange(Message):
    """What becomes of a product; what is left out stays."""

    title: str | None = Field(default=None, min_length=1, max_length=200)
    description: str | None = Field(default=None, max_length=10_000)
    brand: str | None = Field(default=None, max_length=100)
    variants: tuple[VariantChange, ...] = Field(default=(), max_length=200)

    def applied(self, to: Product) -> dict[str, Any]:
        """The product as it is then, as JSON."""
        told = to.model_dump(mode="json")
        told |= {name: text for name in ("title", "description", "brand") if (text := getattr(self, name)) is not None}
        changes = {one.sku: one.model_dump(mode="json", exclude_unset=True) for one in self.variants}
        for variant in told["variants"]:
            change = changes.get(variant["sku"], {})
            never_null = ("price", "availability")
            variant |= {name: value for name, value in change.items() if value is not None or name not in never_null}
        return told

"""Icecat's catalogue of electronics as one more shop, with the facts that shoppers ask for."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from skills.shopping.money import Money
from skills.shopping.product import Attribute, Product, Variant
from skills.shopping.shop import Shop

SHOP = Shop(id="icecat", name="Icecat", currency="USD")
KINDS = (
    "toner cartridge", "ink cartridge", "notebook", "laptop", "monitor", "headphones", "headset", "keyboard", "mouse",
    "printer", "projector", "router", "switch", "processor", "motherboard", "graphics card", "hard drive", "battery",
    "camera", "scanner", "cable", "power adapter", "speaker", "smartphone", "tablet", "memory module", "server", "rack",
    "case", "charger", "coffee maker", "vacuum cleaner", "refrigerator", "washing machine", "television",
)  # fmt: skip
"""Nouns of titles that are taken for the categories, which the data does not have."""
_NUMBERS = {
    "internal_memory": ("memory", "GB"),
    "total_storage_capacity": ("storage", "GB"),
    "display_diagonal": ("screen size", "in"),
    "cable_length": ("cable length", "m"),
    "weight": ("weight", "g"),
}
_FLAGS = {"wi_fi": "wifi", "bluetooth": "bluetooth", "touchscreen": "touchscreen", "backlight": "backlight"}
_COLOURS = ("product_colour", "cable_colour")
_TEXTS = ("connector_1", "connector_2", "processor_family", "form_factor", "print_technology", "material")


def products(path: Path) -> Iterator[Product]:
    """Every row that has a price above nothing."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row: dict[str, Any] = json.loads(line)
            if row["price"] > 0:
                yield _product(row)


def _product(row: dict[str, Any]) -> Product:
    attributes = [
        Attribute(name=name, value=f"{row[key]:g} {unit}", number=row[key], unit=unit)
        for attribute, (name, unit) in _NUMBERS.items()
        if (key := f"attr_n_{attribute}") in row
    ]
    attributes += [
        Attribute(name=name, value="yes" if row[key] else "no")
        for attribute, name in _FLAGS.items()
        if (key := f"attr_b_{attribute}") in row
    ]
    colours = sorted({one.strip() for name in _COLOURS for one in row.get(f"attr_t_{name}", "").split(",")} - {""})
    if colours:
        attributes.append(Attribute(name="colour", value=", ".join(colours)[:500]))
    attributes += [
        Attribute(name=name.replace("_", " ").strip(" 12"), value=str(row[key])[:500])
        for name in _TEXTS
        if row.get(key := f"attr_t_{name}")
    ]
    title = " ".join(str(row["title"]).split())[:200]
    kind = next((one for one in KINDS if re.search(rf"\b{one}s?\b", title.casefold())), "")
    return Product(
        id=str(row["id"]),
        shop=SHOP.id,
        title=title,
        description=str(row.get("short_description") or "")[:4000],
        brand=str(row["supplier"])[:100],
        categories=(_plural(kind),) if kind else (),
        attributes=tuple(attributes),
        variants=(Variant(sku=str(row["id"]), price=Money(minor=int(row["price"]), currency=SHOP.currency)),),
    )


def _plural(kind: str) -> str:
    if kind.endswith(("s",)):
        return kind.capitalize()
    if kind == "battery":
        return "Batteries"
    return f"{kind}{'es' if kind.endswith(('switch', 'x')) else 's'}".capitalize()

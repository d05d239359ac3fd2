"""WooCommerce's product CSV: simple products, and variable ones whose variations name them as their parent."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pydantic import ValidationError

from skills.shopping.feeds import values
from skills.shopping.feeds.delimited import Record, Table
from skills.shopping.feeds.entries import Entry, Offer, Problem, RowError
from skills.shopping.feeds.making import Making
from skills.shopping.product import Attribute, Availability, Variant

_UNIT = re.compile(r"(weight|length|width|height) \(([^)]{1,10})\)")
ATTRIBUTES = 30
"""Columns of attributes that are looked at."""


def read(table: Table, currency: str) -> Iterator[Entry]:
    """Every row of a published product; a variable product stands before its variations."""
    parents: dict[str, str] = {}
    for record in table.records():
        if isinstance(record, Problem):
            yield record
            continue
        row = Record(record.row, {name.lower(): text for name, text in record.values.items()})
        making = Making(record.row)
        try:
            yield from _offers(row, parents, making, currency)
        except RowError as error:
            yield Problem(record.row, error.field, error.code, str(error))
        except ValidationError as error:
            yield making.invalid(error)
        yield from making.problems


def _offers(row: Record, parents: dict[str, str], making: Making, currency: str) -> Iterator[Offer]:
    kinds = {one.strip() for one in row.get("type").lower().split(",")}
    if kinds & {"grouped", "external"} or row.get("published") in ("0", "-1"):
        return
    sku = making.identity(row.get("sku", "id"), "SKU")
    product = sku
    if "variable" in kinds:
        parents |= {key: sku for key in (row.get("sku"), f"id:{row.get('id')}") if key}
    elif "variation" in kinds:
        parent = row.get("parent")
        if parent not in parents:
            raise RowError("Parent", "parent_unknown", f"There is no published product {parent[:60]!r} before it")
        product = parents[parent]
    options = _attributes(row)
    yield Offer(
        product=product,
        row=making.row,
        variant=None if "variable" in kinds else _variant(sku, row, making, currency),
        sizes=options if "variation" in kinds else {},
        title="" if "variation" in kinds else making.title(row.get("name"), "Name"),
        description=values.paragraphs(row.get("description", "short description"), 10_000),
        brand=values.line(row.get("brands", "brand", "marke"), 100),
        categories=making.categories(row.get("categories").split(",")[0]),
        images=making.images((one.strip() for one in row.get("images").split(",")), "Images"),
        attributes=making.attributes([] if "variation" in kinds else _facts(row, options, "variable" in kinds)),
    )


def _variant(sku: str, row: Record, making: Making, currency: str) -> Variant:
    price = values.price(row.get("regular price") or making.missing("Regular price"), currency, field="Regular price")
    during = f"{row.get('date sale price starts')}/{row.get('date sale price ends')}"
    sale, begins, ends = making.sale(row.get("sale price"), during, price, currency, field="Sale price")
    later = row.get("backorders allowed?").lower() in ("1", "notify", "yes")
    stated = row.get("in stock?").lower()
    availability = Availability.BACKORDER if later or stated == "backorder" else Availability.IN_STOCK
    if stated == "0" and not later:
        availability = Availability.OUT_OF_STOCK
    return Variant(
        sku=sku,
        price=price,
        sale_price=sale,
        sale_from=begins,
        sale_until=ends,
        availability=availability,
        stock=None if later else making.optional(values.count, row.get("stock"), "Stock"),
        gtin=making.gtin(row.get("gtin, upc, ean, or isbn", "gtin")),
        image=values.web_url(row.get("images").split(",")[0].strip()) if row.get("parent") else "",
    )


def _attributes(row: Record) -> dict[str, str]:
    """Attributes by name, as WooCommerce writes them: a column for the name, one for the values."""
    found: dict[str, str] = {}
    for place in range(1, ATTRIBUTES + 1):
        name, text = row.get(f"attribute {place} name"), row.get(f"attribute {place} value(s)")
        if name and text:
            name = values.line(name, 60).lower()
            found["colour" if name == "color" else name] = values.line(text, 500)
    return found


def _facts(row: Record, attributes: dict[str, str], is_variable: bool) -> Iterator[Attribute | None]:
    for name, text in attributes.items():
        # Of a variable product, several values are what its variations are about.
        if not (is_variable and "," in text):
            yield values.attribute(name, text)
    for column, text in row.values.items():
        if match := _UNIT.fullmatch(column):
            yield values.attribute(match[1], f"{text} {match[2]}")
    if tags := row.get("tags"):
        yield values.attribute("tags", tags)

"""Shopify's product CSV: the rows of a handle are one product, each a variant, a picture more, or both."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import ValidationError

from skills.shopping.feeds import values
from skills.shopping.feeds.delimited import Record, Table
from skills.shopping.feeds.entries import Entry, Offer, Problem, RowError
from skills.shopping.feeds.making import Making
from skills.shopping.product import Attribute, Availability, Variant

ONLY_ONE = "Default Title"
"""The option value of a product without options."""
_PLACES = ("1", "2", "3")


def read(table: Table, currency: str) -> Iterator[Entry]:
    """Every row; products that are drafts or not published are left out without a word."""
    handle, names, is_hidden = "", {}, False
    for record in table.records():
        if isinstance(record, Problem):
            yield record
            continue
        row = Record(record.row, {name.lower(): text for name, text in record.values.items()})
        making = Making(record.row)
        try:
            current = making.identity(row.get("handle", "url handle"), "Handle")
            if current != handle or row.get("title"):
                handle, is_hidden = current, _is_hidden(row)
                names = {place: row.get(f"option{place} name") for place in _PLACES}
            if not is_hidden:
                yield _offer(handle, names, row, making, currency)
        except RowError as error:
            yield Problem(record.row, error.field, error.code, str(error))
        except ValidationError as error:
            yield making.invalid(error)
        yield from making.problems


def _is_hidden(row: Record) -> bool:
    status = row.get("status").lower()
    return row.get("published", "published on online store").lower() == "false" or status in ("draft", "archived")


def _offer(handle: str, names: dict[str, str], row: Record, making: Making, currency: str) -> Offer:
    sizes = {
        _option(names[place]): values.line(text, 80)
        for place in _PLACES
        if (text := row.get(f"option{place} value")) and text != ONLY_ONE and names.get(place)
    }
    return Offer(
        product=handle,
        row=making.row,
        variant=_variant(handle, sizes, row, making, currency) if row.get("variant price", "price") else None,
        sizes=sizes,
        title=values.line(row.get("title"), 200),
        description=values.paragraphs(row.get("body (html)", "body html", "description"), 10_000),
        brand=values.line(row.get("vendor"), 100),
        categories=making.categories(row.get("product category", "type")),
        images=making.images(
            [row.get("image src", "product image url"), row.get("variant image", "variant image url")], "Image Src"
        ),
        attributes=making.attributes(_facts(row)),
    )


def _variant(handle: str, sizes: dict[str, str], row: Record, making: Making, currency: str) -> Variant:
    price = values.price(row.get("variant price", "price"), currency, field="Variant Price")
    before, sale = row.get("variant compare at price", "compare-at price", "compare at price"), None
    if before:
        regular = making.optional(
            lambda text, field: values.price(text, currency, field=field), before, "Variant Compare At Price"
        )
        if regular and price < regular:
            price, sale = regular, price
    stock = making.optional(
        values.count, row.get("variant inventory qty", "inventory quantity").lstrip("-"), "Variant Inventory Qty"
    )
    if row.get("variant inventory qty", "inventory quantity").startswith("-"):
        stock = 0  # sold more than there was
    is_counted = bool(row.get("variant inventory tracker", "inventory tracker")) or stock is not None
    goes_on = row.get("variant inventory policy", "continue selling when out of stock").lower() in ("continue", "true")
    return Variant(
        sku=values.identity(row.get("variant sku", "sku").lstrip("'"))
        or values.identity("-".join([handle, *sizes.values()])),
        price=price,
        sale_price=sale,
        availability=Availability.BACKORDER if goes_on and stock == 0 else Availability.IN_STOCK,
        stock=None if goes_on or not is_counted else stock,
        gtin=making.gtin(row.get("variant barcode", "barcode").lstrip("'")),
        image=values.web_url(row.get("variant image", "variant image url")),
    )


def _option(name: str) -> str:
    name = values.line(name, 40).lower()
    return "colour" if name == "color" else name


def _facts(row: Record) -> Iterator[Attribute | None]:
    grams = row.get("variant grams", "weight value (grams)")
    if grams and grams.strip("0.") != "":
        yield values.attribute("weight", f"{grams} g")
    if tags := row.get("tags"):
        yield values.attribute("tags", tags)
    for name, text in row.values.items():
        if "(product.metafields." in name:  # "Fabric (product.metafields.shopify.fabric)"
            yield values.attribute(name.partition("(")[0], text.replace("; ", ", "))

"""Naver Shopping's EP 3.0: tab-separated; a column `class` makes it a delta (I new, U changed, D gone)."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import ValidationError

from skills.shopping.feeds import values
from skills.shopping.feeds.delimited import Record, Table
from skills.shopping.feeds.entries import Entry, Gone, Offer, Problem, RowError
from skills.shopping.feeds.making import Making
from skills.shopping.money import Money
from skills.shopping.product import Attribute, Availability, Variant

CLASS = "class"

_FACTS = {
    "maker": "maker",
    "origin": "origin",
    "condition": "condition",
    "gender": "gender",
    "age_group": "age group",
    "goods_type": "goods type",
    "minimum_purchase_quantity": "minimum quantity",
    "installation_costs": "installation costs",
    "manufacture_define_number": "model number",
    "event_words": "promotion",
    "delivery_detail": "delivery",
}


def read(table: Table, currency: str) -> Iterator[Entry]:
    """Every row of a feed, whole or delta; each is a product of its own, with a variant for each of its options."""
    for record in table.records():
        if isinstance(record, Problem):
            yield record
            continue
        making = Making(record.row)
        try:
            identity = making.identity(record.get("id"), "id")
            match record.get(CLASS).upper():
                case "D":
                    yield Gone(identity, record.row)
                case "" | "I" | "U":
                    yield from _offers(identity, record, making, currency)
                case other:
                    raise RowError(CLASS, "class_unknown", f"{other[:20]!r} is none of I, U and D")
        except RowError as error:
            yield Problem(record.row, error.field, error.code, str(error))
        except ValidationError as error:
            yield making.invalid(error)
        yield from making.problems


def _offers(identity: str, record: Record, making: Making, currency: str) -> Iterator[Offer]:
    price = values.price(
        record.get("price_pc", "price_mobile") or making.missing("price_pc"), currency, field="price_pc"
    )
    normal = making.optional(
        lambda text, field: values.price(text, currency, field=field), record.get("normal_price"), "normal_price"
    )
    whole = Offer(
        product=identity,
        row=record.row,
        title=making.title(record.get("title")),
        brand=values.line(record.get("brand", "maker"), 100),
        categories=_categories(record),
        url=making.url(record.get("link", "mobile_link"), "link"),
        images=making.images([record.get("image_link"), *record.get("add_image_link").split("|")], "image_link"),
        attributes=making.attributes(_facts(record)),
        reviews=making.optional(values.count, record.get("review_count"), "review_count") or 0,
    )
    options = [one.split("^") for one in record.get("option_detail").split("|") if one.strip()]
    if not options:
        yield whole.model_copy(update={"variant": _variant(identity, price, normal, making, record)})
    seen = set()
    for option in options:
        name = values.line(option[0], 80)
        if not name or name in seen:
            making.left_out("option_detail", "option_invalid", f"{option[0][:40]!r} is no option, or is there twice")
            continue
        seen.add(name)
        own = (
            values.price(option[1], currency, field="option_detail") if len(option) > 1 and option[1].strip() else price
        )
        variant = _variant(values.identity(f"{identity}-{name}"), own, normal, making, record)
        yield whole.model_copy(update={"variant": variant, "sizes": {"option": name}})


def _variant(sku: str, price: Money, normal: Money | None, making: Making, record: Record) -> Variant:
    """With the price before a reduction where there is one."""
    reduced = normal is not None and price < normal
    return Variant(
        sku=sku,
        price=normal if normal is not None and reduced else price,
        sale_price=price if reduced else None,
        availability=Availability.BACKORDER if record.get("order_made").upper() == "Y" else Availability.IN_STOCK,
        gtin=making.gtin(record.get("barcode")),
    )


def _categories(record: Record) -> tuple[str, ...]:
    named = (values.line(record.get(f"category_name{place}"), 100) for place in range(1, 5))
    return tuple(name for name in named if name)


def _facts(record: Record) -> Iterator[Attribute | None]:
    for name, ours in _FACTS.items():
        if text := record.get(name):
            yield values.attribute(ours, text)
    if text := record.get("attribute"):
        yield values.attribute("features", text.replace("^", ", "))
    if text := record.get("search_tag"):
        yield values.attribute("tags", text.replace("|", ", "))
    if (text := record.get("shipping")) and text != "-1":
        yield values.attribute("shipping", "free" if text == "0" else text)

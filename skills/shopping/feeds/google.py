"""Google's product data specification, as text (TSV, CSV) or XML: https://support.google.com/merchants/answer/7052112."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import BinaryIO

from pydantic import ValidationError

from skills.media.errors import FeedError as XmlError
from skills.media.feeds.elements import Element, read_elements
from skills.shopping.errors import FeedError
from skills.shopping.feeds import values
from skills.shopping.feeds.delimited import Table
from skills.shopping.feeds.entries import Entry, Offer, Problem, RowError
from skills.shopping.feeds.making import Making
from skills.shopping.product import Attribute, Question, Variant

FEED_MAX = 2_000_000_000
"""Bytes of an XML feed."""

_OPTIONS = {"color": "colour", "size": "size", "material": "material", "pattern": "pattern"}
_FACTS = {
    "gender": "gender",
    "age_group": "age group",
    "size_type": "size type",
    "size_system": "size system",
    "energy_efficiency_class": "energy efficiency class",
    "multipack": "multipack",
    "product_length": "length",
    "product_width": "width",
    "product_height": "height",
    "product_weight": "weight",
    "shipping_weight": "shipping weight",
    "shipping": "shipping",
    "condition": "condition",
    "mpn": "mpn",
}

Fields = Mapping[str, Sequence[str]]
"""Values by Google's names; a sub-attribute's parts are joined by colons."""


def read_table(table: Table, currency: str) -> Iterator[Entry]:
    """A feed as text; attributes that may come several times are separated by commas, or have several columns."""
    names = {column: field_name(column) for column in table.columns}
    for record in table.records():
        if isinstance(record, Problem):
            yield record
            continue
        fields: dict[str, list[str]] = {}
        for column, text in record.values.items():
            name = names[column]
            several = split(text, ",") if name in _SEVERAL else [text]
            fields.setdefault(name, []).extend(several)
        yield from offer(fields, record.row, currency)


def read_xml(file: BinaryIO, currency: str) -> Iterator[Entry]:
    """A feed as RSS 2.0 or Atom; rows are counted by item.

    Raises:
        FeedError: `feed_broken`, `feed_entities`, `feed_too_deep`, `feed_too_large`.
    """
    file.seek(0)
    row = 0
    try:
        for element in read_elements(file, frozenset({"item", "atom:entry"}), FEED_MAX):
            if element.name not in ("item", "atom:entry"):
                continue  # the root, once everything in it was taken
            row += 1
            if element.too_large:
                yield Problem(row, "", "row_too_long", f"Line {element.line}: it has more than two million characters")
            else:
                yield from offer(_fields(element), row, currency)
    except XmlError as error:
        raise FeedError(error.code, str(error)) from error


def field_name(column: str) -> str:
    """Google's name of a column: "Image Link" and "g:image_link" are the same."""
    name = re.sub(r"[\s-]+", "_", column.strip().lower().removeprefix("g:"))
    name = re.sub(r"_\d+$", "", name) if not name.startswith("custom_label") else name
    return re.sub(r"\(.*\)$", "", name).strip("_")


def split(text: str, separator: str) -> list[str]:
    """Parts of a value, as they stand there; a backslash before a separator keeps it, and so do quotation marks."""
    if "\\" not in text and '"' not in text:
        return [part for one in text.split(separator) if (part := one.strip())]
    parts, start, quoted, escaped = [], 0, False, False
    for place, mark in enumerate(text):
        if escaped:
            escaped = False
        elif mark == "\\":
            escaped = True
        elif mark == '"':
            quoted = not quoted
        elif mark == separator and not quoted:
            parts.append(text[start:place].strip())
            start = place + 1
    return [one for one in [*parts, text[start:].strip()] if one]


def unquoted(part: str) -> str:
    """A part without what kept it together."""
    if len(part) > 1 and part[0] == part[-1] == '"':
        part = part[1:-1]
    return re.sub(r"\\(.)", r"\1", part)


def offer(fields: Fields, row: int, currency: str) -> Iterator[Entry]:
    """One item, and what is wrong with it."""
    making = Making(row)
    try:
        yield _offer(fields, making, currency)
    except RowError as error:
        yield Problem(row, error.field, error.code, str(error))
    except ValidationError as error:
        yield making.invalid(error)
    yield from making.problems


_SEVERAL = {"additional_image_link", "product_highlight", "product_detail", "question_and_answer", "shipping"}


def _offer(fields: Fields, making: Making, currency: str) -> Offer:
    def one(name: str) -> str:
        return next((text for text in fields.get(name, ()) if text), "")

    sku = making.identity(one("id"), "id")
    group = values.identity(one("item_group_id")) if one("item_group_id") else ""
    price = values.price(one("price") or making.missing("price"), currency)
    sale, begins, ends = making.sale(one("sale_price"), one("sale_price_effective_date"), price, currency)
    variant = Variant(
        sku=sku,
        price=price,
        sale_price=sale,
        sale_from=begins,
        sale_until=ends,
        availability=values.availability(one("availability") or "in_stock"),
        stock=making.optional(values.count, one("quantity") or one("sell_on_google_quantity"), "quantity"),
        gtin=making.gtin(one("gtin")),
        image=values.web_url(one("image_link")),
    )
    highlights = [values.line(unquoted(text), 300) for text in fields.get("product_highlight", ())]
    description = values.paragraphs(one("description"), 9_000)
    pictures = [one("image_link"), *fields.get("additional_image_link", ())]
    return Offer(
        product=group or sku,
        row=making.row,
        variant=variant,
        sizes={ours: text for name, ours in _OPTIONS.items() if (text := values.line(one(name), 80))},
        title=making.title(one("title")),
        description="\n".join(filter(None, [description, *highlights]))[:10_000],
        brand=values.line(one("brand"), 100),
        categories=making.categories(one("product_type") or one("google_product_category")),
        url=making.url(one("link"), "link"),
        images=making.images(pictures, "additional_image_link"),
        attributes=making.attributes([*_details(fields), *_facts(one)]),
        questions=tuple(_questions(fields.get("question_and_answer", ()))),
    )


def _facts(one: Callable[[str], str]) -> Iterator[Attribute | None]:
    for name, ours in _FACTS.items():
        text = one(name)
        if text and not (name == "condition" and text.lower() == "new") and not (name == "multipack" and text == "1"):
            yield values.attribute(ours, text.replace(":", ", ") if name == "shipping" else text)


def _details(fields: Fields) -> Iterator[Attribute | None]:
    """`section:name:value` or `name:value`; the section only sorts them."""
    for text in fields.get("product_detail", ()):
        parts = split(text, ":")
        if len(parts) >= 2:
            yield values.attribute(unquoted(parts[-2]), unquoted(parts[-1]))


def _questions(texts: Sequence[str]) -> Iterator[Question]:
    for text in texts[:100]:
        question, _, answer = text.partition(_BETWEEN) if _BETWEEN in text else _asked(text)
        question, answer = values.line(question, 500), values.paragraphs(answer, 2_000)
        if question and answer:
            yield Question(question=question, answer=answer)


_BETWEEN = "\x1f"
"""Between the parts of a sub-attribute that come apart already."""


def _asked(text: str) -> tuple[str, str, str]:
    parts = [unquoted(part) for part in split(text, ":")]
    return parts[0] if parts else "", ":", ": ".join(parts[1:])


def _fields(element: Element) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for child in element.children:
        name = child.name.rpartition(":")[2]
        if name == "link" and child.attributes.get("href"):
            fields.setdefault("link", []).append(child.attributes["href"])
        elif child.children and name == "question_and_answer":
            asked = child.first_text("g:question", "question"), child.first_text("g:answer", "answer")
            fields.setdefault(name, []).append(_BETWEEN.join(asked))
        elif child.children and not child.name.startswith(("atom:", "other:")):
            parts = [part.text.replace(":", "\\:") for part in child.children if part.text]
            fields.setdefault(name, []).append(":".join(parts))
        elif child.text or child.children:
            fields.setdefault(name, []).append(child.text or child.whole_text)
    # Google's own elements count for more than those of RSS and Atom that have the same name.
    for child in element.children:
        if child.name.startswith("g:") and child.text and child.name[2:] in ("title", "description", "link", "id"):
            fields[child.name[2:]] = [child.text]
    if "id" not in fields and fields.get("guid"):
        fields["id"] = fields["guid"]
    return fields

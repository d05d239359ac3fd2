"""Any other table: which column is what. The guess is shown, and nothing is imported before somebody confirms it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from pydantic import Field, ValidationError, field_validator

from skills.message import Message
from skills.shopping.errors import FeedError
from skills.shopping.feeds import values
from skills.shopping.feeds.delimited import COLUMNS_MAX, Record, Table
from skills.shopping.feeds.entries import Entry, Offer, Problem, RowError
from skills.shopping.feeds.making import Making
from skills.shopping.product import Availability, Variant

FIELDS = (
    "id", "group", "title", "description", "brand", "category", "price", "price_cents", "sale_price", "currency", "url",
    "image", "availability", "stock", "gtin", "stars", "reviews", "popularity", "ignore",
)  # fmt: skip
"""What a column can be, beside `option:NAME` and `attribute:NAME`."""
SEVERAL = {"description", "category", "image", "ignore"}
"""What several columns can be."""

_NAMES = {
    "id": "id sku productid itemid articlenumber artikelnummer itemnumber productcode code variantid 상품번호 상품코드",
    "group": "group groupid itemgroupid parentid parentsku productgroup masterid 그룹",
    "title": "title name productname producttitle itemname bezeichnung produktname artikelname 상품명 이름",
    "description": "description desc longdescription shortdescription productdescription beschreibung 상품설명 설명",
    "brand": "brand vendor manufacturer maker supplier marke hersteller 브랜드 제조사",
    "category": "category categories categoryname producttype categorypath department kategorie 카테고리 분류",
    "price": "price listprice regularprice retailprice unitprice preis verkaufspreis 가격 판매가 정가",
    "price_cents": "pricecents priceincents pricepence",
    "sale_price": "saleprice specialprice discountprice offerprice angebotspreis sonderpreis 할인가 세일가",
    "currency": "currency currencycode waehrung währung 통화",
    "url": "url link producturl productlink weblink page 링크 상품url",
    "image": "image images imageurl imagelink picture pictures photo thumbnail mainimage bild bildurl 이미지 사진",
    "availability": "availability available instock stockstatus verfügbarkeit verfuegbarkeit 재고상태",
    "stock": "stock quantity qty inventory stockquantity inventoryquantity bestand lagerbestand menge 재고 수량",
    "gtin": "gtin ean upc barcode ean13 isbn 바코드",
    "stars": "stars rating averagerating bewertung 평점",
    "reviews": "reviews reviewcount numberofreviews ratingcount 리뷰수",
    "popularity": "popularity sales salesrank sold orders beliebtheit 인기 판매량",
}
_MEANT = {name: field for field, names in _NAMES.items() for name in names.split()}
_OPTIONS = {
    "size": "size",
    "color": "colour",
    "colour": "colour",
    "farbe": "colour",
    "größe": "size",
    "groesse": "size",
    "색상": "colour",
    "사이즈": "size",
}
SHOWN = 5
"""Rows that are shown beside a guess."""
_LONG = 300
"""Characters of a value that is a text rather than a fact."""


class Mapping(Message):
    """What each column of a table is."""

    columns: dict[str, str] = Field(max_length=COLUMNS_MAX)
    """By the column's name: one of `FIELDS`, `option:NAME` or `attribute:NAME`; columns not named are left out."""
    encoding: str = Field(default="", max_length=20)
    delimiter: str = Field(default="", max_length=1)
    """Both are found out where they are empty."""

    @field_validator("columns")
    @classmethod
    def _known(cls, columns: dict[str, str]) -> dict[str, str]:
        for column, field in columns.items():
            kind, _, name = field.partition(":")
            if field not in FIELDS and not (kind in ("option", "attribute") and 0 < len(name) <= 60):
                raise ValueError(f"column {column[:60]!r}: {field[:60]!r} is no field")
        used = [field for field in columns.values() if field not in SEVERAL]
        twice = next((field for field in used if used.count(field) > 1), None)
        if twice:
            raise ValueError(f"two columns are {twice!r}")
        return columns


class Proposal(Message):
    """A guess with some rows of the table, for somebody to confirm."""

    mapping: Mapping
    columns: tuple[str, ...]
    rows: tuple[dict[str, str], ...]
    missing: tuple[str, ...]
    """What no column was taken for though every product needs it."""


def propose(table: Table) -> Proposal:
    """Guess what the columns are, by their names and by what is in them."""
    rows = list(islice((one for one in table.records() if isinstance(one, Record)), 50))
    columns: dict[str, str] = {}
    taken: set[str] = set()
    for column in filter(None, table.columns):
        texts = [row.values[column] for row in rows if column in row.values]
        field = _guess(column, texts, taken)
        columns[column] = field
        taken.add(field)
    mapping = Mapping(columns=columns, encoding=table.encoding, delimiter=table.delimiter)
    shown = tuple({name: text[:200] for name, text in row.values.items()} for row in rows[:SHOWN])
    return Proposal(mapping=mapping, columns=tuple(table.columns), rows=shown, missing=missing(mapping))


def missing(mapping: Mapping) -> tuple[str, ...]:
    """What every product needs and no column is."""
    there = set(mapping.columns.values())
    lacking = [name for name in ("id", "title") if name not in there]
    return tuple(lacking if there & {"price", "price_cents"} else [*lacking, "price"])


def read(table: Table, mapping: Mapping, currency: str) -> Iterator[Entry]:
    """Every row; rows of the same `group` are one product.

    Raises:
        FeedError: `feed_mapping`, it names columns that are not there, or lacks one that every product needs.
    """
    strangers = [column for column in mapping.columns if column not in table.columns]
    if strangers:
        raise FeedError("feed_mapping", f"There is no column {strangers[0][:60]!r} in the feed")
    if lacking := missing(mapping):
        raise FeedError("feed_mapping", f"No column is the {lacking[0]}")
    by_field: dict[str, list[str]] = {}
    for column, field in mapping.columns.items():
        by_field.setdefault(field, []).append(column)
    for record in table.records():
        if isinstance(record, Problem):
            yield record
            continue
        making = Making(record.row)
        try:
            yield _offer(record, by_field, making, currency)
        except RowError as error:
            yield Problem(record.row, error.field, error.code, str(error))
        except ValidationError as error:
            yield making.invalid(error)
        yield from making.problems


def _guess(column: str, texts: Sequence[str], taken: set[str]) -> str:
    name = re.sub(r"[\W_]+", "", column.lower())
    field = _MEANT.get(name) or _MEANT.get(re.sub(r"^(?:product|item|variant|artikel)", "", name), "")
    if field in SEVERAL or (field and field not in taken and _fits(field, texts)):
        return field
    if name in _OPTIONS and f"option:{_OPTIONS[name]}" not in taken:
        return f"option:{_OPTIONS[name]}"
    label = values.line(column.replace("_", " "), 60).lower()
    is_fact = texts and label and not any(len(text) > _LONG or text.startswith("http") for text in texts)
    return f"attribute:{label}" if is_fact and f"attribute:{label}" not in taken else "ignore"


def _fits(field: str, texts: Sequence[str]) -> bool:
    """Whether most values can be what the name says."""
    read = {
        "price": lambda text: values.price(text, _any_currency(text)),
        "price_cents": lambda text: values.count(text, field, 10**12),
        "sale_price": lambda text: values.price(text, _any_currency(text)),
        "stock": lambda text: values.count(text, field),
        "stars": lambda text: values.stars(text),
        "reviews": lambda text: values.count(text, field),
        "availability": values.availability,
    }.get(field)
    if read is None or not texts:
        return True

    def can(text: str) -> bool:
        try:
            read(text)
        except RowError as error:
            return error.code in ("currency_other", "price_ambiguous")
        return True

    return sum(map(can, texts)) > len(texts) / 2


def _any_currency(text: str) -> str:
    code = re.search(r"[A-Z]{3}", text)
    return code[0] if code else "USD"


def _offer(record: Record, by_field: dict[str, list[str]], making: Making, currency: str) -> Offer:
    def one(field: str) -> str:
        return record.get(*by_field.get(field, ()))

    def every(field: str) -> list[str]:
        return [record.values[column] for column in by_field.get(field, ()) if column in record.values]

    sku = making.identity(one("id"), "id")
    amount = f"{one('price') or making.missing('price')} {one('currency')}" if "price" in by_field else ""
    price = (
        values.price(amount, currency)
        if amount
        else values.price(f"{one('price_cents') or making.missing('price')} {one('currency')}", currency, minor=True)
    )
    sale, _, _ = making.sale(one("sale_price"), "", price, currency)
    stated = one("availability")
    variant = Variant(
        sku=sku,
        price=price,
        sale_price=sale,
        availability=values.availability(stated) if stated else Availability.IN_STOCK,
        stock=making.optional(values.count, one("stock"), "stock"),
        gtin=making.gtin(one("gtin")),
        image=next(filter(None, (values.web_url(text) for text in every("image"))), ""),
    )
    pictures = [part for text in every("image") for part in re.split(r"[,|\s]+(?=https?://)", text)]
    paths = every("category")
    options = {field[7:]: values.line(one(field), 80) for field in by_field if field.startswith("option:")}
    facts = (values.attribute(field[10:], one(field)) for field in by_field if field.startswith("attribute:"))
    return Offer(
        product=values.identity(one("group")) or sku,
        row=making.row,
        variant=variant,
        sizes={name: text for name, text in options.items() if text},
        title=making.title(one("title")),
        description="\n".join(values.paragraphs(text, 5_000) for text in every("description"))[:10_000],
        brand=values.line(one("brand"), 100),
        categories=making.categories(" > ".join(re.sub(r"\s*[|/]\s*", " > ", text) for text in paths)),
        url=making.url(one("url"), "url"),
        images=making.images(pictures, "image"),
        attributes=making.attributes(facts),
        stars=making.optional(lambda text, field: values.stars(text, field=field), one("stars"), "stars"),
        reviews=making.optional(values.count, one("reviews"), "reviews") or 0,
        popularity=float(making.optional(values.count, one("popularity"), "popularity") or 0),
    )

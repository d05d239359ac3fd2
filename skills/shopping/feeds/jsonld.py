"""schema.org's Product, ProductGroup, Offer and Review as JSON-LD: a file, lines, an array, a @graph, or a web page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from pydantic import ValidationError

from skills.shopping.feeds import values
from skills.shopping.feeds.entries import Entry, Offer, Problem, RowError
from skills.shopping.feeds.json_values import json_values
from skills.shopping.feeds.making import Making
from skills.shopping.feeds.review_rows import review_id
from skills.shopping.money import Money
from skills.shopping.product import Attribute, Availability, Question, Review, Variant

Node = Mapping[str, Any]

_OPTIONS = {"color": "colour", "size": "size", "material": "material", "pattern": "pattern"}
_FACTS = ("weight", "height", "width", "depth", "model", "mpn", "releaseDate", "countryOfOrigin", "award")
_LIST_PRICES = ("listprice", "strikethroughprice", "msrp", "srp")
NESTED_MAX = 8
"""How deep products are looked for within something else."""


def read(file: BinaryIO, encoding: str, currency: str) -> Iterator[Entry]:
    """Every product that there is, counted by the JSON values of the file; what else is in it is passed over."""
    for row, value in json_values(file, encoding):
        if isinstance(value, Problem):
            yield value
            continue
        for node in _products(value, 0):
            yield from _offers(node, row, currency)


def _products(value: Any, depth: int) -> Iterator[Node]:
    """Products and groups of them, wherever they stand."""
    if depth > NESTED_MAX:
        return
    if isinstance(value, list):
        for one in value:
            yield from _products(one, depth + 1)
    elif isinstance(value, dict):
        if _types(value) & {"Product", "ProductGroup", "IndividualProduct", "ProductModel"}:
            yield value
            return
        for name in ("@graph", "mainEntity", "itemListElement", "item"):
            if name in value:
                yield from _products(value[name], depth + 1)


def _offers(node: Node, row: int, currency: str) -> Iterator[Entry]:
    """The offers of one product, or of all variants of one group."""
    making = Making(row)
    try:
        group = _one(node.get("isVariantOf"))
        variants = [one for one in _list(node.get("hasVariant")) if isinstance(one, dict)]
        if variants:
            product = making.identity(_text(node, "productGroupID") or _identity(node), "productGroupID")
            yield _offer(node, product, making, None, {})
            for variant in variants:
                yield from _variant_offers(variant, product, row, currency)
        elif "ProductGroup" in _types(node):
            yield _offer(
                node, making.identity(_text(node, "productGroupID") or _identity(node), "sku"), making, None, {}
            )
        else:
            whose = (_text(group, "productGroupID") or _text(group, "@id")) if group else ""
            product = values.identity(whose) or making.identity(_identity(node), "sku")
            yield _offer(node, product, making, _variant(node, making, currency), _sizes(node) if whose else {})
    except RowError as error:
        yield Problem(row, error.field, error.code, str(error))
    except ValidationError as error:
        yield making.invalid(error)
    yield from making.problems


def _variant_offers(node: Node, product: str, row: int, currency: str) -> Iterator[Entry]:
    making = Making(row)
    try:
        yield _offer(node, product, making, _variant(node, making, currency), _sizes(node), is_part=True)
    except RowError as error:
        yield Problem(row, error.field, error.code, str(error))
    except ValidationError as error:
        yield making.invalid(error)
    yield from making.problems


def _offer(
    node: Node, product: str, making: Making, variant: Variant | None, sizes: dict[str, str], *, is_part: bool = False
) -> Offer:
    rating = _one(node.get("aggregateRating"))
    category = next(
        (text for one in _list(node.get("category")) if (text := _name(one)) and not text.startswith("http")), ""
    )
    title = values.line(_text(node, "name"), 200)
    return Offer(
        product=product,
        row=making.row,
        variant=variant,
        sizes=sizes,
        title="" if is_part else making.title(title, "name"),
        description=values.paragraphs(_text(node, "description"), 10_000),
        brand=values.line(_name(node.get("brand") or node.get("manufacturer")), 100),
        categories=making.categories(category.replace("/", " > ") if ">" not in category else category),
        url=making.url(_text(node, "url"), "url"),
        images=making.images((_link(one) for one in _list(node.get("image"))), "image"),
        attributes=making.attributes([] if is_part else _facts(node, sizes)),
        questions=tuple(_questions(node)),
        stars=_stars(rating, making),
        reviews=making.optional(
            values.count, _text(rating, "reviewCount") or _text(rating, "ratingCount"), "reviewCount"
        )
        or 0,
        written=tuple(_reviews(node, product, making))[:1_000],
    )


def _variant(node: Node, making: Making, currency: str) -> Variant:
    offer = _best_offer(node)
    price, sale, until = _price(offer, making, currency)
    stock = _one(offer.get("inventoryLevel")) if isinstance(offer.get("inventoryLevel"), dict | list) else None
    left = _text(stock, "value") if stock else _text(offer, "inventoryLevel")
    stated = _text(offer, "availability")
    code = next((text for name in ("gtin13", "gtin", "gtin12", "gtin14", "gtin8") if (text := _text(node, name))), "")
    return Variant(
        sku=making.identity(_identity(node) or _text(offer, "sku"), "sku"),
        price=price,
        sale_price=sale,
        sale_until=until,
        availability=values.availability(stated) if stated else Availability.IN_STOCK,
        stock=making.optional(values.count, left, "inventoryLevel"),
        gtin=making.gtin(code),
        image=next(filter(None, (values.web_url(_link(one)) for one in _list(node.get("image")))), ""),
    )


def _best_offer(node: Node) -> Node:
    offers = [one for one in _list(node.get("offers")) if isinstance(one, dict)]
    inner = [one for offer in offers for one in _list(offer.get("offers")) if isinstance(one, dict)]
    return (inner or offers or [{}])[0]


def _price(offer: Node, making: Making, currency: str) -> tuple[Money, Money | None, Any]:
    """(price, sale price, until when) of an offer; a list price above it makes it a sale."""
    parts = [one for one in _list(offer.get("priceSpecification")) if isinstance(one, dict)]
    before = next((one for one in parts if _kind(one) in _LIST_PRICES), None)
    now: Node = next((one for one in parts if one is not before), {}) if parts and "price" not in offer else offer
    amount = _text(now, "price") or _text(offer, "lowPrice") or _text(offer, "price")
    stated = _text(now, "priceCurrency") or _text(offer, "priceCurrency")
    price = values.price(f"{amount or making.missing('price')} {stated}", currency)
    if before is None:
        return price, None, None
    regular = values.price(f"{_text(before, 'price')} {_text(before, 'priceCurrency') or stated}", currency)
    if not price < regular:
        return price, None, None
    until = _text(now, "validThrough") or _text(offer, "priceValidUntil")
    return regular, price, making.optional(values.moment, until, "priceValidUntil")


def _kind(specification: Node) -> str:
    return _text(specification, "priceType").rsplit("/", 1)[-1].lower()


def _sizes(node: Node) -> dict[str, str]:
    found = {ours: values.line(_name(node.get(name)), 80) for name, ours in _OPTIONS.items() if node.get(name)}
    return {name: text for name, text in found.items() if text}


def _facts(node: Node, sizes: Mapping[str, str]) -> Iterator[Attribute | None]:
    for name, ours in _OPTIONS.items():
        if node.get(name) and ours not in sizes:
            yield values.attribute(ours, ", ".join(filter(None, map(_name, _list(node[name])))))
    for part in _list(node.get("additionalProperty")):
        if isinstance(part, dict):
            unit = _text(part, "unitText") or _text(part, "unitCode")
            text = ", ".join(filter(None, map(_plain, _list(part.get("value")))))
            yield values.attribute(_text(part, "name"), f"{text} {unit}".strip())
    for name in _FACTS:
        if node.get(name):
            yield values.attribute(name, _quantity(node[name]))


def _quantity(value: Any) -> str:
    one = _one(value)
    if one and "value" in one:
        code = _text(one, "unitCode")
        return f"{_plain(one['value'])} {_text(one, 'unitText') or _UNITS.get(code, code)}".strip()
    return _name(value)


_UNITS = {
    "KGM": "kg",
    "GRM": "g",
    "LBR": "lb",
    "ONZ": "oz",
    "CMT": "cm",
    "MMT": "mm",
    "MTR": "m",
    "INH": "in",
    "LTR": "l",
}
"""UN/CEFACT's codes of common units."""


def _questions(node: Node) -> Iterator[Question]:
    for about in [*_list(node.get("subjectOf")), *_list(node.get("mainEntity"))]:
        asked = about if isinstance(about, dict) else {}
        for one in [*_list(asked.get("mainEntity")), asked]:
            if isinstance(one, dict) and "Question" in _types(one):
                answer = _one(one.get("acceptedAnswer")) or _one(one.get("suggestedAnswer")) or {}
                question, text = values.line(_text(one, "name"), 500), values.paragraphs(_text(answer, "text"), 2_000)
                if question and text:
                    yield Question(question=question, answer=text)


def _stars(rating: Node | None, making: Making) -> float | None:
    if not rating or not _text(rating, "ratingValue"):
        return None
    best = _text(rating, "bestRating")
    return making.optional(
        lambda text, field: values.stars(text, best, field), _text(rating, "ratingValue"), "ratingValue"
    )


def _reviews(node: Node, product: str, making: Making) -> Iterator[Review]:
    for one in [*_list(node.get("review")), *_list(node.get("reviews"))]:
        if not isinstance(one, dict):
            continue
        stars = _stars(_one(one.get("reviewRating")), making)
        if stars is None:
            making.left_out("review", "review_invalid", "A review without a rating")
            continue
        title, text = (
            values.line(_text(one, "name") or _text(one, "headline"), 200),
            values.paragraphs(_text(one, "reviewBody"), 5_000),
        )
        author = values.line(_name(one.get("author")), 80)
        at = making.optional(values.moment, _text(one, "datePublished"), "datePublished")
        identity = values.identity(_text(one, "@id")) or review_id(product, author, title, text, str(at))
        yield Review(
            id=identity, author=author, stars=round(stars), title=title, text=text, day=at.date() if at else None
        )


def _identity(node: Node) -> str:
    return next(
        (
            text
            for name in ("sku", "productID", "identifier", "mpn", "gtin13", "gtin", "@id", "url")
            if (text := _text(node, name))
        ),
        "",
    )


def _types(node: Node) -> set[str]:
    return {str(one).rsplit("/", 1)[-1] for one in _list(node.get("@type"))}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _one(value: Any) -> Node | None:
    return next((one for one in _list(value) if isinstance(one, dict)), None)


def _text(node: Node | None, name: str) -> str:
    return next((text for one in _list(node.get(name) if node else None) if (text := _plain(one))), "")


def _plain(value: Any) -> str:
    """Text of a value that is none in itself."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dict):
        return _plain(value.get("@value") or value.get("value"))
    return str(value).strip() if isinstance(value, str | int | float) else ""


def _name(value: Any) -> str:
    """A thing's name: a text is its own."""
    one = value[0] if isinstance(value, list) and value else value
    return _text(one, "name") or _text(one, "@id") or _plain(one) if isinstance(one, dict) else _plain(one)


def _link(value: Any) -> str:
    return (
        (_text(value, "contentUrl") or _text(value, "url") or _text(value, "@id"))
        if isinstance(value, dict)
        else _plain(value)
    )

"""schema.org's Product, ProductGroup, Offer and Review as JSON-LD: a file, lines, an array, a @graph, or a web page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from pydantic import ValidationError

from skills.shopping.feeds import values
from skills.shopping.feeds.entries import Entry, Offer, Problem, RowError
from skills.shopping.feeds.json_values import json_values
from skills.shopping.feeds.making import Making
from skills.shopping.feeds.nodes import Node, address_of, name_of, node_of, plain, several, text_of, types_of
from skills.shopping.feeds.review_rows import review_id
from skills.shopping.money import Money
from skills.shopping.product import Attribute, Availability, Question, Review, Variant

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
        if types_of(value) & {"Product", "ProductGroup", "IndividualProduct", "ProductModel"}:
            yield value
            return
        for name in ("@graph", "mainEntity", "itemListElement", "item"):
            if name in value:
                yield from _products(value[name], depth + 1)


def _offers(node: Node, row: int, currency: str) -> Iterator[Entry]:
    """The offers of one product, or of all variants of one group."""
    making = Making(row)
    try:
        group = node_of(node.get("isVariantOf"))
        variants = [one for one in several(node.get("hasVariant")) if isinstance(one, dict)]
        if variants:
            product = making.identity(text_of(node, "productGroupID") or _identity(node), "productGroupID")
            yield _offer(node, product, making, None, {})
            for variant in variants:
                yield from _variant_offers(variant, product, row, currency)
        elif "ProductGroup" in types_of(node):
            yield _offer(
                node, making.identity(text_of(node, "productGroupID") or _identity(node), "sku"), making, None, {}
            )
        else:
            whose = (text_of(group, "productGroupID") or text_of(group, "@id")) if group else ""
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
    rating = node_of(node.get("aggregateRating"))
    category = next(
        (text for one in several(node.get("category")) if (text := name_of(one)) and not text.startswith("http")), ""
    )
    title = values.line(text_of(node, "name"), 200)
    return Offer(
        product=product,
        row=making.row,
        variant=variant,
        sizes=sizes,
        title="" if is_part else making.title(title, "name"),
        description=values.paragraphs(text_of(node, "description"), 10_000),
        brand=values.line(name_of(node.get("brand") or node.get("manufacturer")), 100),
        categories=making.categories(category.replace("/", " > ") if ">" not in category else category),
        url=making.url(text_of(node, "url"), "url"),
        images=making.images((address_of(one) for one in several(node.get("image"))), "image"),
        attributes=making.attributes([] if is_part else _facts(node, sizes)),
        questions=tuple(_questions(node)),
        stars=_stars(rating, making),
        reviews=making.optional(
            values.count, text_of(rating, "reviewCount") or text_of(rating, "ratingCount"), "reviewCount"
        )
        or 0,
        written=tuple(_reviews(node, product, making))[:1_000],
    )


def _variant(node: Node, making: Making, currency: str) -> Variant:
    offer = _best_offer(node)
    price, sale, until = _price(offer, making, currency)
    stock = node_of(offer.get("inventoryLevel")) if isinstance(offer.get("inventoryLevel"), dict | list) else None
    left = text_of(stock, "value") if stock else text_of(offer, "inventoryLevel")
    stated = text_of(offer, "availability")
    code = next((text for name in ("gtin13", "gtin", "gtin12", "gtin14", "gtin8") if (text := text_of(node, name))), "")
    return Variant(
        sku=making.identity(_identity(node) or text_of(offer, "sku"), "sku"),
        price=price,
        sale_price=sale,
        sale_until=until,
        availability=values.availability(stated) if stated else Availability.IN_STOCK,
        stock=making.optional(values.count, left, "inventoryLevel"),
        gtin=making.gtin(code),
        image=next(filter(None, (values.web_url(address_of(one)) for one in several(node.get("image")))), ""),
    )


def _best_offer(node: Node) -> Node:
    offers = [one for one in several(node.get("offers")) if isinstance(one, dict)]
    inner = [one for offer in offers for one in several(offer.get("offers")) if isinstance(one, dict)]
    return (inner or offers or [{}])[0]


def _price(offer: Node, making: Making, currency: str) -> tuple[Money, Money | None, Any]:
    """(price, sale price, until when) of an offer; a list price above it makes it a sale."""
    parts = [one for one in several(offer.get("priceSpecification")) if isinstance(one, dict)]
    before = next((one for one in parts if _kind(one) in _LIST_PRICES), None)
    now: Node = next((one for one in parts if one is not before), {}) if parts and "price" not in offer else offer
    amount = text_of(now, "price") or text_of(offer, "lowPrice") or text_of(offer, "price")
    stated = text_of(now, "priceCurrency") or text_of(offer, "priceCurrency")
    price = values.price(f"{amount or making.missing('price')} {stated}", currency)
    if before is None:
        return price, None, None
    regular = values.price(f"{text_of(before, 'price')} {text_of(before, 'priceCurrency') or stated}", currency)
    if not price < regular:
        return price, None, None
    until = text_of(now, "validThrough") or text_of(offer, "priceValidUntil")
    return regular, price, making.optional(values.moment, until, "priceValidUntil")


def _kind(specification: Node) -> str:
    return text_of(specification, "priceType").rsplit("/", 1)[-1].lower()


def _sizes(node: Node) -> dict[str, str]:
    found = {ours: values.line(name_of(node.get(name)), 80) for name, ours in _OPTIONS.items() if node.get(name)}
    return {name: text for name, text in found.items() if text}


def _facts(node: Node, sizes: Mapping[str, str]) -> Iterator[Attribute | None]:
    for name, ours in _OPTIONS.items():
        if node.get(name) and ours not in sizes:
            yield values.attribute(ours, ", ".join(filter(None, map(name_of, several(node[name])))))
    for part in several(node.get("additionalProperty")):
        if isinstance(part, dict):
            unit = text_of(part, "unitText") or text_of(part, "unitCode")
            text = ", ".join(filter(None, map(plain, several(part.get("value")))))
            yield values.attribute(text_of(part, "name"), f"{text} {unit}".strip())
    for name in _FACTS:
        if node.get(name):
            yield values.attribute(name, _quantity(node[name]))


def _quantity(value: Any) -> str:
    one = node_of(value)
    if one and "value" in one:
        code = text_of(one, "unitCode")
        return f"{plain(one['value'])} {text_of(one, 'unitText') or _UNITS.get(code, code)}".strip()
    return name_of(value)


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
    for about in [*several(node.get("subjectOf")), *several(node.get("mainEntity"))]:
        asked = about if isinstance(about, dict) else {}
        for one in [*several(asked.get("mainEntity")), asked]:
            if isinstance(one, dict) and "Question" in types_of(one):
                answer = node_of(one.get("acceptedAnswer")) or node_of(one.get("suggestedAnswer")) or {}
                question, text = (
                    values.line(text_of(one, "name"), 500),
                    values.paragraphs(text_of(answer, "text"), 2_000),
                )
                if question and text:
                    yield Question(question=question, answer=text)


def _stars(rating: Node | None, making: Making) -> float | None:
    if not rating or not text_of(rating, "ratingValue"):
        return None
    best = text_of(rating, "bestRating")
    return making.optional(
        lambda text, field: values.stars(text, best, field), text_of(rating, "ratingValue"), "ratingValue"
    )


def _reviews(node: Node, product: str, making: Making) -> Iterator[Review]:
    for one in [*several(node.get("review")), *several(node.get("reviews"))]:
        if not isinstance(one, dict):
            continue
        stars = _stars(node_of(one.get("reviewRating")), making)
        if stars is None:
            making.left_out("review", "review_invalid", "A review without a rating")
            continue
        title, text = (
            values.line(text_of(one, "name") or text_of(one, "headline"), 200),
            values.paragraphs(text_of(one, "reviewBody"), 5_000),
        )
        author = values.line(name_of(one.get("author")), 80)
        at = making.optional(values.moment, text_of(one, "datePublished"), "datePublished")
        identity = values.identity(text_of(one, "@id")) or review_id(product, author, title, text, str(at))
        yield Review(
            id=identity, author=author, stars=round(stars), title=title, text=text, day=at.date() if at else None
        )


def _identity(node: Node) -> str:
    return next(
        (
            text
            for name in ("sku", "productID", "identifier", "mpn", "gtin13", "gtin", "@id", "url")
            if (text := text_of(node, name))
        ),
        "",
    )

"""A product as schema.org describes it, for search engines and the widget: JSON-LD that no text can break out of."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from markupsafe import Markup

from skills.shopping.product import Availability, Product, Review, Variant

REVIEWS = 5
_AVAILABILITY = {
    Availability.IN_STOCK: "InStock",
    Availability.OUT_OF_STOCK: "OutOfStock",
    Availability.PREORDER: "PreOrder",
    Availability.BACKORDER: "BackOrder",
}
_ESCAPES = {ord(one): f"\\u{ord(one):04x}" for one in "<>&\u2028\u2029"}


def product_json(product: Product, reviews: Sequence[Review], now: datetime, base: str) -> Markup:
    """What stands in the page's `<script type="application/ld+json">`; `base` is the service's own origin."""
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Product",
        "productID": product.id,
        "name": product.title,
        "description": product.description,
        "image": [_absolute(base, image) for image in product.images],
        "url": f"{base}/demo/shop/{product.shop}/products/{product.id}",
        "category": " > ".join(product.categories),
        "offers": [_offer(variant, now) for variant in product.variants],
    }
    if product.brand:
        found["brand"] = {"@type": "Brand", "name": product.brand}
    if product.attributes:
        found["additionalProperty"] = [
            {"@type": "PropertyValue", "name": one.name, "value": one.value} for one in product.attributes
        ]
    if product.stars is not None:
        found["aggregateRating"] = {
            "@type": "AggregateRating",
            "ratingValue": product.stars,
            "reviewCount": product.reviews,
        }
        found["review"] = [_review(one) for one in reviews[:REVIEWS]]
    return Markup(json.dumps(found, ensure_ascii=False).translate(_ESCAPES))  # noqa: S704 - escaped above


def _offer(variant: Variant, now: datetime) -> dict[str, Any]:
    offer: dict[str, Any] = {
        "@type": "Offer",
        "sku": variant.sku,
        "price": str(variant.price_at(now).amount),
        "priceCurrency": variant.price.currency,
        "availability": f"https://schema.org/{_AVAILABILITY[variant.availability]}",
    }
    return offer | ({"gtin": variant.gtin} if variant.gtin else {})


def _review(review: Review) -> dict[str, Any]:
    found: dict[str, Any] = {
        "@type": "Review",
        "author": {"@type": "Person", "name": review.author or "A customer"},
        "reviewRating": {"@type": "Rating", "ratingValue": review.stars},
        "reviewBody": review.text,
    }
    return found | ({"datePublished": review.day.isoformat()} if review.day else {})


def _absolute(base: str, image: str) -> str:
    return f"{base}{image}" if image.startswith("/") else image

"""The part of the OpenAPI document that is for people: the pages of shops, and their pictures."""

from __future__ import annotations

from typing import Any


def paths() -> dict[str, Any]:
    """By path."""
    shop, product = _path("shop"), _path("product")
    filters = [
        _query("q", "What is looked for, in words"),
        _query("category", "One of the shop's"),
        _query("f", "A facet's value, `colour:navy`; any of one facet, all of several"),
        _query("min", "In whole units of the shop's currency"),
        _query("max", "In whole units of the shop's currency"),
        _query("stock", "1 for what can be ordered"),
        _query("sort", "relevance, cheapest, dearest or rating"),
        _query("page", "From 1"),
    ]
    options = {
        "name": "options",
        "in": "query",
        "description": "The product's options by their names: `size=M&colour=navy`",
        "schema": {"type": "object", "additionalProperties": {"type": "string"}},
        "style": "form",
        "explode": True,
    }
    return {
        "/demo/shop/": {"get": _gives("Every shop", "shopList")},
        "/demo/shop/{shop}/": {"parameters": [shop], "get": _gives("A shop's shelves", "shopPage", filters)},
        "/demo/shop/{shop}/products/{product}": {
            "parameters": [shop, product],
            "get": _gives("A product's page, with schema.org's Product as JSON-LD", "productPage", [options]),
        },
        "/shops/{shop}/pictures/{name}.svg": {
            "parameters": [shop, _path("name")],
            "get": _gives("A picture of a product, or of a variant by its sku", "productPicture", [], "image/svg+xml"),
        },
    }


def _gives(
    summary: str, operation: str, parameters: list[dict[str, Any]] | None = None, media_type: str = "text/html"
) -> dict[str, Any]:
    content = {media_type: {"schema": {"type": "string"}}}
    answer = {"200": {"description": summary, "content": content}, "404": {"description": "There is none"}}
    return {"summary": summary, "operationId": operation, "parameters": parameters or [], "responses": answer}


def _path(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def _query(name: str, description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": description, "schema": {"type": "string"}}

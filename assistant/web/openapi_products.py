"""The part of the OpenAPI document that a shop's own machines use: its products, and imports of its feeds."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from assistant.web.responses import ErrorResponse
from assistant.web.shop_product_messages import ImportAnswer, ImportList, ImportOfUrl, ImportReport, ProductChange
from skills.shopping.feeds import Format
from skills.shopping.product import Product

MODELS: list[type[BaseModel]] = [ImportAnswer, ImportList, ImportOfUrl, ImportReport, Product, ProductChange]

_KEY: list[dict[str, list[str]]] = [{"key": []}]
_PRODUCTS = "/api/v1/shops/{shop}/products"
_FEED = (
    "The body is the feed itself, in any of the formats, or JSON that names its address. The import goes on by itself; "
    "ask for it at the Location. In `needs_mapping` it has guessed what the columns of a table are, and in "
    "`needs_confirmation` more than a fifth of the rows cannot be used, or more than half of the products would be "
    "removed: it waits a day for an answer, and nothing has changed. The key is made by "
    "`./sori keys add NAME --shop ID`."
)


def paths() -> dict[str, Any]:
    """By path."""
    jpeg = {"description": "The picture", "content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}}
    shop, one, product = path("shop"), path("import"), path("product")
    table = {"description": "The first thousand", "content": {"text/csv": {"schema": {"type": "string"}}}}
    return {
        f"{_PRODUCTS}/imports": {
            "parameters": [shop],
            "post": _begin(),
            "get": gives("The last imports", "imports", ImportList),
        },
        f"{_PRODUCTS}/imports/{{import}}": {
            "parameters": [shop, one],
            "get": gives("How far an import is, and what was wrong", "import", ImportReport),
            "post": gives("Answer what an import asks", "answerImport", ImportReport, "202") | takes(ImportAnswer),
        },
        f"{_PRODUCTS}/imports/{{import}}/problems.csv": {
            "parameters": [shop, one],
            "get": gives("What was wrong, as a table", "importProblems") | {"responses": {"200": table} | _ERRORS},
        },
        "/shops/{shop}/pictures/{product}/{name}": {
            "parameters": [shop, product, path("name")],
            "get": {
                "summary": "A picture that a product's feed names elsewhere, made small; cards have its address",
                "operationId": "remotePicture",
                "responses": {"200": jpeg} | _ERRORS,
            },
        },
        f"{_PRODUCTS}/{{product}}": {
            "parameters": [shop, product],
            "get": gives("A product, with what is left of it", "product", Product),
            "put": gives("Add or replace a product, at once", "putProduct", Product) | takes(Product),
            "patch": gives("Change texts, prices or stock, at once", "changeProduct", Product) | takes(ProductChange),
            "delete": gives("Remove a product, at once", "removeProduct", None, "204"),
        },
    }


def _begin() -> dict[str, Any]:
    query = {
        "format": {"type": "string", "enum": [one.value for one in Format]},
        "update": {"type": "boolean", "description": "Products that the feed does not name stay"},
        "force": {"type": "boolean", "description": "Yes to whatever would be asked"},
        "source": {"type": "string", "description": "What the feed is called in reports"},
    }
    feed = {"schema": {"type": "string", "format": "binary"}}
    content = {"application/json": {"schema": {"$ref": _ref(ImportOfUrl)}}, "application/octet-stream": feed}
    return gives("Import a feed", "beginImport", ImportReport, "202") | {
        "description": _FEED,
        "parameters": [
            {"name": name, "in": "query", "required": False, "schema": schema} for name, schema in query.items()
        ],
        "requestBody": {"required": True, "content": content},
    }


def gives(summary: str, operation: str, model: type[BaseModel] | None = None, status: str = "200") -> dict[str, Any]:
    """An operation that a key is needed for."""
    body: dict[str, Any] = {"description": summary}
    if model:
        body["content"] = {"application/json": {"schema": {"$ref": _ref(model)}}}
    return {"summary": summary, "operationId": operation, "security": _KEY, "responses": {status: body} | _ERRORS}


def takes(model: type[BaseModel]) -> dict[str, Any]:
    """What an operation is sent."""
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": {"$ref": _ref(model)}}}}}


def path(name: str) -> dict[str, Any]:
    """A part of a path."""
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def _ref(model: type[BaseModel]) -> str:
    return f"#/components/schemas/{model.__name__}"


_ERRORS = {
    "default": {
        "description": "What was wrong",
        "content": {"application/json": {"schema": {"$ref": _ref(ErrorResponse)}}},
    }
}

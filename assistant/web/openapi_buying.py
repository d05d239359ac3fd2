"""The part of the OpenAPI document that shoppers' programs and pages use: carts and checkouts."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from assistant.web.buying_messages import (
    CartCoupon,
    CheckoutDetails,
    CheckoutSession,
    Completion,
    LineQuantity,
    ShopperCart,
)
from assistant.web.responses import ErrorResponse

MODELS: list[type[BaseModel]] = [
    ShopperCart, LineQuantity, CartCoupon, CheckoutSession, CheckoutDetails, Completion,
]  # fmt: skip
SECURITY = {
    "session": {
        "type": "http",
        "scheme": "bearer",
        "description": "A shopper's session, as the chat or `POST carts` gives.",
    }
}

_SESSION: list[dict[str, list[str]]] = [{"session": []}]
_SHOPS = "/api/v1/shops/{shop}"
_COMPLETING = (
    "Where the total has changed, it is `ready_for_complete` again and says so. `continue_url` is where the buyer pays "
    "while it is `requires_escalation`."
)


def paths() -> dict[str, Any]:
    """By path."""
    shop, checkout = _path("shop"), _path("id")
    return {
        "/pay/{token}": {
            "parameters": [_path("token")],
            "get": {
                "summary": "The test provider's payment page, at a checkout's `continue_url`",
                "responses": {"200": {"description": "A page that works without script", "content": {"text/html": {}}}},
            },
        },
        f"{_SHOPS}/carts": {
            "parameters": [shop],
            "post": _gives("Your cart; without a session you become a new shopper", "openCart", ShopperCart, "201")
            | {"security": [{}, *_SESSION]},
        },
        f"{_SHOPS}/carts/mine": {"parameters": [shop], "get": _gives("Your cart", "cart", ShopperCart)},
        f"{_SHOPS}/carts/mine/lines": {
            "parameters": [shop],
            "delete": _gives("Empty your cart", "clearCart", ShopperCart),
        },
        f"{_SHOPS}/carts/mine/lines/{{sku}}": {
            "parameters": [shop, _path("sku")],
            "put": _once(_gives("Make it so many of a variant", "putLine", ShopperCart)) | _takes(LineQuantity),
        },
        f"{_SHOPS}/carts/mine/coupon": {
            "parameters": [shop],
            "put": _gives("Use a code, or none", "putCoupon", ShopperCart) | _takes(CartCoupon),
        },
        f"{_SHOPS}/checkout-sessions": {
            "parameters": [shop],
            "post": _once(_gives("Check out what is in your cart", "createCheckout", CheckoutSession, "201"))
            | _takes(CheckoutDetails),
        },
        f"{_SHOPS}/checkout-sessions/{{id}}": {
            "parameters": [shop, checkout],
            "get": _gives("A checkout with present prices and stock", "checkout", CheckoutSession),
            "put": _gives("Fill in who gets it, where, and how", "updateCheckout", CheckoutSession)
            | _takes(CheckoutDetails),
        },
        f"{_SHOPS}/checkout-sessions/{{id}}/complete": {
            "parameters": [shop, checkout],
            "post": _once(_gives("Buy for the total that was shown", "completeCheckout", CheckoutSession))
            | _takes(Completion)
            | {"description": _COMPLETING},
        },
        f"{_SHOPS}/checkout-sessions/{{id}}/cancel": {
            "parameters": [shop, checkout],
            "post": _gives("Buy nothing", "cancelCheckout", CheckoutSession),
        },
    }


def _gives(summary: str, operation: str, model: type[BaseModel], status: str = "200") -> dict[str, Any]:
    body = {"description": summary, "content": {"application/json": {"schema": {"$ref": _ref(model)}}}}
    error = {
        "description": "What was wrong",
        "content": {"application/json": {"schema": {"$ref": _ref(ErrorResponse)}}},
    }
    return {
        "summary": summary,
        "operationId": operation,
        "security": _SESSION,
        "responses": {status: body, "default": error},
    }


def _once(operation: dict[str, Any]) -> dict[str, Any]:
    key = {
        "name": "Idempotency-Key",
        "in": "header",
        "required": False,
        "description": "Asked again under the same key, the same is answered again.",
        "schema": {"type": "string", "maxLength": 64},
    }
    return operation | {"parameters": [key]}


def _takes(model: type[BaseModel]) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": {"$ref": _ref(model)}}}}}


def _path(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def _ref(model: type[BaseModel]) -> str:
    return f"#/components/schemas/{model.__name__}"

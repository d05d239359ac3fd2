"""The part of the OpenAPI document about a shop's answers, versions, numbers and conversations."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from assistant.web.openapi_products import gives, path, takes
from assistant.web.shop_content_messages import (
    HeldAnswer,
    HeldAnswers,
    ListedConversations,
    PublishedVersion,
    PublishedVersions,
    PublishRequest,
    ShopNumbers,
    WholeConversation,
)
from skills.storefront import ShopAnswer

MODELS: list[type[BaseModel]] = [
    HeldAnswer,
    HeldAnswers,
    ListedConversations,
    PublishedVersion,
    PublishedVersions,
    PublishRequest,
    ShopAnswer,
    ShopNumbers,
    WholeConversation,
]
_SHOP = "/api/v1/shops/{shop}"
_KEYS = "The key is made in the console under Connect, Keys, for answers and numbers."


def paths() -> dict[str, Any]:
    """By path."""
    shop = path("shop")
    match = {"name": "If-Match", "in": "header", "required": False, "schema": {"type": "string"}}
    match |= {"description": "The revision that was read: where it is another by now, nothing is changed (409)"}
    return {
        f"{_SHOP}/answers": {
            "parameters": [shop],
            "get": gives("Answers as they are edited", "answers", HeldAnswers)
            | {"parameters": [_query("after", "The id of the last one of the page before")], "description": _KEYS},
        },
        f"{_SHOP}/answers/{{answer}}": {
            "parameters": [shop, path("answer")],
            "get": gives("An answer as it is edited", "answer", HeldAnswer),
            "put": gives("Add or change an answer, as a draft", "putAnswer", HeldAnswer)
            | takes(ShopAnswer)
            | {"parameters": [match]},
            "delete": gives("Remove an answer, as a draft", "removeAnswer", None, "204") | {"parameters": [match]},
        },
        f"{_SHOP}/versions": {
            "parameters": [shop],
            "get": gives("What was published", "versions", PublishedVersions),
            "post": gives("Publish, seen from the next question on", "publish", PublishedVersion, "201")
            | takes(PublishRequest),
        },
        f"{_SHOP}/numbers": {
            "parameters": [shop],
            "get": gives("Days in numbers", "numbers", ShopNumbers)
            | {"parameters": [_query("first", "A day, like 2026-11-01"), _query("last", "A day")]},
        },
        f"{_SHOP}/conversations": {
            "parameters": [shop],
            "get": gives("Conversations, the last used first", "conversations", ListedConversations)
            | {"parameters": [_query("page", "From 1"), _query("words", "That were said in them")]},
        },
        f"{_SHOP}/conversations/{{conversation}}": {
            "parameters": [shop, path("conversation")],
            "get": gives("A conversation", "conversation", WholeConversation),
        },
    }


def _query(name: str, description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": {"type": "string"}, "description": description}

"""JSON-LD's nodes as they are written: a value may stand alone, in a list, or as a node that has it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

Node: TypeAlias = Mapping[str, Any]


def types_of(node: Node) -> set[str]:
    """Its types, without the vocabulary's address."""
    return {str(one).rsplit("/", 1)[-1] for one in several(node.get("@type"))}


def several(value: Any) -> list[Any]:
    """A value as the list that it might have been."""
    return value if isinstance(value, list) else [] if value is None else [value]


def node_of(value: Any) -> Node | None:
    """The first of the values that has properties."""
    return next((one for one in several(value) if isinstance(one, dict)), None)


def text_of(node: Node | None, name: str) -> str:
    """The first text of a property; else empty."""
    return next((text for one in several(node.get(name) if node else None) if (text := plain(one))), "")


def plain(value: Any) -> str:
    """Text of a value that is none in itself."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dict):
        inner = value.get("@value") or value.get("value")
        return "" if isinstance(inner, dict) else plain(inner)
    return str(value).strip() if isinstance(value, str | int | float) else ""


def name_of(value: Any) -> str:
    """A thing's name: a text is its own."""
    one = value[0] if isinstance(value, list) and value else value
    return text_of(one, "name") or text_of(one, "@id") or plain(one) if isinstance(one, dict) else plain(one)


def address_of(value: Any) -> str:
    """The address of a picture or a page."""
    return (
        (text_of(value, "contentUrl") or text_of(value, "url") or text_of(value, "@id"))
        if isinstance(value, dict)
        else plain(value)
    )

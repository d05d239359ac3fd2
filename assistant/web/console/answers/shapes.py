"""An answer as its form has it, and back: ways to ask as lines, what a button does as a choice. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from assistant.web.console.behaviour.shapes import ADDRESS_WRONG
from assistant.web.console.fields import sentences
from assistant.web.console.nested_form import Sheet, without_blanks
from skills.storefront import ShopAnswer

PICTURE_WRONG = "This picture is not in your shop. Please upload it again."
_DOES = {"say": "say", "link": "url", "card": "product"}
"""What a button does, as the form and as the model call it."""
_ASKED = {"": None, "yes": True, "no": False}
_PLAIN = ("page", "category")


def as_form(answer: ShopAnswer) -> dict[str, Any]:
    """What the form shows of an answer."""
    data = answer.model_dump(mode="json", exclude={"id"})
    data["variants"] = "\n".join(answer.variants)
    data["buttons"] = [
        {"label": one.label, "does": next(does for does, name in _DOES.items() if getattr(one, name))}
        | {does: getattr(one, name) or "" for does, name in _DOES.items()}
        for one in answer.buttons
    ]
    when = data["conditions"]
    when["products"] = "\n".join(answer.conditions.products)
    for name in ("signed_in", "in_hours"):
        when[name] = {None: "", True: "yes", False: "no"}[when[name]]
    return data


def read_form(identity: str, data: dict[str, Any]) -> ShopAnswer | Sheet:
    """The answer, or the form with what is wrong; rows that were left blank are gone from it."""
    data = without_blanks(data, ("does",))
    try:
        return ShopAnswer.model_validate(_values(identity, data))
    except ValidationError as error:
        problems: dict[str, str] = {}
        for name, sentence in sentences(error, whole=True).items():
            place, said = _told(name, sentence, data)
            problems.setdefault(place, said)
        return Sheet(data, problems)


def _values(identity: str, data: Mapping[str, Any]) -> dict[str, Any]:
    when = data.get("conditions")
    when = when if isinstance(when, dict) else {}
    return {
        "id": identity,
        "question": _text(data, "question"),
        "variants": _lines(data, "variants"),
        "answer": _text(data, "answer"),
        "folder": _text(data, "folder"),
        "begins": _text(data, "begins") or None,
        "ends": _text(data, "ends") or None,
        "buttons": [_button(one) for one in _parts(data, "buttons")],
        "links": [{"label": _text(one, "label"), "url": _text(one, "url")} for one in _parts(data, "links")],
        "pictures": [{"name": _text(one, "name"), "alt": _text(one, "alt")} for one in _parts(data, "pictures")],
        "conditions": {name: _text(when, name) for name in _PLAIN}
        | {"products": _lines(when, "products")}
        | {name: _ASKED.get(_text(when, name)) for name in ("signed_in", "in_hours")},
    }


def _button(part: Mapping[str, Any]) -> dict[str, Any]:
    does = _text(part, "does")
    name = does if does in _DOES else "say"
    return {"label": _text(part, "label"), _DOES[name]: _text(part, name) or None}


def _told(name: str, sentence: str, data: Mapping[str, Any]) -> tuple[str, str]:
    """The control beside which something is said, and what."""
    first, _, rest = name.partition(".")
    if first == "variants":
        return "variants", sentence
    if first == "buttons" and rest:
        number, _, field = rest.partition(".")
        parts = _parts(data, "buttons")
        does = _text(parts[int(number)], "does") if number.isdigit() and int(number) < len(parts) else "say"
        if field == "label":
            return name, sentence
        blank = not _text(parts[int(number)], does or "say")
        said = "Please fill this in." if blank else ADDRESS_WRONG if field == "url" else sentence
        return f"buttons.{number}.{does or 'say'}", said
    if name.endswith(".url"):
        return name, ADDRESS_WRONG
    if first == "pictures" and name.endswith(".name"):
        return name, PICTURE_WRONG
    if name.startswith("conditions.products"):
        return "conditions.products", "This is no number of a product."
    return name or "ends", sentence


def _text(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name)
    return value.strip() if isinstance(value, str) else ""


def _lines(data: Mapping[str, Any], name: str) -> list[str]:
    return [line.strip() for line in _text(data, name).splitlines() if line.strip()]


def _parts(data: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]]:
    parts = data.get(name)
    return [one for one in parts if isinstance(one, dict)] if isinstance(parts, list) else []

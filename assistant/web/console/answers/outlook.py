"""What is told beside an answer while it is written: how it will look, what is wrong with it, and what is like it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assistant.web.console.nested_form import Sheet
from skills.shop_view import OPEN
from skills.shopping.deciding.own_answers import picture_url
from skills.shopping.shop import Shop
from skills.storefront import AnswerDesk, Match, ShopAnswer
from skills.storefront.alike import SAME
from skills.storefront.differing import difference
from skills.storefront.template import VARIABLES, advice, problems, render

PARTS = ("label", "does", "say", "link")
_TAPS = {"link": OPEN, "card": "product.details"}
ASKED = 3
"""Ways to ask that are compared with other answers while one writes."""


@dataclass(frozen=True)
class Like:
    """An answer that there is already."""

    match: Match
    contradiction: str
    """In a sentence; empty where the two agree."""


def like(desk: AnswerDesk, shop: str, identity: str, sheet: Sheet, answer: ShopAnswer | None) -> list[Like]:
    """Answers whose questions mean the same as those in the form; not those that hold when this one does not.
    Blocking.
    """
    asked = [sheet.text("question"), *sheet.text("variants").splitlines()]
    wordings = [text.strip() for text in asked if text.strip()][:ASKED]
    if not wordings:
        return []
    found = []
    for match in desk.near(shop, wordings, but=identity):
        other = match.answer
        if answer and (answer.begins, answer.ends, answer.conditions) != (other.begins, other.ends, other.conditions):
            continue
        if match.score >= SAME:
            found.append(Like(match, difference(sheet.text("answer"), other.answer)))
    return found


def told(sheet: Sheet) -> list[tuple[str, str]]:
    """What is wrong with the variables, and what is wise, each with its tone."""
    text = sheet.text("answer")
    wrong = [(one.text, "bad") for one in problems(text)]
    return wrong or [(one.text, "warn") for one in advice(text)]


def shown(shop: Shop, sheet: Sheet, known: Mapping[str, str], now: datetime) -> dict[str, Any]:
    """The chat with the answer in it, as static/console/preview.js draws it; `known` are variables that hold for
    everybody, the others are examples.
    """
    values = {name: one.example for name, one in VARIABLES.items() if one.sometimes} | dict(known)
    buttons = [{part: sheet.text(f"{name}.{part}") for part in PARTS} for name in sheet.parts("buttons")]
    links = [{part: sheet.text(f"{name}.{part}") for part in ("label", "url")} for name in sheet.parts("links")]
    pictures = [
        {"url": picture_url(shop.id, sheet.text(f"{name}.name")), "alt": sheet.text(f"{name}.alt")}
        for name in sheet.parts("pictures")
    ]
    at = now.isoformat()
    question = {"seq": 1, "from": "shopper", "at": at, "text": sheet.text("question") or "\u2026", "shop": None}
    answer = {
        "seq": 2,
        "from": "bot",
        "at": at,
        "text": render(sheet.text("answer"), values),
        "quick_replies": [
            {"text": one["label"], "utterance": one["say"]}
            for one in buttons
            if one["does"] not in _TAPS and one["label"]
        ],
        "shop": {
            "buttons": [
                {"label": one["label"], "tap": {"name": _TAPS[one["does"]], "values": {"url": one["link"]}}}
                for one in buttons
                if one["does"] in _TAPS and one["label"]
            ],
            "cards": [],
            "links": [one for one in links if one["label"] and one["url"]],
            "pictures": pictures,
        },
    }
    return {
        "shop": {"name": shop.name, "greeting": "", "suggestions": []},
        "accent": shop.accent,
        "language": shop.language,
        "state": "bot",
        "messages": [question, answer],
        "menu": [],
    }


OF_SHOP = (*(name for name, one in VARIABLES.items() if not one.sometimes), "free_delivery_from")
"""The variables that hold the same for everybody."""

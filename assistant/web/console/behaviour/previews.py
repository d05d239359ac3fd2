"""What a shopper would meet with what is in a form, as the widget is told it (static/console/preview.js). Pure.

A form is shown while it is written, so nothing here needs it to be right.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from assistant.web.console.behaviour.kinds import Kind
from assistant.web.console.nested_form import Sheet
from skills.shopping.shop import Shop
from skills.shopping.system_replies import SYSTEM_REPLIES, filled
from skills.storefront.behaviour.card import Card, Cards
from skills.storefront.behaviour.doing import Doing
from skills.storefront.behaviour.menu import MenuItem
from skills.storefront.behaviour.texts import OPENS
from skills.storefront.front import Storefront
from skills.storefront.template import VARIABLES, render

OPENS_EXAMPLE = "tomorrow at 9:00 am"
EXAMPLES: Mapping[str, str] = {
    "agent": "Mia",
    "email": "ada@example.org",
    "opens": f"People answer again {OPENS_EXAMPLE}.",
    "suggestion": "For instance: where is my order?",
}
"""What stands in a preview for the variables of system replies."""

Shown = dict[str, Any]


def shown(kind: Kind, sheet: Sheet, shop: Shop, front: Storefront, at: datetime, subject: str = "") -> Shown:
    """The shop's chat with it; `subject` is the system reply that is reworded."""
    chat, cards = _Chat(shop, front, at), front.cards
    match kind.name:
        case "greeting":
            chat.greet(sheet.text("text"), [sheet.text(name) for name in sheet.parts("suggestions")])
        case "menu":
            chat.greet(shop.greeting, shop.suggestions)
            chat.menu, chat.is_menu_open = _menu(sheet, "items", cards), True
        case "keyword":
            chat.say("shopper", next(iter(sheet.text("phrases").split("\n")), "").strip() or "…")
            chat.say("bot", sheet.text("text"), buttons=_buttons(sheet, "buttons", cards), cards=sheet.text("card"))
        case "card":
            chat.say("bot", sheet.text("text"), drawn=[_card(sheet, name, cards) for name in sheet.parts("cards")])
        case "proactive":
            chat.say("bot", sheet.text("text"), buttons=_buttons(sheet, "buttons", cards))
        case "away":
            chat.say("shopper", "Hello, is anybody there?")
            chat.say("bot", sheet.text("text").replace(OPENS, OPENS_EXAMPLE))
        case "wording":
            reply = SYSTEM_REPLIES[subject]
            text = sheet.text("text").strip() or reply.defaults[0]
            chat.say("bot", filled(text, {"shop_name": shop.name, **EXAMPLES}))
        case _:
            chat.greet(shop.greeting, shop.suggestions)
    return chat.shown()


def at_the_door(shop: Shop, front: Storefront, at: datetime) -> Shown:
    """What somebody meets who opens the chat for the first time."""
    chat = _Chat(shop, front, at)
    plain = next((one for one in front.greetings if not (one.page or one.language or one.customers)), None)
    chat.greet(plain.text if plain else shop.greeting, (plain and plain.suggestions) or shop.suggestions)
    return chat.shown()


class _Chat:
    def __init__(self, shop: Shop, front: Storefront, at: datetime) -> None:
        self.shop, self.front, self.at = shop, front, at
        self.greeting, self.suggestions = "", list[str]()
        self.messages: list[Shown] = []
        self.is_menu_open = False
        self.menu = _kept_menu(front.menu.items, front.cards)

    def greet(self, text: str, suggestions: Any) -> None:
        self.greeting = self._filled(text) or "Ask me anything"
        self.suggestions = [one for one in suggestions if one.strip()]

    def say(self, sender: str, text: str, *, buttons: Any = (), drawn: Any = (), cards: str = "") -> None:
        if cards in self.front.cards:
            drawn = [_kept_card(one, self.front.cards) for one in self.front.cards[cards].cards]
        view = {"buttons": list(buttons), "cards": list(drawn)}
        self.messages.append(
            {
                "seq": len(self.messages) + 1,
                "from": sender,
                "at": self.at.isoformat(),
                "text": self._filled(text),
                "shop": view if sender == "bot" else None,
            }
        )

    def shown(self) -> Shown:
        return {
            "shop": {"name": self.shop.name, "greeting": self.greeting, "suggestions": self.suggestions},
            "accent": self.shop.accent,
            "language": self.shop.language,
            "state": "bot",
            "messages": self.messages,
            "menu": self.menu,
            "menu_open": self.is_menu_open,
        }

    def _filled(self, text: str) -> str:
        examples = {name: one.example for name, one in VARIABLES.items()} | {"shop_name": self.shop.name}
        return render(text, examples)


def _kept_menu(items: Sequence[MenuItem], cards: Mapping[str, Cards]) -> list[Shown]:
    """A menu that is kept."""
    return [
        {"label": one.label, "items": _kept_menu(one.items, cards)} if one.items else _tap(one.label, _deed(one, cards))
        for one in items
    ]


def _menu(sheet: Sheet, name: str, cards: Mapping[str, Cards]) -> list[Shown]:
    """A menu that stands in a form."""
    items = []
    for part in sheet.parts(name):
        label = sheet.text(f"{part}.label") or "…"
        if sheet.text(f"{part}.does") == "items":
            items.append({"label": label, "items": _menu(sheet, f"{part}.items", cards)})
        else:
            items.append(_tap(label, _written_deed(sheet, part, cards)))
    return items


def _buttons(sheet: Sheet, name: str, cards: Mapping[str, Cards]) -> list[Shown]:
    parts = [part for part in sheet.parts(name) if sheet.text(f"{part}.label")]
    return [_tap(sheet.text(f"{part}.label"), _written_deed(sheet, part, cards)) for part in parts]


def _tap(label: str, does: str) -> Shown:
    """A button that tells what it would do."""
    return {"label": label, "tap": {"name": "preview", "values": {"does": does}}, "style": "plain"}


def _deed(doing: Doing, cards: Mapping[str, Cards]) -> str:
    return _does(doing.say, doing.link or "", doing.card or "", cards)


def _written_deed(sheet: Sheet, part: str, cards: Mapping[str, Cards]) -> str:
    does = sheet.text(f"{part}.does")
    say, link, card = (sheet.text(f"{part}.{one}") if one == does else "" for one in ("say", "link", "card"))
    return _does(say, link, card, cards)


def _does(say: str, link: str, card: str, cards: Mapping[str, Cards]) -> str:
    if say:
        return f"the customer says “{say}”."
    if link:
        return f"opens {link}."
    return f"shows the cards “{cards[card].name}”." if card in cards else "does nothing yet."


def _card(sheet: Sheet, name: str, cards: Mapping[str, Cards]) -> Shown:
    return {
        "title": sheet.text(f"{name}.title") or "…",
        "text": sheet.text(f"{name}.text"),
        "image_url": sheet.text(f"{name}.picture"),
        "alt": sheet.text(f"{name}.described"),
        "buttons": _buttons(sheet, f"{name}.buttons", cards),
    }


def _kept_card(card: Card, cards: Mapping[str, Cards]) -> Shown:
    buttons = [_tap(one.label, _deed(one, cards)) for one in card.buttons]
    picture = {"image_url": card.picture or "", "alt": card.described}
    return {"title": card.title, "text": card.text, **picture, "buttons": buttons}

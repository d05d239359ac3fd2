"""A shop's own rules within a turn: cards that a button shows, words that are answered before they are understood."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence

from skills.fact import keyword
from skills.message import ItemId
from skills.shop_view import OPEN, SAY, Button, InfoCard, MenuEntry, ShopView, Tap
from skills.shopping.answering import shop_answer, shop_of
from skills.shopping.deciding.manners import wording
from skills.shopping.filling import Filling
from skills.shopping.memory import Ask, ShoppingMemory
from skills.shopping.product import ShopId
from skills.shopping.shop import Shop
from skills.shopping.system_replies import Wordings, default
from skills.skill import Action, ActionRequest, ActionResult
from skills.storefront.behaviour import Cards
from skills.storefront.behaviour.card import Card
from skills.storefront.behaviour.doing import CardButton, Doing
from skills.storefront.behaviour.keyword import keyword_for
from skills.storefront.behaviour.menu import MenuItem
from skills.storefront.front import Front
from skills.storefront.template import render, variables
from skills.turn import Utterance

SHOW_CARD = "card.show"
TYPED_IN = frozenset({Ask.EMAIL, Ask.CODE, Ask.PIN, Ask.ORDER})
"""Open questions to which anything may be the answer."""


def tap_of(doing: Doing) -> Tap | None:
    """What a client is told to do; None for what leads to a further level."""
    if doing.say:
        return Tap(name=SAY, values={"text": doing.say})
    if doing.link:
        return Tap(name=OPEN, values={"url": doing.link})
    return Tap(name=SHOW_CARD, values={"card": doing.card}) if doing.card else None


def buttons_of(buttons: Sequence[CardButton]) -> tuple[Button, ...]:
    """As clients draw them."""
    return tuple(Button(label=one.label, tap=tap) for one in buttons if (tap := tap_of(one)))


def menu_entries(items: Sequence[MenuItem]) -> tuple[MenuEntry, ...]:
    """The menu as clients draw it."""
    return tuple(MenuEntry(label=one.label, tap=tap_of(one), items=menu_entries(one.items)) for one in items)


def info_cards(cards: Cards, values: Mapping[str, str]) -> tuple[InfoCard, ...]:
    """Cards as clients draw them, their variables filled in."""
    return tuple(
        InfoCard(
            title=render(one.title, values),
            text=render(one.text, values),
            image_url=one.picture or "",
            alt=one.described,
            buttons=buttons_of(one.buttons),
        )
        for one in cards.cards
    )


def names_in(cards: Cards) -> set[str]:
    """The variables of all their texts."""
    return {name for text in (cards.text, *map(_texts, cards.cards)) for name in variables(text)}


def _texts(card: Card) -> str:
    return f"{card.title} {card.text}"


class FrontActions:
    """Everything of a shop's rules that answers; the same wherever somebody talks to the shop."""

    def __init__(self, front: Front, shop: Callable[[ShopId], Shop | None], filling: Filling) -> None:
        """`shop` blocks."""
        self._front, self._shop, self._filling = front, shop, filling

    def by_name(self) -> Mapping[str, Action]:
        """No action of the dialogue's."""
        return {}

    def taps(self) -> Mapping[str, Action]:
        """By the names of taps."""
        return {SHOW_CARD: self.show_card}

    def wordings(self, request: ActionRequest) -> Wordings:
        """How the shop of this turn says what the assistant says by itself. Blocking."""
        shop = shop_of(request)
        return self._says(self._shop(shop) if shop else None, draft=request.utterance.draft)

    def _says(self, shop: Shop | None, *, draft: bool) -> Wordings:
        return self._front.of(shop.id, draft).says(shop) if shop else Wordings()

    def words(self, utterance: Utterance, name: str) -> str | None:
        """What the shop of this chat, or the one opened at the speaker, says for a response of the dialogue's."""
        shop = self._shop(utterance.store) if utterance.store else None
        return wording(self._says(shop, draft=utterance.draft), shop, utterance, name)

    async def show_card(self, request: ActionRequest) -> ActionResult:
        """The cards that a button names; the tap's `card`."""
        return await asyncio.to_thread(self._cards, request)

    async def before(self, request: ActionRequest) -> ActionResult:
        """The reply to a keyword; none where what was said has to be understood. An open question for a PIN or the
        like comes first: whatever is typed may answer it.
        """
        pending = ShoppingMemory.read(request.memory).pending
        if pending and pending.ask in TYPED_IN:
            return ActionResult(None, request.memory)
        return await asyncio.to_thread(self._keyword, request)

    def _keyword(self, request: ActionRequest) -> ActionResult:
        shop = shop_of(request)
        if not shop:
            return ActionResult(None, request.memory)
        rules, text = self._front.of(shop, request.utterance.draft), request.utterance.text
        reply = keyword_for(tuple(rules.keywords.values()), text)
        if reply is None:
            return ActionResult(None, request.memory)
        identity = next(name for name, one in rules.keywords.items() if one is reply)
        cards = rules.cards.get(reply.card) if reply.card else None
        names = {*variables(reply.text), *(names_in(cards) if cards else ())}
        values = self._filling.said(request.utterance, names, shop)
        view = ShopView(cards=info_cards(cards, values) if cards else (), buttons=buttons_of(reply.buttons))
        memory = ShoppingMemory.read(request.memory)
        said = render(reply.text, values)
        return shop_answer(request, memory, said, view=view, facts=(keyword(identity, text),))

    def _cards(self, request: ActionRequest) -> ActionResult:
        shop, memory = shop_of(request), ShoppingMemory.read(request.memory)
        wanted: ItemId | object = request.utterance.tap.values.get("card") if request.utterance.tap else None
        cards = self._front.of(shop, request.utterance.draft).cards.get(str(wanted)) if shop else None
        if cards is None or shop is None:
            return shop_answer(request, memory, default("answers.card_gone"))
        values = self._filling.said(request.utterance, names_in(cards), shop)
        text = render(cards.text, values) or ", ".join(render(one.title, values) for one in cards.cards)
        return shop_answer(request, memory, text, view=ShopView(cards=info_cards(cards, values)))

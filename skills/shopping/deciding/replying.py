"""Replies that several questions may come to: the shop's own answer, which of some products, and what nobody knows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from skills.fact import Fact, Missing, answered, asked_about, unanswered
from skills.fact import Source as Answered
from skills.shop_view import Button, ProductCard, ShopView, Tap
from skills.shopping.answering import shop_answer, shop_of
from skills.shopping.deciding.asking.facts import fact
from skills.shopping.deciding.details import buttons
from skills.shopping.deciding.own_answers import says, view_of
from skills.shopping.deciding.which import Which
from skills.shopping.deciding.wording import brief
from skills.shopping.finding.cards import card, said_name
from skills.shopping.memory import Ask, Pending, ShoppingMemory
from skills.shopping.product import Product
from skills.shopping.system_replies import default
from skills.shopping.words import joined
from skills.skill import ActionRequest, ActionResult
from skills.storefront import Match

PERSON = Tap(name="person.ask")
SHORT = 40
"""Characters of a question that is offered to be tapped."""
FACTS = 4


def of_shop(request: ActionRequest, match: Match) -> ActionResult:
    """What the shop has answered."""
    answer = match.answer
    facts = (answered(Answered.SHOP, answer.id, request.understanding.text, match.score),)
    view = view_of(answer, shop_of(request) or "")
    memory = ShoppingMemory.read(request.memory)
    return shop_answer(
        request, memory, answer.answer, speech=brief(answer.answer), view=view, quick=says(answer), facts=facts
    )


def unknown(request: ActionRequest, product: Product | None, near: Sequence[str], now: datetime) -> ActionResult:
    """Honestly: what is not known, what is, and who may know. `near` are questions that the shop has answered."""
    memory = about(request, product) if product else ShoppingMemory.read(request.memory)
    memory = memory.model_copy(update={"pending": Pending(ask=Ask.CONFIRM, tap=PERSON.name)})
    speech = default("answers.unknown")
    text, cards = speech, tuple[ProductCard, ...]()
    if product:
        speech = f"That is not in what I know of the {said_name(product)}. Shall I ask a person?"
        known = [fact(one) for one in product.attributes[:FACTS]]
        text = f"{speech} What I do know: {'; '.join(known)}." if known else speech
        cards = (card(product, now, buttons=buttons(product)),)
    view = ShopView(products=cards, buttons=(Button(label="Ask a person", tap=PERSON),))
    quick = [one for one in near if len(one) <= SHORT]
    facts = unanswered(Missing.UNKNOWN, request.understanding.text, product.id if product else "")
    return shop_answer(
        request,
        memory,
        text,
        speech=speech,
        view=view,
        quick=quick,
        expects_reply=True,
        facts=(facts, *inquiry(request, product)),
    )


def inquiry(request: ActionRequest, *products: Product | None) -> tuple[Fact, ...]:
    """That these were asked about."""
    return tuple(asked_about(one.id, request.understanding.text) for one in products if one)


def told(request: ActionRequest, source: Answered, product: Product) -> tuple[Fact, ...]:
    """That a question about a product was answered."""
    return (answered(source, product.id, request.understanding.text), *inquiry(request, product))


def which(request: ActionRequest, meant: Which, now: datetime) -> ActionResult:
    """Asks which product is meant."""
    memory = ShoppingMemory.read(request.memory)
    if not meant.candidates:
        lost = f"I can't find {meant.called}. Tell me its name, or what it is for."
        text = lost if meant.called else default("answers.which")
        return shop_answer(request, memory, text, expects_reply=True)
    names = joined([said_name(one) for one in meant.candidates[:3]], "or")
    shown = {"shown": tuple(one.id for one in meant.candidates), "told": len(meant.candidates)}
    cards = tuple(card(one, now, buttons=buttons(one)) for one in meant.candidates[:10])
    text, view = f"Which one do you mean: {names}?", ShopView(products=cards)
    return shop_answer(request, memory.model_copy(update=shown), text, view=view, expects_reply=True)


def about(request: ActionRequest, product: Product) -> ShoppingMemory:
    """The memory in which this product is the one spoken about; what was chosen of another one is forgotten."""
    memory = ShoppingMemory.read(request.memory)
    if memory.product == product.id:
        return memory
    return memory.model_copy(update={"product": product.id, "sku": None, "options": {}})

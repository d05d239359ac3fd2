"""Helping to decide: details, questions, stock, delivery and reviews of a product, and the shop's own answers."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from pydantic import BaseModel, ValidationError

from skills.message import ItemId
from skills.shop_view import Button, Link, ProductCard, ShopView, Source, Tap
from skills.shopping.answering import shop_answer, shop_of
from skills.shopping.catalogue import Catalogues
from skills.shopping.deciding import telling
from skills.shopping.deciding.asking import sources
from skills.shopping.deciding.asking.facts import fact
from skills.shopping.deciding.asking.question import read_question
from skills.shopping.deciding.asking.sources import Told
from skills.shopping.deciding.delivery import country_in
from skills.shopping.deciding.details import buttons, details, full_card
from skills.shopping.deciding.manners import wording
from skills.shopping.deciding.recognising import Recognising
from skills.shopping.deciding.reviews import summary
from skills.shopping.deciding.stock import stock
from skills.shopping.deciding.which import Choosing, Which
from skills.shopping.deciding.wording import brief
from skills.shopping.finding import ProductSearch
from skills.shopping.finding.cards import card, said_name
from skills.shopping.memory import Ask, Pending, ShoppingMemory
from skills.shopping.product import Product
from skills.shopping.words import joined
from skills.skill import Action, ActionRequest, ActionResult
from skills.storefront import AnswerDesk, ShopAnswer
from skills.turn import Utterance

REVIEWS = 200
"""Of a product that are read."""
NEAR_QUESTION = 0.25
"""The score from which a question of the shop's is offered to somebody whose own has no answer."""
PERSON = Tap(name="person.ask")

_sending = re.compile(r"\b(?:ship|shipping|deliver|delivery|deliveries|send|post|postage|arrive)\b", re.IGNORECASE)

Handler = Callable[[ActionRequest, str], ActionResult]


class _Product(BaseModel):
    """What the taps of a product carry."""

    product: ItemId


class DecidingActions:
    """The actions and taps that help to decide. `find` is what searches for what was said."""

    def __init__(
        self,
        catalogues: Catalogues,
        desk: AnswerDesk,
        search: ProductSearch,
        find: Action,
        clock: Callable[[], datetime],
    ) -> None:
        self._catalogues, self._desk, self._find, self._clock = catalogues, desk, find, clock
        self._choosing = Choosing(catalogues, search)
        self._recognising = Recognising(catalogues, search)

    def by_name(self) -> Mapping[str, Action]:
        """The actions that the dialogue calls."""
        handlers: dict[str, Handler] = {
            "action_choose": self._details,
            "action_shop_details": self._details,
            "action_shop_ask_product": self._ask_product,
            "action_shop_ask": self._ask_shop,
            "action_shop_reviews": self._reviews,
            "action_shop_stock": self._stock,
            "action_shop_delivery": self._delivery,
        }
        return {name: self._in_shop(handler) for name, handler in handlers.items()} | {"action_by_name": self._by_name}

    def taps(self) -> Mapping[str, Action]:
        """What buttons of products do."""
        taps = {"product.details": self._told, "product.reviews": self._reviewed, "product.ask": self._invite}
        return {name: self._of_product(handler) for name, handler in taps.items()}

    def words(self, utterance: Utterance, name: str) -> str | None:
        """What the shop of this chat says for a response of the dialogue's."""
        shop = self._catalogues.shop(utterance.store) if utterance.store else None
        return wording(shop, utterance, name) if shop else None

    def _in_shop(self, handler: Handler) -> Action:
        async def act(request: ActionRequest) -> ActionResult:
            shop = shop_of(request)
            if not shop:
                return shop_answer(request, ShoppingMemory.read(request.memory), "Which shop shall I look in?")
            return await asyncio.to_thread(handler, request, shop)

        return act

    def _of_product(self, handler: Callable[[ActionRequest, str, Product], ActionResult]) -> Action:
        def tapped(request: ActionRequest, shop: str) -> ActionResult:
            try:
                wanted = _Product.model_validate(request.utterance.tap.values if request.utterance.tap else {})
            except ValidationError:
                wanted = None
            product = self._catalogues.product(shop, wanted.product) if wanted else None
            if product is None:
                memory = ShoppingMemory.read(request.memory)
                return shop_answer(request, memory, "This product is not there any more. What are you looking for?")
            return handler(request, shop, product)

        return self._in_shop(tapped)

    def _details(self, request: ActionRequest, shop: str) -> ActionResult:
        meant = self._choosing.which(request, shop)
        return self._told(request, shop, meant.product) if meant.product else self._which(request, meant)

    def _told(self, request: ActionRequest, _shop: str, product: Product) -> ActionResult:
        text, speech = details(product, self._clock())
        view = ShopView(products=(full_card(product, self._clock()),))
        quick = [one.question for one in product.questions if len(one.question) <= 40][:2]
        return shop_answer(request, _about(request, product), text, speech=speech, view=view, quick=quick)

    def _ask_product(self, request: ActionRequest, shop: str) -> ActionResult:
        meant, text = self._choosing.which(request, shop), request.understanding.text
        if meant.product is None:
            answer = self._desk.answer_for(shop, text)
            return self._of_shop(request, answer) if answer else self._which(request, meant)
        told = self._answer(shop, meant.product, text)
        if told is None:
            return self._unknown(request, shop, meant.product)
        view = ShopView(
            products=(card(meant.product, self._clock(), buttons=buttons(meant.product)),),
            sources=(told.source,),
            links=_links(told.shop_answer),
        )
        text = told.text
        return shop_answer(request, _about(request, meant.product), text, speech=brief(text), view=view)

    def _answer(self, shop: str, product: Product, text: str) -> Told | None:
        """From the first source that has it: its data, its questions and description, the shop, its customers."""
        question = read_question(text)
        return (
            sources.from_attributes(question, product)
            or sources.from_questions(question, product, self._desk)
            or sources.from_description(question, product)
            or sources.from_shop(question, shop, self._desk)
            or sources.from_reviews(question, self._catalogues.reviews(shop, product.id, REVIEWS))
        )

    def _ask_shop(self, request: ActionRequest, shop: str) -> ActionResult:
        text = request.understanding.text
        if _sending.search(text) and country_in(text):
            return self._delivery(request, shop)
        if answer := self._desk.answer_for(shop, text):
            return self._of_shop(request, answer)
        product = self._choosing.which(request, shop).product
        if product and (told := self._answer(shop, product, text)):
            view = ShopView(products=(card(product, self._clock()),), sources=(told.source,))
            return shop_answer(request, _about(request, product), told.text, speech=brief(told.text), view=view)
        return self._unknown(request, shop, None)

    def _of_shop(self, request: ActionRequest, answer: ShopAnswer) -> ActionResult:
        source = Source(kind="shop", label="The shop's answer", quote=answer.question)
        view = ShopView(sources=(source,), links=_links(answer))
        memory = ShoppingMemory.read(request.memory)
        return shop_answer(request, memory, answer.answer, speech=brief(answer.answer), view=view, quick=answer.quick)

    def _unknown(self, request: ActionRequest, shop: str, product: Product | None) -> ActionResult:
        """Honestly: what is not known, what is, and who may know."""
        near = [one.answer.question for one in self._desk.best(shop, request.understanding.text, 2)
                if one.score >= NEAR_QUESTION and len(one.answer.question) <= 40]  # fmt: skip
        memory = _about(request, product) if product else ShoppingMemory.read(request.memory)
        memory = memory.model_copy(update={"pending": Pending(ask=Ask.CONFIRM, tap=PERSON.name)})
        speech = "I don't know that, and I won't guess. Shall I ask a person?"
        text, cards = speech, tuple[ProductCard, ...]()
        if product:
            speech = f"That is not in what I know of the {said_name(product)}. Shall I ask a person?"
            facts = [fact(one) for one in product.attributes[:4]]
            text = f"{speech} What I do know: {joined(facts)}." if facts else speech
            cards = (card(product, self._clock(), buttons=buttons(product)),)
        view = ShopView(products=cards, buttons=(Button(label="Ask a person", tap=PERSON),))
        return shop_answer(request, memory, text, speech=speech, view=view, quick=near, expects_reply=True)

    def _reviews(self, request: ActionRequest, shop: str) -> ActionResult:
        meant = self._choosing.which(request, shop)
        return self._reviewed(request, shop, meant.product) if meant.product else self._which(request, meant)

    def _reviewed(self, request: ActionRequest, shop: str, product: Product) -> ActionResult:
        reviews = self._catalogues.reviews(shop, product.id, REVIEWS)
        told = summary(reviews, product.title)
        text = telling.of_reviews(product, reviews, told, request.understanding.value("topic"))
        label = "1 review" if told.count == 1 else f"{told.count} reviews"
        view = ShopView(
            products=(card(product, self._clock(), buttons=buttons(product)),),
            reviews=told if told.count else None,
            sources=(Source(kind="reviews", label=label, quote=told.quotes[0] if told.quotes else ""),) * bool(reviews),
        )
        return shop_answer(request, _about(request, product), text, speech=brief(text), view=view)

    def _stock(self, request: ActionRequest, shop: str) -> ActionResult:
        meant = self._choosing.which(request, shop)
        if (product := meant.product) is None:
            return self._which(request, meant)
        told = stock(product, request.understanding.text, request.understanding.value("option"))
        shown = card(product, self._clock(), variants=told.variants, buttons=buttons(product))
        memory = _about(request, product)
        memory = memory.model_copy(update={"options": {**memory.options, **told.options}})
        view = ShopView(products=(shown,))
        return shop_answer(request, memory, told.text, speech=brief(told.text), view=view)

    def _delivery(self, request: ActionRequest, shop: str) -> ActionResult:
        profile = self._catalogues.shop(shop)
        product = self._choosing.which(request, shop).product
        memory = _about(request, product) if product else ShoppingMemory.read(request.memory)
        if profile is None or not profile.deliveries:
            answer = self._desk.answer_for(shop, request.understanding.text)
            return self._of_shop(request, answer) if answer else self._unknown(request, shop, None)
        price = card(product, self._clock()).price if product else None
        country = country_in(request.understanding.text)
        text = telling.of_delivery(profile, self._clock(), country, price)
        view = ShopView(
            products=(card(product, self._clock(), buttons=buttons(product)),) if product else (),
            sources=(Source(kind="shop", label=f"Delivery at {profile.name}"),),
        )
        return shop_answer(request, memory, text, speech=brief(text), view=view)

    def _invite(self, request: ActionRequest, _shop: str, product: Product) -> ActionResult:
        quick = [one.question for one in product.questions if len(one.question) <= 40][:3]
        view = ShopView(products=(card(product, self._clock()),))
        text = f"What would you like to know about the {said_name(product)}?"
        return shop_answer(request, _about(request, product), text, view=view, quick=quick, expects_reply=True)

    async def _by_name(self, request: ActionRequest) -> ActionResult:
        """What means nothing to the dialogue may be a question of the shop's, a product, or what one is like."""
        shop, text = shop_of(request), request.understanding.text
        if shop and text.strip():
            if answer := await asyncio.to_thread(self._desk.answer_for, shop, text):
                return replace(self._of_shop(request, answer), slots={"named": True})
            if product := await asyncio.to_thread(self._recognising.named, shop, text):
                return replace(self._told(request, shop, product), slots={"named": True})
            if await asyncio.to_thread(self._recognising.is_wanted, shop, text):
                return replace(await self._find(request), slots={"named": True})
        return ActionResult(None, request.memory, {"named": False})

    def _which(self, request: ActionRequest, meant: Which) -> ActionResult:
        memory = ShoppingMemory.read(request.memory)
        if not meant.candidates:
            text = f"I can't find {meant.called}." if meant.called else "Which product do you mean?"
            return shop_answer(request, memory, f"{text} Tell me its name, or what it is for.", expects_reply=True)
        names = joined([said_name(one) for one in meant.candidates[:3]], "or")
        memory = memory.model_copy(update={"shown": tuple(one.id for one in meant.candidates),
                                           "told": len(meant.candidates)})  # fmt: skip
        cards = tuple(card(one, self._clock(), buttons=buttons(one)) for one in meant.candidates[:10])
        text = f"Which one do you mean: {names}?"
        return shop_answer(request, memory, text, view=ShopView(products=cards), expects_reply=True)


def _about(request: ActionRequest, product: Product) -> ShoppingMemory:
    """The memory in which this product is the one spoken about; what was chosen of another one is forgotten."""
    memory = ShoppingMemory.read(request.memory)
    if memory.product == product.id:
        return memory
    return memory.model_copy(update={"product": product.id, "sku": None, "options": {}})


def _links(answer: ShopAnswer | None) -> Sequence[Link]:
    return answer.links if answer else ()

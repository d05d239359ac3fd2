"""Helping to decide: details, questions, stock, delivery and reviews of a product, and the shop's own answers."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from pydantic import BaseModel, ValidationError

from skills.fact import Fact, answered
from skills.fact import Source as Answered
from skills.message import ItemId
from skills.shop_view import ShopView, Source
from skills.shopping.answering import shop_answer, shop_of
from skills.shopping.catalogue import Catalogues
from skills.shopping.deciding import telling
from skills.shopping.deciding.asking import sources
from skills.shopping.deciding.asking.question import is_question, read_question
from skills.shopping.deciding.asking.sources import Told
from skills.shopping.deciding.delivery import country_in
from skills.shopping.deciding.details import buttons, details, full_card
from skills.shopping.deciding.own_answers import OwnAnswers, says, view_of
from skills.shopping.deciding.recognising import Meant, Recognising
from skills.shopping.deciding.replying import about, inquiry, of_shop, told, unknown, which
from skills.shopping.deciding.reviews import summary
from skills.shopping.deciding.stock import stock
from skills.shopping.deciding.which import Choosing, Which
from skills.shopping.deciding.wording import brief
from skills.shopping.finding import ProductSearch
from skills.shopping.finding.cards import card, said_name
from skills.shopping.memory import ShoppingMemory
from skills.shopping.product import Product
from skills.shopping.system_replies import default
from skills.skill import Action, ActionRequest, ActionResult
from skills.storefront import LIKELY
from skills.turn import QuickReply

REVIEWS = 200
"""Of a product that are read."""
NEAR_QUESTION = 0.25
"""The score from which a question of the shop's is offered to somebody whose own has no answer."""

_sending = re.compile(r"\b(?:ship|shipping|deliver|delivery|deliveries|send|post|postage|arrive)\b", re.IGNORECASE)

_this_one = re.compile(r"\b(?:it|its|this|these|they|them|those)\b", re.IGNORECASE)
Handler = Callable[[ActionRequest, str], ActionResult]


class _Product(BaseModel):
    """What the taps of a product carry."""

    product: ItemId


class DecidingActions:
    """The actions and taps that help to decide. `find` is what searches for what was said."""

    def __init__(
        self,
        catalogues: Catalogues,
        answers: OwnAnswers,
        search: ProductSearch,
        find: Action,
        clock: Callable[[], datetime],
    ) -> None:
        self._catalogues, self._answers, self._find, self._clock = catalogues, answers, find, clock
        self._choosing = Choosing(catalogues, search)
        self._recognising = Recognising(catalogues, search, answers)

    def by_name(self) -> Mapping[str, Action]:
        """The actions that the dialogue calls."""
        handlers: dict[str, Handler] = {
            "action_choose": self._details,
            "action_shop_details": self._asked_or_told,
            "action_shop_ask_product": self._ask_product,
            "action_shop_reviews": self._reviews,
            "action_shop_stock": self._stock,
            "action_shop_delivery": self._delivery,
        }
        return {name: self._in_shop(handler) for name, handler in handlers.items()} | {
            "action_shop_ask": self._ask_or_find,
            "action_by_name": self._by_name,
        }

    def taps(self) -> Mapping[str, Action]:
        """What buttons of products do."""
        taps = {"product.details": self._told, "product.reviews": self._reviewed, "product.ask": self._invite}
        return {name: self._of_product(handler) for name, handler in taps.items()}

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
                return shop_answer(request, memory, default("answers.gone"))
            return handler(request, shop, product)

        return self._in_shop(tapped)

    def _details(self, request: ActionRequest, shop: str) -> ActionResult:
        meant = self._choosing.which(request, shop)
        return self._told(request, shop, meant.product) if meant.product else self._which(request, shop, meant)

    def _asked_or_told(self, request: ActionRequest, shop: str) -> ActionResult:
        """A question ("what is it made of?") asks for one of its details, "tell me more" for all."""
        product = self._choosing.which(request, shop).product
        text = request.understanding.text
        if product and is_question(text) and self._known(request, product):
            return self._ask_product(request, shop)
        return self._details(request, shop)

    def _told(self, request: ActionRequest, _shop: str, product: Product) -> ActionResult:
        text, speech = details(product, self._clock())
        view = ShopView(products=(full_card(product, self._clock()),))
        quick = [one.question for one in product.questions if len(one.question) <= 40][:2]
        facts = told(request, Answered.PRODUCT, product)
        return shop_answer(request, about(request, product), text, speech=speech, view=view, quick=quick, facts=facts)

    def _ask_product(self, request: ActionRequest, shop: str) -> ActionResult:
        meant, text = self._choosing.which(request, shop), request.understanding.text
        if meant.product is None:
            return self._which(request, shop, meant)
        found = self._answer(request, shop, meant.product)
        if found is None:
            return self._unknown(request, shop, meant.product)
        view, quick = self._shown(shop, found)
        shown = (card(meant.product, self._clock(), buttons=buttons(meant.product)),)
        view = view.model_copy(update={"products": shown})
        text, facts = found.text, self._found(request, found, meant.product)
        memory = about(request, meant.product)
        return shop_answer(request, memory, text, speech=brief(text), view=view, quick=quick, facts=facts)

    def _shown(self, shop: str, found: Told) -> tuple[ShopView, Sequence[QuickReply]]:
        """What stands beside an answer about a product, wherever it was found, and what may be tapped to say next."""
        if found.match is None:
            return ShopView(sources=(found.source,)), ()
        return view_of(found.match.answer, shop), says(found.match.answer)

    def _found(self, request: ActionRequest, found: Told, product: Product) -> tuple[Fact, ...]:
        """That a question about a product was answered from where it was found."""
        if match := found.match:
            own = answered(Answered.SHOP, match.answer.id, request.understanding.text, match.score)
            return (own, *inquiry(request, product))
        return told(request, Answered.REVIEWS if found.source.kind == "reviews" else Answered.PRODUCT, product)

    def _known(self, request: ActionRequest, product: Product) -> Told | None:
        """From the product itself."""
        question = read_question(request.understanding.text, request.understanding.value("product"))
        return sources.from_attributes(question, product) or sources.from_questions(
            question, product, self._answers.desk
        )

    def _answer(self, request: ActionRequest, shop: str, product: Product) -> Told | None:
        """From the first source that has it: its data, its questions and description, the shop, its customers."""
        question = read_question(request.understanding.text, request.understanding.value("product"))
        return (
            sources.from_attributes(question, product)
            or sources.from_questions(question, product, self._answers.desk)
            or sources.from_description(question, product)
            or sources.from_shop(question, next(iter(self._answers.best(request, shop, question.text)), None))
            or sources.from_reviews(question, self._catalogues.reviews(shop, product.id, REVIEWS))
        )

    def _ask_shop(self, request: ActionRequest, shop: str) -> ActionResult:
        text = request.understanding.text
        if _sending.search(text) and country_in(text):
            return self._delivery(request, shop)
        product = self._choosing.which(request, shop).product
        if product and _this_one.search(text) and self._known(request, product):
            return self._ask_product(request, shop)
        if answer := self._answers.fitting(request, shop, text, LIKELY):
            return of_shop(request, answer)
        if product and (found := self._answer(request, shop, product)):
            view, quick = self._shown(shop, found)
            view = view.model_copy(update={"products": (card(product, self._clock()),)})
            facts, speech, memory = self._found(request, found, product), brief(found.text), about(request, product)
            return shop_answer(request, memory, found.text, speech=speech, view=view, quick=quick, facts=facts)
        return self._unknown(request, shop, None)

    def _which(self, request: ActionRequest, shop: str, meant: Which) -> ActionResult:
        """Asks which product is meant, unless it was a question to the shop after all."""
        answer = None if meant.candidates else self._answers.fitting(request, shop, request.understanding.text, LIKELY)
        return of_shop(request, answer) if answer else which(request, meant, self._clock())

    def _unknown(self, request: ActionRequest, shop: str, product: Product | None) -> ActionResult:
        near = [one.answer.question for one in self._answers.best(request, shop, request.understanding.text, 2)
                if one.score >= NEAR_QUESTION]  # fmt: skip
        return unknown(request, product, near, self._clock())

    def _reviews(self, request: ActionRequest, shop: str) -> ActionResult:
        meant = self._choosing.which(request, shop)
        return self._reviewed(request, shop, meant.product) if meant.product else self._which(request, shop, meant)

    def _reviewed(self, request: ActionRequest, shop: str, product: Product) -> ActionResult:
        reviews = self._catalogues.reviews(shop, product.id, REVIEWS)
        said = summary(reviews, product.title)
        text = telling.of_reviews(product, reviews, said, request.understanding.value("topic"))
        label = "1 review" if said.count == 1 else f"{said.count} reviews"
        view = ShopView(
            products=(card(product, self._clock(), buttons=buttons(product)),),
            reviews=said if said.count else None,
            sources=(Source(kind="reviews", label=label, quote=said.quotes[0] if said.quotes else ""),) * bool(reviews),
        )
        facts = told(request, Answered.REVIEWS, product)
        return shop_answer(request, about(request, product), text, speech=brief(text), view=view, facts=facts)

    def _stock(self, request: ActionRequest, shop: str) -> ActionResult:
        meant = self._choosing.which(request, shop)
        if (product := meant.product) is None:
            return self._which(request, shop, meant)
        left = stock(product, request.understanding.text, request.understanding.value("option"))
        shown = card(product, self._clock(), variants=left.variants, buttons=buttons(product))
        memory = about(request, product)
        if any(one.can_order() for one in left.variants):
            memory = memory.model_copy(update={"options": {**memory.options, **left.options}})
        view, facts = ShopView(products=(shown,)), told(request, Answered.STOCK, product)
        return shop_answer(request, memory, left.text, speech=brief(left.text), view=view, facts=facts)

    def _delivery(self, request: ActionRequest, shop: str) -> ActionResult:
        profile = self._catalogues.shop(shop)
        product = self._choosing.which(request, shop).product
        memory = about(request, product) if product else ShoppingMemory.read(request.memory)
        if profile is None or not profile.deliveries:
            answer = self._answers.fitting(request, shop, request.understanding.text)
            return of_shop(request, answer) if answer else self._unknown(request, shop, None)
        price = card(product, self._clock()).price if product else None
        country = country_in(request.understanding.text)
        text = telling.of_delivery(profile, self._clock(), country, price)
        view = ShopView(
            products=(card(product, self._clock(), buttons=buttons(product)),) if product else (),
            sources=(Source(kind="shop", label=f"Delivery at {profile.name}"),),
        )
        product_id = product.id if product else ""
        facts = (answered(Answered.DELIVERY, product_id, request.understanding.text), *inquiry(request, product))
        return shop_answer(request, memory, text, speech=brief(text), view=view, facts=facts)

    def _invite(self, request: ActionRequest, _shop: str, product: Product) -> ActionResult:
        quick = [one.question for one in product.questions if len(one.question) <= 40][:3]
        view = ShopView(products=(card(product, self._clock()),))
        text = f"What would you like to know about the {said_name(product)}?"
        return shop_answer(request, about(request, product), text, view=view, quick=quick, expects_reply=True)

    async def _ask_or_find(self, request: ActionRequest) -> ActionResult:
        """A question to the shop; but "frying pans for induction" asks nothing and may well be a search."""
        if not is_question(request.understanding.text):
            answered = await self._by_name(request)
            if answered.reply is not None:
                return replace(answered, slots={})
        return await self._in_shop(self._ask_shop)(request)

    async def _by_name(self, request: ActionRequest) -> ActionResult:
        """What means nothing to the dialogue may be a question of the shop's, a product, or what one is like."""
        shop, text = shop_of(request), request.understanding.text
        meant = await asyncio.to_thread(self._recognising.meant, request, shop) if shop and text.strip() else Meant()
        if meant.answer:
            answered = of_shop(request, meant.answer)
        elif shop and meant.product:
            answered = self._told(request, shop, meant.product)
        elif meant.search:
            answered = await self._find(request)
        else:
            return ActionResult(None, request.memory, {"named": False})
        return replace(answered, slots={"named": True})

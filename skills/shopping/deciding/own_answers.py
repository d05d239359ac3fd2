"""The shop's own answers as they are for whoever asks: those that hold here and now, with their variables filled in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import cache

from skills.shop_view import OPEN, Button, Picture, ShopView, Source, Tap
from skills.shopping.catalogue import Catalogues
from skills.shopping.filling import Filling
from skills.shopping.shop import Shop
from skills.skill import ActionRequest
from skills.storefront import FEW, SURE, AnswerDesk, Match, ShopAnswer
from skills.storefront.answer import AnswerButton
from skills.storefront.choosing import Moment, allows
from skills.storefront.front import Front
from skills.storefront.template import render, variables
from skills.turn import QuickReply, Utterance


class OwnAnswers:
    """Asks a shop's desk for what may be said to somebody. Blocking."""

    def __init__(
        self, catalogues: Catalogues, desk: AnswerDesk, front: Front, filling: Filling, clock: Callable[[], datetime]
    ) -> None:
        self.desk = desk
        self._catalogues, self._front, self._filling, self._clock = catalogues, front, filling, clock

    def best(self, request: ActionRequest, shop: str, text: str, limit: int = 1) -> list[Match]:
        """The answers that fit best of those that hold, the best first, sure or not."""
        said = request.utterance

        @cache
        def moment() -> Moment | None:  # looked up where an answer asks for it, which few do
            profile = self._catalogues.shop(shop)
            return self.moment(profile, said) if profile else None

        def holds(answer: ShopAnswer) -> bool:
            if not answer.specificity:
                return True
            now = moment()
            return now is not None and allows(answer, now)

        found = self.desk.best(shop, text, limit, draft=said.draft, allows=holds)
        return [replace(one, answer=self._filled(one.answer, said, shop)) for one in found]

    def fitting(self, request: ActionRequest, shop: str, text: str, least: float = SURE) -> Match | None:
        """The answer to what is asked; None where none fits so well. One with many wordings has to fit surely."""
        best = next(iter(self.best(request, shop, text)), None)
        if best and len(best.answer.wordings) > FEW:
            least = max(least, SURE)
        return best if best and best.score >= least else None

    def moment(self, shop: Shop, said: Utterance) -> Moment:
        """What the conditions of answers are about."""
        now, shop = said.at or self._clock(), self._front.shop(shop, draft=said.draft)
        hours = self._front.of(shop.id, said.draft).timetable(shop)
        product = self._catalogues.product(shop.id, said.page_item) if said.page_item else None
        return Moment(
            today=now.astimezone(hours.where).date(),
            page=said.page_url,
            product=product.id if product else None,
            categories=frozenset(one.casefold() for one in product.categories) if product else frozenset(),
            signed_in=said.user is not None,
            in_hours=hours.is_open(now),
        )

    def _filled(self, answer: ShopAnswer, said: Utterance, shop: str) -> ShopAnswer:
        names = variables(answer.answer)
        if not names:
            return answer
        return answer.model_copy(update={"answer": render(answer.answer, self._filling.said(said, names, shop))})


def view_of(answer: ShopAnswer, shop: str) -> ShopView:
    """What stands beside an answer's words, as every client draws it."""
    return ShopView(
        pictures=tuple(Picture(url=picture_url(shop, one.name), alt=one.alt) for one in answer.pictures),
        buttons=tuple(Button(label=one.label, tap=tap) for one in answer.buttons if (tap := _tap(one))),
        links=answer.links,
        sources=(Source(kind="shop", label="The shop's answer", quote=answer.question),),
    )


def says(answer: ShopAnswer) -> list[QuickReply]:
    """Its buttons that say something."""
    return [QuickReply(text=one.label, utterance=one.say) for one in answer.buttons if one.say]


def picture_url(shop: str, name: str) -> str:
    """Where a picture of the shop's answers is shown from."""
    return f"/shops/{shop}/answers/{name}"


def _tap(button: AnswerButton) -> Tap | None:
    if button.url:
        return Tap(name=OPEN, values={"url": button.url})
    return Tap(name="product.details", values={"product": button.product}) if button.product else None

"""Finding's actions and taps: thin, each hands its turn to a thread and to what makes the answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from pydantic import BaseModel, Field, ValidationError

from skills.message import ItemId
from skills.shop_view import Tap
from skills.shopping.answering import shop_answer, shop_of
from skills.shopping.catalogue import Catalogues
from skills.shopping.deciding.which import Choosing
from skills.shopping.finding.looking import WHICH, Looking
from skills.shopping.finding.search import ProductSearch
from skills.shopping.finding.searching import Scene, Searching
from skills.shopping.finding.visiting import Visiting
from skills.shopping.memory import Ask, ShoppingMemory
from skills.skill import Action, ActionRequest, ActionResult

NO_SHOP = "You're in no shop yet. Say \u201copen\u201d and a shop's name, or what you'd like to buy."
BUTTON_OUTDATED = "That button doesn't fit any more. Tell me what you're looking for."
SORTS = {
    "price": "cheapest first",
    "price_desc": "most expensive first",
    "rating": "best rated first",
}

Handler = Callable[[Scene], ActionResult]


class _Label(BaseModel):
    label: str = Field(max_length=200)


class _Value(BaseModel):
    field: str = Field(max_length=64, pattern=r"^[a-z][a-z0-9_]*$")
    value: str = Field(min_length=1, max_length=200)


class _By(BaseModel):
    by: str = Field(max_length=20)


class _One(BaseModel):
    product: ItemId


class _Several(BaseModel):
    products: list[ItemId] = Field(min_length=2, max_length=3)


class _Nothing(BaseModel):
    pass


Values = TypeVar("Values", bound=BaseModel)


class FindingActions:
    """A part of shopping: see `skills.shopping.actions.Part`."""

    def __init__(
        self,
        catalogues: Catalogues,
        search: ProductSearch,
        clock: Callable[[], datetime],
        taps: Callable[[], Mapping[str, Action]],
    ) -> None:
        """`clock` gives the time, `taps` what the buttons of all parts do."""
        self._search = search
        self._all_taps = taps
        self._searching = Searching(catalogues, search, clock)
        self._looking = Looking(catalogues, search, Choosing(catalogues, search), clock)
        self._visiting = Visiting(catalogues, search, self._searching, clock)

    def by_name(self) -> Mapping[str, Action]:
        """The actions under the names that the dialogue's domain gives them."""
        return {
            "action_shop_find": _in_shop(self._searching.find),
            "action_shop_refine": self._refine,
            "action_shop_drop": _in_shop(self._searching.drop),
            "action_shop_compare": _in_shop(self._looking.compare),
            "action_shop_why": _in_shop(self._looking.why),
            "action_shop_similar": _in_shop(self._similar),
            "action_shop_facets": _in_shop(self._looking.facets),
            "action_more": _in_shop(self._searching.more),
            "action_shop_open": self._open,
            "action_shop_leave": self._leave,
        }

    def taps(self) -> Mapping[str, Action]:
        """What the buttons of search results do."""
        return {
            "find.drop": _tap(_Label, lambda scene, values: self._searching.without(scene, values.label)),
            "find.add": _tap(_Value, self._add),
            "find.sort": _tap(_By, self._sort),
            "find.more": _tap(_Nothing, lambda scene, _: self._searching.more(scene)),
            "find.open": self._details,
            "find.compare": _tap(_Several, lambda scene, values: self._looking.compare(scene, values.products)),
            "find.similar": _tap(_One, lambda scene, values: self._searching.similar(scene, values.product)),
        }

    async def _refine(self, request: ActionRequest) -> ActionResult:
        """A refinement; or the answer to "which size?"."""
        pending = ShoppingMemory.read(request.memory).pending
        if pending is not None and pending.ask is Ask.OPTION and (action := self._all_taps().get(pending.tap)):
            tap = Tap(name=pending.tap, values=pending.values | {pending.ask.value: request.utterance.text[:200]})
            return await action(replace(request, utterance=request.utterance.model_copy(update={"tap": tap})))
        return await _in_shop(self._searching.refine)(request)

    async def _details(self, request: ActionRequest) -> ActionResult:
        return await self._all_taps()["product.details"](request)

    async def _open(self, request: ActionRequest) -> ActionResult:
        return await asyncio.to_thread(self._visiting.open, request)

    async def _leave(self, request: ActionRequest) -> ActionResult:
        return await asyncio.to_thread(self._visiting.leave, request)

    def _similar(self, scene: Scene) -> ActionResult:
        product = self._looking.meant(scene)
        if product is None:
            return shop_answer(scene.request, scene.memory, WHICH, expects_reply=True)
        # "Something like this but cheaper" says more than that it is to be alike.
        return self._searching.like(scene, product.id)

    def _add(self, scene: Scene, values: _Value) -> ActionResult:
        words = {field: word for word, field in self._search.plan_words(scene.shop).items()}
        if values.field not in words:
            return shop_answer(scene.request, scene.memory, BUTTON_OUTDATED)
        return self._searching.add(scene, f"{words[values.field]} {values.value}")

    def _sort(self, scene: Scene, values: _By) -> ActionResult:
        if values.by not in SORTS:
            return shop_answer(scene.request, scene.memory, BUTTON_OUTDATED)
        return self._searching.add(scene, SORTS[values.by])


def _in_shop(handler: Handler) -> Action:
    """The action that answers in a thread, in the shop that the turn is about."""

    async def action(request: ActionRequest) -> ActionResult:
        shop = shop_of(request)
        if shop is None:
            return shop_answer(request, ShoppingMemory.read(request.memory), NO_SHOP, expects_reply=True)
        return await asyncio.to_thread(handler, Scene.of(request, shop))

    return action


def _tap(model: type[Values], handler: Callable[[Scene, Values], ActionResult]) -> Action:
    """The tap whose values are `model`'s; others are answered kindly, and change nothing."""

    def checked(scene: Scene) -> ActionResult:
        tap = scene.request.utterance.tap
        try:
            values = model.model_validate(tap.values if tap else {})
        except ValidationError:
            return shop_answer(scene.request, scene.memory, BUTTON_OUTDATED)
        return handler(scene, values)

    return _in_shop(checked)

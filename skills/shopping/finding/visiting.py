"""Shops at the speaker: one is opened by its name or by what it sells, and left again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from search_index.names import Names
from skills.shopping.answering import shop_answer
from skills.shopping.catalogue.reading import Reading
from skills.shopping.finding.found import Found
from skills.shopping.finding.search import ProductSearch
from skills.shopping.finding.searching import Scene, Searching
from skills.shopping.memory import ShoppingMemory
from skills.shopping.shop import Shop
from skills.shopping.words import joined
from skills.skill import ActionRequest, ActionResult

NAMED_SHOP = 0.45
"""Likeness from which a shop's name was said."""
OFFERED = 4
NO_SHOPS = "There are no shops here yet."


class Visiting:
    """Blocking; each method makes the answer of one turn."""

    def __init__(
        self, catalogues: Reading, search: ProductSearch, searching: Searching, clock: Callable[[], datetime]
    ) -> None:
        self._catalogues = catalogues
        self._search = search
        self._searching = searching
        self._clock = clock

    def open(self, request: ActionRequest) -> ActionResult:
        """Open the shop that is named, or the one that has what is wanted; with a question where it may be any."""
        memory = ShoppingMemory.read(request.memory)
        wanted, named = request.understanding.value("wanted"), request.understanding.value("shop")
        if wanted and not named and (here := request.utterance.store or memory.shop):
            return self._searching.find(Scene.of(request, here))
        shops = self._catalogues.shops()
        if not shops:
            return shop_answer(request, memory, NO_SHOPS)
        shop = self._named(shops, named or ("" if wanted else request.utterance.text))
        if shop is None and wanted:
            shop = self._selling(shops, wanted)
        if shop is None and len(shops) == 1:
            shop = shops[0]
        if shop is None:
            return self._ask(request, memory, shops, named)
        memory = ShoppingMemory(shop=shop.id)
        if wanted:
            inside = replace(request, memory=memory.model_dump(mode="json"))
            return self._searching.find(Scene.of(inside, shop.id), before=f"You're in the {shop.name} shop. ")
        text = shop.greeting or f"You're in the {shop.name} shop. What are you looking for?"
        speech = f"You're in the {shop.name} shop. What are you looking for?"
        return shop_answer(request, memory, text, speech=speech, quick=shop.suggestions, expects_reply=True)

    def leave(self, request: ActionRequest) -> ActionResult:
        """Leave the shop; what is in the cart stays there."""
        memory = ShoppingMemory.read(request.memory)
        if request.utterance.store:
            return shop_answer(request, memory, "You're welcome any time. Just close the chat when you like.")
        shop = self._catalogues.shop(memory.shop) if memory.shop else None
        text = f"You've left the {shop.name} shop." if shop else "You're not in a shop."
        return shop_answer(request, ShoppingMemory(), text)

    @staticmethod
    def _named(shops: Sequence[Shop], text: str) -> Shop | None:
        """The shop whose name is most like what was said."""
        if not text.strip():
            return None
        best = Names([(number, one.name) for number, one in enumerate(shops)]).similarities(text).best(1, NAMED_SHOP)
        return shops[best[0][0]] if best else None

    def _selling(self, shops: Sequence[Shop], wanted: str) -> Shop | None:
        """The shop with the best answer to what is wanted; None where no shop has any."""
        found = [(self._fit(self._search.find(one.id, wanted, limit=1)), one) for one in shops]
        best = max(found, key=lambda pair: pair[0])
        return best[1] if best[0] > 0 else None

    @staticmethod
    def _fit(found: Found) -> float:
        """How well a shop's best product answers: a kind of things that it has counts most, then meaning."""
        if not found.products:
            return 0.0
        kind = any(one.field == "category" and one.hard for one in found.understood.constraints)
        return 2.0 + (not found.relaxed) if kind else 0.1 + found.explanations[found.products[0].id].meaning.raw

    def _ask(self, request: ActionRequest, memory: ShoppingMemory, shops: Sequence[Shop], named: str) -> ActionResult:
        names = [one.name for one in shops[:OFFERED]]
        unknown = f"I know no shop called {named[:40]}. " if named else ""
        text = f"{unknown}Which shop: {joined(names, 'or')}?"
        return shop_answer(request, memory, text, quick=[f"Open {name}" for name in names], expects_reply=True)

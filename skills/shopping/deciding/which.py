"""Which product a question is about: the one that was named or counted, the one on the page, or the one before."""

from __future__ import annotations

from dataclasses import dataclass

from search_index import terms_of
from skills.shopping.catalogue import Catalogues
from skills.shopping.finding import ProductSearch
from skills.shopping.memory import ShoppingMemory
from skills.shopping.product import Product
from skills.skill import ActionRequest

CANDIDATES = 3


@dataclass(frozen=True)
class Which:
    """The product that is meant; else those it may be, or none, and the name that nothing bears."""

    product: Product | None = None
    candidates: tuple[Product, ...] = ()
    called: str = ""


class Choosing:
    """Finds the product that is meant. Blocking."""

    def __init__(self, catalogues: Catalogues, search: ProductSearch) -> None:
        self._catalogues = catalogues
        self._search = search

    def which(self, request: ActionRequest, shop: str) -> Which:
        """The product that an utterance is about."""
        memory, understanding = ShoppingMemory.read(request.memory), request.understanding
        if place := _ordinal(understanding.value("ordinal")):
            return self._counted(shop, memory, place)
        if name := understanding.value("product").strip():
            return self._called(request, shop, memory, name)
        if product := self._current(request, shop, memory):
            return Which(product)
        return Which(candidates=tuple(self._shown(shop, memory)))

    def _counted(self, shop: str, memory: ShoppingMemory, place: int) -> Which:
        shown = memory.shown[: memory.told] or memory.shown
        index = place - 1 if place > 0 else len(shown) + place
        if 0 <= index < len(memory.shown):
            return Which(self._catalogues.product(shop, memory.shown[index]))
        return Which(candidates=tuple(self._shown(shop, memory)))

    def _called(self, request: ActionRequest, shop: str, memory: ShoppingMemory, name: str) -> Which:
        """By its name; or a word for what was just spoken about or shown ("the boots")."""
        current, shown = self._current(request, shop, memory), self._shown(shop, memory)
        if current and _is_called(current, name):
            return Which(current)
        if found := self._search.named(shop, name):
            return Which(self._catalogues.product(shop, found))
        fitting = [one for one in shown if _is_called(one, name)]
        if len(fitting) == 1:
            return Which(fitting[0])
        likely = fitting or list(self._search.find(shop, name, limit=CANDIDATES).products)
        return Which(likely[0]) if len(likely) == 1 else Which(candidates=tuple(likely[:CANDIDATES]), called=name)

    def _current(self, request: ActionRequest, shop: str, memory: ShoppingMemory) -> Product | None:
        """What "it" is: what is on the page if that is another page than last time, else what was spoken about."""
        page = request.utterance.page_item
        order = (page, memory.product) if page != memory.page else (memory.product, page)
        found = (self._catalogues.product(shop, one) for one in order if one)
        return next((one for one in found if one is not None), None)

    def _shown(self, shop: str, memory: ShoppingMemory) -> list[Product]:
        return self._catalogues.products(shop, memory.shown[: memory.told or CANDIDATES])


def _ordinal(value: str) -> int:
    """A place counted from 1, or from the end below 0; 0 where there is none."""
    return int(value) if value.lstrip("-").isdigit() and len(value) < 5 else 0


def _is_called(product: Product, name: str) -> bool:
    """Whether every word of a name is one of the product's own: its title, brand and narrowest category."""
    narrow = product.categories[-1] if product.categories else ""
    words = set(terms_of(name, stemmed=True))
    return bool(words) and words <= set(terms_of(f"{product.title} {product.brand} {narrow}", stemmed=True))

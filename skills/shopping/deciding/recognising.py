"""What an utterance may mean that fits no intent: a product's name, or what some products are like. Blocking."""

from __future__ import annotations

from search_index import terms_of
from skills.shopping.catalogue import Catalogues
from skills.shopping.deciding.asking.question import content
from skills.shopping.finding import ProductSearch
from skills.shopping.product import Product

WHOLE_NAME = 0.8
"""Likeness from which a whole utterance is a product's name."""
COVERED = 0.5
"""Share of the words that carry meaning which must be the best product's own."""


class Recognising:
    """Compares whole utterances with a shop's products."""

    def __init__(self, catalogues: Catalogues, search: ProductSearch) -> None:
        self._catalogues = catalogues
        self._search = search

    def named(self, shop: str, text: str) -> Product | None:
        """The product that the whole text names."""
        hits = self._search.link(shop, text, 1)
        return self._catalogues.product(shop, hits[0].id) if hits and hits[0].score >= WHOLE_NAME else None

    def is_wanted(self, shop: str, text: str) -> bool:
        """Whether a search for it would find what it says, and not only what is somehow near."""
        found = self._search.find(shop, text, limit=1)
        terms = content(text)
        if not found.products or found.relaxed or not terms:
            return False
        product = found.products[0]
        told = [product.title, product.brand, *product.categories, *product.options]
        told += [text for one in product.attributes for text in (one.name, one.value)]
        own = set(terms_of(" ".join(told), stemmed=True))
        return len(terms & own) > COVERED * len(terms)

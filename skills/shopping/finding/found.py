"""What was found for a query: products of the database that meet its conditions, and what had to be given up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from search_index import Explanation
from search_index.understanding import Collection, Relaxed, Understood
from skills.shop_view import CARDS_MAX, ProductCard
from skills.shopping.finding.cards import card
from skills.shopping.finding.facts import facts
from skills.shopping.product import Product, Variant


@dataclass(frozen=True)
class Found:
    """`ids` are all that was found, best first, at most as many as asked for; `products` the first of them as they are
    in the database now, each with the variants that meet the conditions in `meeting`. `total` counts all that match.
    """

    ids: tuple[str, ...] = ()
    products: tuple[Product, ...] = ()
    meeting: Mapping[str, tuple[Variant, ...]] = field(default_factory=dict)
    total: int = 0
    exact: bool = True
    """Whether `total` is everything that matches, and not only what the search looked at."""
    understood: Understood = field(default_factory=lambda: Understood(""))
    """What the products meet."""
    relaxed: tuple[Relaxed, ...] = ()
    explanations: Mapping[str, Explanation] = field(default_factory=dict)
    collection: Collection | None = None
    milliseconds: float = 0.0

    def variants(self, product: Product) -> tuple[Variant, ...]:
        """The product's variants that meet the conditions."""
        return self.meeting.get(product.id, product.variants)

    def card(self, product: Product, now: datetime) -> ProductCard:
        """The product as what was asked for: of the variants meant, with the facts that matter."""
        said = facts(product, self.understood)
        meant = self.variants(product)
        return card(product, now, variants=() if len(meant) == len(product.variants) else meant, facts=said)

    def cards(self, now: datetime, count: int = CARDS_MAX) -> tuple[ProductCard, ...]:
        """Cards of the first products."""
        return tuple(self.card(one, now) for one in self.products[:count])

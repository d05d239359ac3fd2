"""What an utterance may mean that fits no intent: a question of the shop's, a product's name, or a search. Blocking."""

from __future__ import annotations

import re
from dataclasses import dataclass

from search_index import terms_of
from skills.shopping.catalogue import Catalogues
from skills.shopping.deciding.asking.question import content, is_question
from skills.shopping.deciding.asking.sources import PLAINLY
from skills.shopping.deciding.own_answers import OwnAnswers
from skills.shopping.finding import ProductSearch
from skills.shopping.product import Product
from skills.skill import ActionRequest
from skills.storefront import SURE, Match, ShopAnswer

WHOLE_NAME = 0.8
"""Likeness from which a whole utterance is a product's name."""
COVERED = 0.5
"""Of the words that carry meaning, more than this share being the best product's own makes it a search."""

REQUEST = re.compile(
    r"(?:(?:can|could) you )?(?:please )?"
    r"(?:(?:find|show|get) me|find|(?:i'?m |i am )?looking for|do you (?:have|sell)) ",
    re.IGNORECASE,
)
"""Words that begin a search and nothing else: what the shop does not have, the search says best."""


@dataclass(frozen=True)
class Meant:
    """One of these, or nothing."""

    answer: Match | None = None
    product: Product | None = None
    search: bool = False


class Recognising:
    """Compares whole utterances with a shop's answers and products."""

    def __init__(self, catalogues: Catalogues, search: ProductSearch, answers: OwnAnswers) -> None:
        self._catalogues, self._search, self._answers = catalogues, search, answers

    def meant(self, request: ActionRequest, shop: str) -> Meant:
        """What it means. "Waterproof" alone is a search where products are that, though the shop tells how to keep them
        so; "how do I make it waterproof" is a question.
        """
        text = request.understanding.text
        best = next(iter(self._answers.best(request, shop, text)), None)
        if best and best.score >= PLAINLY and (is_question(text) or _is_asked(best.answer, text)):
            return Meant(answer=best)
        if product := self._named(shop, text):
            return Meant(product=product)
        if self._search.asks(shop, text) and not (best and best.score >= SURE and is_question(text)):
            return Meant(search=True)
        covered = self._covered(shop, text)
        if best and best.score >= SURE and (covered < 1 or is_question(text)):
            return Meant(answer=best)
        return Meant(search=covered > COVERED or REQUEST.match(text.strip()) is not None)

    def _named(self, shop: str, text: str) -> Product | None:
        hits = self._search.link(shop, text, 1)
        return self._catalogues.product(shop, hits[0].id) if hits and hits[0].score >= WHOLE_NAME else None

    def _covered(self, shop: str, text: str) -> float:
        """Which share of what it says a search would find: words of the best product's own among those with meaning."""
        found = self._search.find(shop, text, limit=1)
        terms = content(text)
        if not found.products or found.relaxed or not terms:
            return 0.0
        product = found.products[0]
        told = [product.title, product.brand, *product.categories, *product.options]
        told += [text for one in product.attributes for text in (one.name, one.value)]
        own = set(terms_of(" ".join(told), stemmed=True))
        return len(terms & own) / len(terms)


def _is_asked(answer: ShopAnswer, text: str) -> bool:
    """Whether it is asked in the same words."""
    return any(content(one) == content(text) for one in answer.wordings)

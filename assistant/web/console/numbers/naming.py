"""The names behind the ids that insights count: of answers, of products."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from skills.shopping.catalogue import Catalogues
from skills.storefront import ShopAnswers
from skills.storefront.kinds import ANSWER

GONE = "An answer that is not there any more"
SHOPS = 32
"""Whose answers' names are held ready."""


@dataclass(frozen=True)
class AnswerNames:
    """Of a shop's live answers, by id."""

    questions: Mapping[str, str]
    folders: Mapping[str, str]

    def question(self, identity: str) -> str:
        """What the answer answers."""
        return self.questions.get(identity, GONE)


def answer_names(answers: ShopAnswers, shop: str) -> AnswerNames:
    """As they are live now. Blocking; after something was published, a moment longer."""
    return _names(answers, shop, answers.revision(shop))


def product_names(catalogues: Catalogues, shop: str, ids: Sequence[str]) -> Mapping[str, str]:
    """The titles of products by their ids; a product that is gone is called by its id. Blocking."""
    known = {one.id: one.title for one in catalogues.products(shop, ids)}
    return {identity: known.get(identity, identity) for identity in ids}


@lru_cache(maxsize=SHOPS)
def _names(answers: ShopAnswers, shop: str, _revision: int) -> AnswerNames:
    live = [(one.id, one.data) for one in answers.live(shop, ANSWER)]
    questions = {identity: str(data.get("question", "")) for identity, data in live}
    return AnswerNames(
        questions, {identity: str(data.get("folder") or data.get("topic") or "") for identity, data in live}
    )

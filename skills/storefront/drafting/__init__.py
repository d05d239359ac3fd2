"""Answers that a shop can have at once: drafted from its own rules and products, for a person to confirm. Pure.

Nothing is made up: a draft is there only where the shop has said what it tells, and says what it was made from. What
has a variable is told by it, so that the answer follows the rule.
"""

from __future__ import annotations

from dataclasses import dataclass

from skills.shopping.shop import Profile
from skills.storefront.answer import ShopAnswer
from skills.storefront.drafting.assortment import Assortment
from skills.storefront.drafting.goods import goods_drafts
from skills.storefront.drafting.rules import rules_drafts
from skills.storefront.tones import said


@dataclass(frozen=True)
class Drafted:
    """A drafted answer, and what it was made from: "your delivery rules"."""

    answer: ShopAnswer
    source: str


def drafted(profile: Profile, has_hours: bool, goods: Assortment) -> list[Drafted]:
    """What can be answered of a shop, in its tone. `has_hours`: it has said when its people answer."""
    found = (*rules_drafts(profile, has_hours), *goods_drafts(profile, goods))
    return [
        Drafted(
            ShopAnswer(
                id=one.id,
                question=one.question,
                variants=one.variants,
                answer=said(profile.tone, one.id, one.facts, one.more),
                folder=one.folder,
            ),
            one.source,
        )
        for one in found
    ]

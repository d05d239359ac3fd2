"""Answers that are drafted from what a shop sells. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from skills.shopping.shop import Profile
from skills.storefront.drafting.assortment import Assortment, Common
from skills.storefront.drafting.draft import Draft
from skills.storefront.drafting.words import listed, small

GOODS = "Products"
"""The folder."""


def goods_drafts(profile: Profile, goods: Assortment) -> Iterator[Draft]:
    def source(common: Common) -> str:
        return f"your products: {common.products:,} of {goods.products:,}"

    if goods.categories.values:
        yield Draft(
            "assortment",
            "What do you sell?",
            ("what products do you have", "what kind of shop is this", "what can I buy here", "your assortment"),
            (f"We sell {listed(goods.categories.values)}.",),
            GOODS,
            source(goods.categories),
            ("Tell me what you are looking for, and I will find it.",),
        )
    if len(goods.brands.values) > 1:
        yield Draft(
            "brands",
            "Which brands do you have?",
            ("what brands do you sell", "list of brands", "which makers do you carry"),
            (f"Among others {listed(goods.brands.values)}.",),
            GOODS,
            source(goods.brands),
        )
    if goods.lowest and goods.highest and goods.lowest != goods.highest:
        yield Draft(
            "prices",
            "What do your products cost?",
            ("how expensive are you", "your prices", "price range"),
            (f"They cost from {goods.lowest} to {goods.highest}.",),
            GOODS,
            f"the prices of your {goods.products:,} products",
        )
    if len(goods.sizes.values) > 1:
        yield Draft(
            "sizes",
            "Which sizes do you have?",
            ("what sizes are there", "do you have my size", "size range", "is there a small size"),
            (f"Our sizes are {listed(goods.sizes.values)}.",),
            GOODS,
            source(goods.sizes),
            ("Not everything comes in all of them: ask me about a product.",),
        )
    if goods.materials.values:
        yield Draft(
            "materials",
            "What are your products made of?",
            ("which materials do you use", "what fabric is it", "what is it made from"),
            (f"Mostly of {listed([small(one) for one in goods.materials.values])}.",),
            GOODS,
            source(goods.materials),
            ("Ask me about a product, and I will tell you what it is made of.",),
        )
    if goods.warranties.values and not profile.warranty_months:
        yield Draft(
            "warranty",
            "Is there a warranty?",
            ("how long is the guarantee", "what if it breaks", "warranty period"),
            (f"It depends on the product: {listed(goods.warranties.values)}.",),
            GOODS,
            source(goods.warranties),
        )

"""Conversations of shoppers, made from the facts of a catalogue: what is said, and what has to hold afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from benchmarks.shopping_facts import Fact, colour, facts_of
from skills.shopping.product import Product

OPENERS = (
    "show me {}", "do you have {}?", "I'm looking for {}", "{}", "I need {}", "got any {}?", "can you find me {}?",
    "I want {}", "what {} do you have?", "hi, I'd like {} please", "any {}?", "let me see your {}",
)  # fmt: skip
MINDS = ("no, {}", "actually, {}", "I changed my mind, {}", "rather {}", "hmm, {} instead")
ORDERS = (
    ("cheapest first", False),
    ("sort by price", False),
    ("the most expensive one", True),
    ("most expensive first", True),
)

T = TypeVar("T")


@dataclass(frozen=True)
class Said:
    """One turn: what is said, what is meant by it, the facts that hold from then on, and what is to be judged."""

    text: str
    intent: str
    stated: tuple[Fact, ...]
    judge: str = "constraints"
    """Or "order up", "order down", "first", "compared", "cart add", "cart 2", "cart empty"."""
    ordinal: str = ""


@dataclass(frozen=True)
class Talk:
    """A conversation about one product."""

    shop: str
    kind: str
    product: Product
    turns: tuple[Said, ...]


def talks(shop: str, products: Sequence[Product], count: int) -> Iterator[Talk]:
    """`count` conversations in a shop, the same in every run."""
    dice = np.random.default_rng([len(products), count])
    by_kind: dict[str, list[Product]] = {}
    for one in products:
        if one.categories:
            by_kind.setdefault(one.categories[-1], []).append(one)
    made = 0
    while made < count:
        product = _one(products, dice)
        if not product.categories or len(by_kind[product.categories[-1]]) < 3:
            continue
        made += 1
        yield _talk(shop, product, by_kind[product.categories[-1]], dice)


def _talk(shop: str, product: Product, others: Sequence[Product], dice: np.random.Generator) -> Talk:
    kind = product.categories[-1]
    facts = _consistent(list(facts_of(product, others, dice)), product, dice)
    opening, later = facts[: 1 + int(dice.integers(2))], facts[1 + int(dice.integers(2)) :][:3]
    later = [one for one in later if one not in opening and one.alone]
    first, stated = _opening(kind, opening, dice)
    turns = [Said(first, "shop_find", tuple(stated))]
    for fact in later:
        said = _one(fact.alone, dice)
        wrong = _other_colour(fact, product, others)
        if wrong is not None and dice.random() < 0.5:
            turns.append(Said(_one(wrong.alone, dice), "shop_refine", (*stated, wrong), judge="detour"))
            said = _one(MINDS, dice).format(said)
        stated = [*stated, fact]
        turns.append(Said(said, "shop_refine", tuple(stated)))
    turns.append(Said("", "", tuple(stated), judge="first"))
    what = int(dice.integers(3))
    if what == 0:
        words, down = ORDERS[int(dice.integers(len(ORDERS)))]
        turns.append(Said(words, "shop_refine", tuple(stated), judge="order down" if down else "order up"))
    elif what == 1:
        turns.append(Said("compare the first two", "shop_compare", tuple(stated), judge="compared"))
    adding = ("add the first one to my cart", "put the first in my basket", "I'll take the first one")
    turns.append(Said(_one(adding, dice), "cart_add", (), judge="cart add", ordinal="1"))
    turns.append(Said(_one(("make it two", "make that 2"), dice), "cart_quantity", (), judge="cart 2"))
    if dice.random() < 0.5:
        turns.append(Said(_one(("take it out", "remove it from my cart"), dice), "cart_remove", (), judge="cart empty"))
    return Talk(shop, kind, product, tuple(turns))


def _consistent(facts: list[Fact], product: Product, dice: np.random.Generator) -> list[Fact]:
    """In any order, one about each thing, all of one variant that can be bought."""
    dice.shuffle(facts)
    kept: list[Fact] = []
    for one in facts:
        if any(other.about == one.about for other in kept):
            continue
        if any(all(fact.holds(product, v) for fact in (*kept, one)) for v in product.variants if v.can_order()):
            kept.append(one)
    return kept


def _opening(kind: str, facts: Sequence[Fact], dice: np.random.Generator) -> tuple[str, list[Fact]]:
    before, after, stated = "", [], []
    for fact in facts:
        if fact.before and not before and (not fact.after or dice.random() < 0.5):
            before = _one(fact.before, dice)
        elif fact.after:
            after.append(_one(fact.after, dice))
        else:
            continue
        stated.append(fact)
    noun = kind if kind.isupper() else kind[0].lower() + kind[1:]
    return _one(OPENERS, dice).format(" ".join([before, noun, *after]).strip()), stated


def _other_colour(fact: Fact, product: Product, others: Sequence[Product]) -> Fact | None:
    """A colour that other products of the kind have: what is said before the mind is changed."""
    if fact.about != "colour":
        return None
    own = {value for one in product.variants for value in one.options.values()}
    found = sorted(
        {one.options["colour"] for other in others for one in other.variants if "colour" in one.options} - own
    )
    return colour(found[0]) if found else None


def _one(choices: Sequence[T], dice: np.random.Generator) -> T:
    return choices[int(dice.integers(len(choices)))]

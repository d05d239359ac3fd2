"""Why a product is shown: the conditions that it meets and the words that it has, and nothing else."""

from __future__ import annotations

from datetime import datetime

from search_index import placed_terms, query_terms
from search_index.understanding import Constraint
from skills.shopping.finding.cards import said_name, spoken_price
from skills.shopping.finding.found import Found
from skills.shopping.finding.labels import phrase
from skills.shopping.finding.wording import QUOTED
from skills.shopping.product import Product
from skills.shopping.words import joined

AROUND = 6
"""Words that are quoted before and after the one that was sought."""


def why(found: Found, product: Product, now: datetime) -> str:
    """In one or two sentences; `found` has the product as an answer to what was asked."""
    hard = [one for one in found.understood.constraints if one.hard and one.filter is not None]
    reasons = [*(_met(found, product, one, now) for one in hard), *_by_words(found, product)]
    name = said_name(product)
    order = next((one for one in found.understood.constraints if one.sort is not None), None)
    ordered = f" They are in the order you asked for: {phrase(order, None)}." if order else ""
    if not reasons:
        return f"You have not said what it should be like, so I show what most people like.{ordered}"
    return f"The {name} {joined(reasons)}.{ordered}"


def _met(found: Found, product: Product, one: Constraint, now: datetime) -> str:
    said = phrase(one, found.collection.meanings.get(one.field) if found.collection else None)
    if one.is_price:
        return f"costs {spoken_price(found.card(product, now).price)}, {said}"
    if one.field == "category" and not one.excludes:
        return f"is one of our {said[0].lower()}{said[1:]}"
    if one.field == "colour" and not one.excludes:
        return f"comes {said}"
    return f"is {said}" if one.excludes or one.values == (True,) else f"is what you asked for: {said}"


def _by_words(found: Found, product: Product) -> list[str]:
    """What of its texts answers the words that were searched."""
    words = found.understood.words
    if not words:
        return []
    sought = {stemmed for stemmed, _ in query_terms(words)}
    details = (("details", f"{one.name}: {one.value}") for one in product.attributes)
    for where, text in (("name", product.title), *details, ("description", product.description)):
        if quoted := _quoted(text, sought):
            return [f"says \u201c{quoted}\u201d in its {where}"]
    return [f"comes close in meaning to \u201c{words[:QUOTED]}\u201d"]


def _quoted(text: str, sought: set[str]) -> str:
    """The words of `text` around the first that was sought; empty where there is none."""
    place = next((start for term, start, _ in placed_terms(text, stemmed=True) if term in sought), None)
    if place is None:
        return ""
    before, after = text[:place].split(), text[place:].split()
    return " ".join([*before[-AROUND:], *after[: AROUND + 1]])

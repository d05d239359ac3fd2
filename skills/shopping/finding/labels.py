"""Conditions in words: on chips, and within sentences."""

from __future__ import annotations

from search_index.understanding import Constraint, Flag, Named, Operator, Price, Quantity
from search_index.understanding.meanings import Meaning
from search_index.understanding.reading import said
from skills.shopping.finding.cards import spoken_price
from skills.shopping.money import Money

_PRICES = {
    Operator.UNDER: "under {0}", Operator.AT_MOST: "up to {0}", Operator.OVER: "over {0}",
    Operator.AT_LEAST: "from {0}", Operator.BETWEEN: "{0} to {1}", Operator.ABOUT: "around {0}",
}  # fmt: skip
_ORDERS = {
    ("price", False): "cheapest first", ("price", True): "most expensive first",
    ("stars", True): "best rated first", ("stars", False): "worst rated first",
}  # fmt: skip


def phrase(one: Constraint, meaning: Meaning | None) -> str:
    """As a sentence says it: "under $50", "in red or blue", "by Nordfell", "not leather", "waterproof"."""
    if one.sort is not None:
        return _ORDERS.get((one.field, one.sort.descending), one.label)
    if one.like:
        return "like this one"
    if isinstance(meaning, Price):
        amounts = [spoken_price(_money(value, meaning)) for value in one.values]
        return _PRICES.get(one.operator, "for {0}").format(*amounts, amounts[0])
    if isinstance(meaning, Flag):
        return meaning.words[0] if one.values == (True,) else f"not {meaning.words[0]}"
    if isinstance(meaning, Quantity):
        return _quantity(one, meaning)
    listed = " or ".join(str(value) for value in one.values)
    if one.excludes:
        return f"not {listed}"
    if isinstance(meaning, Named):
        return {"colour": f"in {listed}", "brand": f"by {listed}", "audience": f"for {listed}"}.get(
            one.field, f"in {meaning.word} {listed}" if meaning.word == "size" else listed
        )
    return one.label


def chip_label(one: Constraint, meaning: Meaning | None) -> str:
    """As a chip shows it: "Under $50", "Red or blue", "Nordfell", "Size 42", "Waterproof"."""
    text = phrase(one, meaning)
    if not one.excludes:
        text = text.removeprefix("in ").removeprefix("by ").removeprefix("with ")
    return f"{text[:1].upper()}{text[1:]}"


def _quantity(one: Constraint, meaning: Quantity) -> str:
    name = meaning.words[0] if meaning.words else ""
    unit = "" if meaning.unit == name else f" {meaning.unit}"
    figures = [said(float(str(value))) for value in one.values]
    joint = " to " if one.operator is Operator.ABOUT else " and "
    figure = joint.join(figures)
    limit = figure if one.operator is Operator.IS else f"{one.operator} {figure}"
    return f"with {limit} {name}" if not unit else f"with {name} {limit}{unit}"


def _money(value: object, price: Price) -> Money:
    return Money(minor=round(float(str(value))), currency=price.currency)

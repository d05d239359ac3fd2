"""A question answered from a product's attributes: yes and no from flags and values, numbers with their units."""

from __future__ import annotations

import re

from search_index import terms_of
from search_index.understanding.units import BY_NAME, UNITS, Unit, convert
from skills.shopping.deciding.asking.question import GENERAL, Amount, Question
from skills.shopping.product import Attribute, Product

YES, NO = frozenset({"yes", "true"}), frozenset({"no", "false"})
LOWEST = frozenset({"age from"})
"""Numbers from which on something holds."""
SAID = {
    "for": "it is for {}",
    "weight": "it weighs {}",
    "material": "it is made of {}",
    "filling": "the filling is {}",
    "care": "{}",
    "author": "it is by {}",
    "language": "it is in {}",
    "publisher": "it is published by {}",
    "keeps hot": "it keeps drinks hot for {}",
    "keeps cold": "it keeps drinks cold for {}",
    "persons": "it is made for {}",
    "capacity": "it holds {}",
    "pages": "it has {} pages",
    "year": "it came out in {}",
    "age from": "it is for ages {} and up",
    "watering": "water it {}",
    "light": "it likes {} light",
}
"""How a fact is said, by its name; others are "the NAME is VALUE"."""
WORKS = {"induction": ("works on induction hobs", "does not work on induction hobs")}
"""Flags that are neither a quality nor a part, as they are said where they hold and where not."""
_quality = re.compile(
    r"(?:proof|resistant|able|ible|safe|free|friendly|ed|less|ing)$"
    r"|^(?:vegan|vegetarian|organic|hardy|handmade|mechanical|quiet|wireless|edible)$"
)
_done = re.compile(r" (?:included|needed|required)$")
_age = re.compile(r"\byears?[- ]olds?\b", re.IGNORECASE)
_either = re.compile(r"\bor\b", re.IGNORECASE)
_denial = re.compile(r"\b(?:no|not|non|without|except|free)\b", re.IGNORECASE)


def attributes_asked(question: Question, product: Product) -> list[Attribute]:
    """The attributes that a question is about: named in it in full, known to be asked for in such words, measured as
    its amounts are, or having the value that it asks for; the surest first.
    """
    said = set(terms_of(_age.sub("", question.text), stemmed=True))  # "year" is another attribute of books
    named = [
        one for one in product.attributes if one.name not in GENERAL and set(terms_of(one.name, stemmed=True)) <= said
    ]
    # Of "waterproof" and "water" both said, the longer name is what is meant.
    named.sort(key=lambda one: -len(one.name))
    by_name = {one.name: one for one in reversed(product.attributes)}
    known = [by_name[name] for name in question.names if name in by_name]
    if found := list(dict.fromkeys([*named, *known])):
        return found
    measured = [one for one in product.attributes if _measures(one, question)]
    valued = [one for one in product.attributes if question.is_closed and _has_value(one, question)]
    return measured if len(measured) == 1 else valued[:1]


def unit_of(attribute: Attribute) -> Unit | None:
    """The unit of its number, where it is one that converts."""
    return UNITS.get(attribute.unit.lower()) or BY_NAME.get(attribute.unit)


def _measures(attribute: Attribute, question: Question) -> bool:
    unit = unit_of(attribute)
    # Weights alone: of lengths and times a product may have many that are not meant.
    weights = (one.unit for one in question.amounts if one.unit and one.unit.dimension == "weight")
    return any(unit and unit.dimension == one.dimension for one in weights)


def _has_value(attribute: Attribute, question: Question) -> bool:
    value = set(terms_of(attribute.value, stemmed=True)) - YES - NO
    if _either.search(question.text):
        return bool(question.terms & value)
    return bool(question.terms) and question.terms <= value


def answer_from(question: Question, attribute: Attribute) -> str:
    """One sentence in which every figure is the attribute's own; empty where it does not answer the question."""
    value = attribute.value.strip().lower()
    if value in YES | NO:
        return _flag(question, attribute.name, value in YES)
    if question.is_closed and question.amounts and attribute.number is not None:
        return _compared(question, attribute)
    if question.is_closed and not question.amounts and _is_said(question, attribute):
        return f"Yes, {_stated(attribute)}."
    return f"{_capital(_stated(attribute))}."


def fact(attribute: Attribute) -> str:
    """An attribute as a short line: "Waterproof", "No hood", "Weight: 340 g"."""
    value, name = attribute.value.strip(), attribute.name
    if name == "for":
        return f"For {value}"
    if value.lower() in YES:
        return _capital(name)
    if value.lower() in NO:
        return f"Not {name}" if _is_quality(name) else f"No {name}"
    return _capital(f"{name}: {value}")


def _flag(question: Question, name: str, holds: bool) -> str:
    """Of a quality: "Yes, it is vegan."; of a part: "No, it has no hood."; of what is neither: "Bulb included: yes"."""
    if question.amounts and holds:
        return ""  # "will it fit a 15 inch laptop?" is more than there being a sleeve for one
    yes, no = ("Yes, it", "No, it") if question.is_closed else ("It", "It")
    if _done.search(name):
        return f"{_capital(name)}: {'yes' if holds else 'no'}."
    if name in WORKS:
        return f"{yes} {WORKS[name][not holds]}."
    if _is_quality(name):
        return f"{yes} is {name}." if holds else f"{no} is not {name}."
    with_article = re.search(rf"\b(an?) {re.escape(name)}", question.text, re.IGNORECASE)
    return (
        f"{yes} has {f'{with_article[1].lower()} ' if with_article else ''}{name}." if holds else f"{no} has no {name}."
    )


def _is_quality(name: str) -> bool:
    """Whether it is what a thing is ("waterproof"), rather than what it has ("hood", "wireless charging")."""
    return bool(_quality.search(name)) and not (" " in name and name.endswith("ing"))


def _compared(question: Question, attribute: Attribute) -> str:
    """Yes or no where the amounts can be compared and it is plain which way; else only what is known."""
    stated, unit, value = _stated(attribute), unit_of(attribute), attribute.number
    asked = next((in_unit for one in question.amounts if (in_unit := _in(one, unit)) is not None), None)
    if asked is None or value is None or (attribute.unit and unit is None):
        return f"{_capital(stated)}."
    if attribute.name in LOWEST:
        return f"{'Yes' if value <= asked else 'No'}, {stated}."
    if question.at_most:
        return f"{'Yes' if value <= asked else 'No'}, {stated}."
    if question.at_least:
        return f"{'Yes' if value >= asked else 'No'}, {stated}."
    return f"Yes, {stated}." if value == asked else f"{_capital(stated)}."


def _in(amount: Amount, unit: Unit | None) -> float | None:
    """An amount in an attribute's unit; None where the two do not compare."""
    if amount.unit is None or unit is None:
        return amount.value if amount.unit is unit else None
    return convert(amount.value, amount.unit, unit) if amount.unit.dimension == unit.dimension else None


def _is_said(question: Question, attribute: Attribute) -> bool:
    """Whether a value is what was asked for: "is it wool?" of "merino wool", but not of "not wool"."""
    value = set(terms_of(attribute.value, stemmed=True))
    asked = question.terms - set(terms_of(attribute.name, stemmed=True))
    unclear = _either.search(question.text) or _denial.search(f"{attribute.value} {question.text}")
    return bool(asked & value) and not unclear


def _stated(attribute: Attribute) -> str:
    """As a clause: "it weighs 340 g", "the battery life is 30 h", "pockets: 4"."""
    if attribute.name in SAID:
        return SAID[attribute.name].format(attribute.value)
    if attribute.name.endswith("s") and not attribute.name.endswith("ss"):
        counted = attribute.number is not None and not attribute.unit
        return f"it has {attribute.value} {attribute.name}" if counted else f"{attribute.name}: {attribute.value}"
    return f"the {attribute.name} is {attribute.value}"


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]

"""A question answered from a product's attributes: yes and no from flags and values, numbers with their units."""

from __future__ import annotations

import re

from search_index import terms_of
from search_index.understanding.units import UNITS, Unit, convert
from skills.shopping.deciding.asking.question import Amount, Question
from skills.shopping.product import Attribute, Product

YES, NO = frozenset({"yes", "true"}), frozenset({"no", "false"})
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
}
"""How a fact is said, by its name; others are "the NAME is VALUE"."""
_quality = re.compile(
    r"(?:proof|resistant|able|ible|safe|free|friendly|ed|less|ing)$|^(?:vegan|organic|hardy|wireless)$"
)
UNCOUNTED = frozenset({"stretch", "insulation", "padding", "bluetooth", "wifi", "hydration", "noise cancelling"})
_either = re.compile(r"\bor\b", re.IGNORECASE)
_denial = re.compile(r"\b(?:no|not|non|without|except|free)\b", re.IGNORECASE)


def attributes_asked(question: Question, product: Product) -> list[Attribute]:
    """The attributes that a question is about: named in it in full, known to be asked for in such words, measured as
    its amounts are, or having the value that it asks for; the surest first.
    """
    said = set(terms_of(question.text, stemmed=True))
    named = [one for one in product.attributes if len(one.name) > 3 and set(terms_of(one.name, stemmed=True)) <= said]
    # Of "waterproof" and "water" both said, the longer name is what is meant.
    named.sort(key=lambda one: -len(one.name))
    by_name = {one.name: one for one in reversed(product.attributes)}
    known = [by_name[name] for name in question.names if name in by_name]
    if found := list(dict.fromkeys([*named, *known])):
        return found
    measured = [one for one in product.attributes if _measures(one, question)]
    valued = [one for one in product.attributes if question.is_closed and _has_value(one, question)]
    return measured if len(measured) == 1 else valued[:1]


def _measures(attribute: Attribute, question: Question) -> bool:
    unit = UNITS.get(attribute.unit.lower())
    return any(unit and one.unit and one.unit.dimension == unit.dimension for one in question.amounts)


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
    if value.lower() in YES:
        return _capital(name)
    if value.lower() in NO:
        return f"Not {name}" if _quality.search(name) else f"No {name}"
    return _capital(f"{name}: {value}")


def _flag(question: Question, name: str, holds: bool) -> str:
    if question.amounts and holds:
        return f"{_capital(name)}: yes, but I have no measure of it."
    if _quality.search(name):
        return f"Yes, it is {name}." if holds else f"No, it is not {name}."
    if question.has or question.is_closed:
        return f"Yes, there is {_article(name)}." if holds else f"No, it comes without {_article(name)}."
    return f"{_capital(name)}: {'yes' if holds else 'no'}."


def _compared(question: Question, attribute: Attribute) -> str:
    """Yes or no where the amounts can be compared and it is plain which way; else only what is known."""
    stated, unit, value = _stated(attribute), UNITS.get(attribute.unit.lower()), attribute.number
    asked = next((in_unit for one in question.amounts if (in_unit := _in(one, unit)) is not None), None)
    if asked is None or value is None or (attribute.unit and unit is None):
        return f"{_capital(stated)}."
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


def _article(name: str) -> str:
    if (name.endswith("s") and not name.endswith("ss")) or name in UNCOUNTED:
        return name
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]

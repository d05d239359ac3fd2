"""The facts of a product that matter for what was asked: short lines for its card."""

from __future__ import annotations

from search_index import query_terms, terms_of
from search_index.understanding import Understood
from skills.shopping.finding.plan import Kind, canonical, field_name
from skills.shopping.finding.values import yes_or_no
from skills.shopping.product import Attribute, Product

FACTS_MAX = 3


def facts(product: Product, understood: Understood) -> tuple[str, ...]:
    """Attributes that a condition is about, then those with words of the query; a price or a colour is on the card."""
    asked_fields = {one.field for one in understood.constraints}
    words = {stemmed for stemmed, _ in query_terms(understood.words)}
    by_condition = [one for one in product.attributes if _fields(one) & asked_fields]
    by_words = [one for one in product.attributes if words & set(terms_of(f"{one.name} {one.value}", stemmed=True))]
    told = dict.fromkeys(line for one in (*by_condition, *by_words) if (line := fact(one)))
    return tuple(told)[:FACTS_MAX]


def fact(attribute: Attribute) -> str:
    """An attribute as a line: "Waterproof", "Battery life 30 h", "Merino wool"; empty for what it is not."""
    said = yes_or_no(attribute.value)
    if said is False:
        return ""
    name = canonical(attribute.name)
    line = name if said else attribute.value if name == "material" else f"{attribute.name} {attribute.value}"
    return f"{line[0].upper()}{line[1:]}"


def _fields(attribute: Attribute) -> set[str]:
    word = canonical(attribute.name)
    return {field_name(word, kind) for kind in Kind}

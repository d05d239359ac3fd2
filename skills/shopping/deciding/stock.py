"""Whether a product can be had, in which sizes and colours: worked out from what is left of it now."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from skills.shopping.finding.cards import FEW, said_name
from skills.shopping.options import having, options_in
from skills.shopping.product import Availability, Product, Variant
from skills.shopping.words import joined, listed

PLURALS = {"size": "sizes", "colour": "colours", "color": "colors"}


@dataclass(frozen=True)
class Stock:
    """What is answered, and the variants it is about; `options` are those that were chosen."""

    text: str
    variants: tuple[Variant, ...]
    options: dict[str, str]


def stock(product: Product, asked: str, option: str = "") -> Stock:
    """The answer to a question about what is there; `option` is a size or colour that was heard in it."""
    chosen = options_in(f"{asked} {option}", product)
    if option and not options_in(option, product):
        return _does_not_come_in(product, option)
    if not chosen and (name := _option_asked(product, asked)):
        return Stock(_values(product, name), product.variants, {})
    if not chosen:
        return Stock(_overall(product), product.variants, {})
    return _chosen(product, chosen)


def _chosen(product: Product, chosen: dict[str, str]) -> Stock:
    name, called = said_name(product), joined([_said(*one) for one in chosen.items()], "and")
    meant = having(product, chosen)
    if not meant:
        return Stock(f"The {name} does not come in {called} together. {_instead(product, chosen)}".strip(), (), chosen)
    there = [one for one in meant if one.can_order()]
    if not there:
        text = f"The {name} in {called} is sold out. {_instead(product, chosen)}".strip()
        return Stock(text, tuple(meant), chosen)
    return Stock(f"Yes, the {name} in {called} {_state(there)}.{_of_rest(meant, there)}", tuple(meant), chosen)


def _does_not_come_in(product: Product, option: str) -> Stock:
    others = [f"{PLURALS.get(name, name)} {listed(_there(product, name))}" for name in product.options]
    rest = (
        f" There are {joined(others)}." if product.options and all(_there(product, n) for n in product.options) else ""
    )
    return Stock(f"The {said_name(product)} does not come in {option}.{rest}", product.variants, {})


def _values(product: Product, name: str) -> str:
    """All values of one option, with those that are sold out."""
    there = _there(product, name)
    gone = [value for value in product.options[name] if value not in there]
    called = PLURALS.get(name, name)
    if not there:
        return f"The {said_name(product)} is sold out in all {called}."
    left = f" Sold out: {listed(gone)}." if gone else ""
    return f"The {said_name(product)} can be had in {listed(there)}.{left}"


def _overall(product: Product) -> str:
    there = [one for one in product.variants if one.can_order()]
    name = said_name(product)
    if not there:
        return f"Sorry, the {name} is sold out."
    parts = [
        f"{PLURALS.get(one, one)} {listed(_there(product, one))}"
        for one, all_ in product.options.items()
        if len(all_) > 1
    ]
    gone = [value for one in product.options for value in product.options[one] if value not in _there(product, one)]
    which = f" There are {joined(parts)}." if parts else ""
    left = f" Sold out: {listed(gone)}." if gone else ""
    return f"Yes, the {name} {_state(there)}.{which}{left}"


def _of_rest(meant: Sequence[Variant], there: Sequence[Variant]) -> str:
    """What can still be chosen of it, and what of that is gone."""
    open_names = [name for name in meant[0].options if len({one.options[name] for one in meant}) > 1]
    if len(open_names) != 1:
        return ""
    have = list(dict.fromkeys(one.options[open_names[0]] for one in there))
    gone = [one.options[open_names[0]] for one in meant if one.options[open_names[0]] not in have]
    sold = f", but {listed(list(dict.fromkeys(gone)))} {'is' if len(gone) == 1 else 'are'} sold out" if gone else ""
    return f" You can have {listed(have)}{sold}."


def _instead(product: Product, chosen: dict[str, str]) -> str:
    """What can be had when one of the choices is given up, the last first."""
    for given_up in reversed(chosen):
        rest = {name: value for name, value in chosen.items() if name != given_up}
        values = list(dict.fromkeys(one.options[given_up] for one in having(product, rest) if one.can_order()))
        if values:
            where = f" in {joined([_said(*one) for one in rest.items()])}" if rest else ""
            return f"You can have {listed(values)}{where}."
    return ""


def _state(there: Sequence[Variant]) -> str:
    at_once = [one for one in there if one.availability is Availability.IN_STOCK]
    if not at_once:
        waits = there[0].availability is Availability.PREORDER
        return "can be pre-ordered" if waits else "is on back-order and can be ordered"
    counts = [one.stock for one in at_once]
    left = sum(one for one in counts if one is not None)
    return f"is in stock, only {left} left" if None not in counts and left <= FEW else "is in stock"


def _there(product: Product, name: str) -> list[str]:
    """The values of an option that can be ordered in some variant."""
    return list(dict.fromkeys(one.options[name] for one in product.variants if one.can_order()))


def _option_asked(product: Product, asked: str) -> str:
    """The option that a text asks for by name: "which sizes", "what colours"."""
    words = asked.lower().replace("colour", "color").replace("color", "colour")
    return next(
        (
            name
            for name in product.options
            if re.search(rf"\b{re.escape(name.replace('colour', 'color').replace('color', 'colour'))}e?s?\b", words)
        ),
        "",
    )


def _said(name: str, value: str) -> str:
    return f"{name} {value}" if value.replace(".", "").isdigit() else value

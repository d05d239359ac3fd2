"""Which variant of a product is meant, and what is still to be asked. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from skills.shopping.buying.matching import distinct
from skills.shopping.product import Product


@dataclass(frozen=True)
class Chosen:
    """How far the choice is: `sku` once one variant is left, else `ask` with the `values` that can be ordered.

    `is_said` where everything about `sku` was said or there was nothing to choose; `refused` is what was asked for in
    vain. Neither `sku` nor `values`: it is sold out.
    """

    options: Mapping[str, str] = field(default_factory=dict)
    sku: str = ""
    is_said: bool = False
    ask: str = ""
    values: Sequence[str] = ()
    refused: str = ""


def choose(product: Product, wanted: Mapping[str, str]) -> Chosen:
    """What is left of a product's variants once `wanted` holds; only what can be ordered is offered."""
    options = {name: value for name, value in wanted.items() if value in product.options.get(name, ())}
    meant = [one for one in product.variants if options.items() <= one.options.items()]
    if len(meant) == 1:
        return Chosen(options, meant[0].sku, is_said=True)
    there = [one for one in meant if one.can_order()]
    refused = ""
    while not there and options:  # a size that is sold out in this colour: what is there in the others?
        name, value = options.popitem()
        refused = value
        there = [one for one in product.variants if options.items() <= one.options.items() and one.can_order()]
    if not there:
        return Chosen(options)
    if len(there) == 1 and not refused:
        return Chosen(options, there[0].sku, is_said=len(meant) == 1)
    for name in product.options:
        values = distinct(one.options[name] for one in there if name in one.options)
        if name not in options and (len(values) > 1 or refused):
            return Chosen(options, ask=name, values=values, refused=refused)
    return Chosen(options, there[0].sku)


def parsed(options: Sequence[str]) -> dict[str, str]:
    """Options as taps carry them: "size=M"."""
    pairs = [one.partition("=") for one in options]
    return {name: value for name, sign, value in pairs if sign}

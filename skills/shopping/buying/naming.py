"""Which product, or which line of the cart, is meant by "the second one", "those", "the boots"."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from skills.message import ItemId
from skills.shopping.buying.cart import Cart
from skills.shopping.buying.matching import named_among, words
from skills.shopping.buying.quote import QuotedLine, named
from skills.shopping.buying.scene import Scene
from skills.shopping.catalogue import Catalogues
from skills.shopping.product import QUANTITY_MAX, Product

CHOICES = 4
"""So many are offered where it is not clear which one is meant."""

Named = Callable[[str, str], ItemId | None]
"""(shop, text) -> the product of that name, as the search knows it."""


def products_meant(scene: Scene, catalogues: Catalogues, by_name: Named) -> list[Product]:
    """The products that can be meant, the best first: one where it is clear, none where nothing is."""
    understanding, memory = scene.request.understanding, scene.memory
    if ordinal := understanding.value("ordinal"):
        return catalogues.products(scene.shop.id, _at(memory.shown, memory.told, ordinal))
    name = understanding.value("product") or understanding.value("wanted")
    if words(name):
        shown = catalogues.products(scene.shop.id, memory.shown)
        titles = {product.id: f"{product.brand} {product.title}" for product in shown}
        near = named_among(name, titles)
        if len(near) != 1 and (found := by_name(scene.shop.id, name)):
            near = [found]
        return catalogues.products(scene.shop.id, near[:CHOICES])
    told = memory.shown[: memory.told]
    focus = memory.product or (told[0] if len(told) == 1 else None) or scene.request.utterance.page_item
    return catalogues.products(scene.shop.id, [focus] if focus else told[:CHOICES])


def lines_meant(scene: Scene, cart: Cart, lines: Sequence[QuotedLine]) -> list[QuotedLine]:
    """The lines of the cart that can be meant, in the same way."""
    understanding, memory = scene.request.understanding, scene.memory
    name = understanding.value("product") or understanding.value("wanted")
    if words(name):
        titles = {line.sku: named(line.title, line.options) for line in lines}
        near = named_among(name, titles)
        return [line for line in lines if line.sku in near]
    if ordinal := understanding.value("ordinal"):
        wanted = _at(tuple(line.sku for line in lines), len(lines), ordinal)
        return [line for line in lines if line.sku in wanted]
    if memory.sku and cart.line(memory.sku):
        return [line for line in lines if line.sku == memory.sku]
    return list(lines)


def quantity_said(scene: Scene) -> int | None:
    """How many; None where nothing was said of it. What is no sensible number is 0."""
    said = scene.request.understanding.value("quantity")
    if not said:
        return None
    return int(said) if re.fullmatch(r"[0-9]{1,9}", said) else 0


def is_quantity(number: int) -> bool:
    """Whether a line can have so many."""
    return 1 <= number <= QUANTITY_MAX


def _at(items: Sequence[str], told: int, ordinal: str) -> list[str]:
    """The one at that place; -1 is the last that was told."""
    if not re.fullmatch(r"-1|[1-9][0-9]{0,2}", ordinal):
        return []
    place = (told or len(items)) - 1 if ordinal == "-1" else int(ordinal) - 1
    return [items[place]] if 0 <= place < len(items) else []

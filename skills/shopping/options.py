"""Which of a product's options a text names: "in medium", "the navy one", "size 42"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from skills.shopping.product import Product, Variant

SPOKEN = {
    "xxs": "extra extra small|double extra small",
    "xs": "extra small|x small",
    "s": "small",
    "m": "medium",
    "l": "large",
    "xl": "extra large|x large",
    "xxl": "extra extra large|double extra large|double xl|2xl",
    "xxxl": "triple extra large|triple xl|3xl",
    "grey": "gray",
    "gray": "grey",
}
"""Values in small letters, and how else they are said."""


def options_in(text: str, product: Product) -> dict[str, str]:
    """The options that a text names, as the product's variants write them: {"size": "M"}; of each the longest name."""
    left, found = f" {text.lower()} ", dict[str, str]()
    named = [
        (wording, option, value)
        for option, values in product.options.items()
        for value in values
        for wording in _wordings(value)
    ]
    for wording, option, value in sorted(named, key=lambda one: -len(one[0])):
        # Letters and numbers alone are read only as sizes: "M", "size 42", never the s of "it's".
        place = re.search(rf"(?<![\w'\u2019.-]){re.escape(wording)}(?![\w'\u2019-])", left)
        if place and option not in found:
            found[option] = value
            left = left[: place.start()] + " " + left[place.end() :]
    return {name: found[name] for name in product.options if name in found}


def having(product: Product, options: dict[str, str]) -> list[Variant]:
    """The variants that have all of these options."""
    return [one for one in product.variants if all(one.options.get(name) == value for name, value in options.items())]


def open_options(variants: Sequence[Variant]) -> list[str]:
    """The options in which some variants still differ, in their order."""
    names = variants[0].options if variants else {}
    return [name for name in names if len({one.options[name] for one in variants}) > 1]


def _wordings(value: str) -> list[str]:
    plain = value.lower()
    return [plain, *filter(None, SPOKEN.get(plain, "").split("|"))]

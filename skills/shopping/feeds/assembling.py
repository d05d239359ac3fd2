"""One product of the offers that are its variants."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import ValidationError

from skills.shopping.feeds import values
from skills.shopping.feeds.entries import Offer, Problem
from skills.shopping.product import ATTRIBUTES_MAX, IMAGES_MAX, VARIANTS_MAX, Attribute, Product, Variant

OPTIONS_MAX = 5


def assemble(shop: str, offers: Sequence[Offer]) -> tuple[Product | None, list[Problem]]:
    """The product, and what was left out of it; None where nothing of it can be bought.

    `offers` are all of one product, in the feed's order. What the product itself is called and told comes from the
    first of them that says so.
    """
    problems: list[Problem] = []
    parts = _distinct(offers, problems)
    if not parts:
        if not problems:
            problems.append(Problem(offers[0].row, "", "product_empty", "Nothing of it can be bought"))
        return None, problems
    names = _options(parts)
    parts = _apart(parts, names, problems)
    if len(parts) > VARIANTS_MAX:
        what = f"It has {len(parts)} variants; {VARIANTS_MAX} are the most"
        problems.append(Problem(parts[VARIANTS_MAX].row, "", "variants_many", what, fatal=False))
    variants = [_variant(one, names) for one in parts[:VARIANTS_MAX]]
    try:
        return _product(shop, offers, parts, names, variants), problems
    except ValidationError as error:
        problem = error.errors()[0]
        field = ".".join(str(part) for part in problem["loc"])
        return None, [*problems, Problem(offers[0].row, field, "field_invalid", problem["msg"])]


def _distinct(offers: Sequence[Offer], problems: list[Problem]) -> list[Offer]:
    """Those with a variant, each sku once."""
    found: dict[str, Offer] = {}
    for one in offers:
        if one.variant is None:
            continue
        sku = one.variant.sku
        if sku in found:
            what = f"{sku!r} is there already, in row {found[sku].row}"
            problems.append(Problem(one.row, "id", "id_twice", what))
        else:
            found[sku] = one
    return list(found.values())


def _options(parts: Sequence[Offer]) -> tuple[str, ...]:
    """By what variants differ: what all of them name, and not all alike."""
    if len(parts) == 1:
        return ()  # there is nothing to choose
    named = [name for name in parts[0].sizes if all(name in one.sizes for one in parts)]
    differing = [name for name in named if len({one.sizes[name] for one in parts}) > 1]
    return tuple(differing[:OPTIONS_MAX])


def _apart(parts: list[Offer], names: tuple[str, ...], problems: list[Problem]) -> list[Offer]:
    """Variants that nobody could tell from one before are left out."""
    found: dict[tuple[str, ...], Offer] = {}
    for one in parts:
        key = tuple(one.sizes[name].casefold() for name in names)
        if key in found:
            what = f"Nothing sets it apart from row {found[key].row}, which is the same product"
            problems.append(Problem(one.row, "", "variant_same", what))
        else:
            found[key] = one
    return list(found.values())


def _variant(one: Offer, names: tuple[str, ...]) -> Variant:
    assert one.variant
    return one.variant.model_copy(update={"options": {name: one.sizes[name] for name in names}})


def _product(
    shop: str, offers: Sequence[Offer], parts: Sequence[Offer], names: tuple[str, ...], variants: Sequence[Variant]
) -> Product:
    told = {
        name: next((found for one in offers if (found := getattr(one, name))), default)
        for name, default in (
            ("title", ""), ("description", ""), ("brand", ""), ("url", ""), ("categories", ()), ("questions", ()),
            ("stars", None), ("reviews", 0), ("popularity", 0.0),
        )
    }  # fmt: skip
    images = dict.fromkeys(picture for one in offers for picture in one.images)
    facts = {fact.name: fact for one in reversed(offers) for fact in one.attributes}
    facts |= {fact.name: fact for fact in _common(parts, names)}
    return Product.model_validate(
        {
            "id": offers[0].product,
            "shop": shop,
            "images": tuple(images)[:IMAGES_MAX],
            "attributes": tuple(facts.values())[:ATTRIBUTES_MAX],
            "variants": tuple(variants),
            **told,
        }
    )


def _common(parts: Sequence[Offer], names: tuple[str, ...]) -> list[Attribute]:
    """What does not set variants apart is a fact about all of them."""
    common = parts[0].sizes.items() if parts else ()
    found = [
        values.attribute(name, text)
        for name, text in common
        if name not in names and all(one.sizes.get(name) == text for one in parts)
    ]
    return [one for one in found if one]

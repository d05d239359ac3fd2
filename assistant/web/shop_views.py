"""What a shop's pages show of a product: its tile on a shelf, and what of it can be chosen and bought."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from assistant.web.shop_choice import product_address
from skills.shop_view import ProductCard
from skills.shopping.finding.cards import card, safe_url
from skills.shopping.product import Product, Variant
from skills.shopping.remote_pictures import picture_url


@dataclass(frozen=True)
class Tile:
    """A product on a shelf."""

    card: ProductCard
    address: str


@dataclass(frozen=True)
class OptionValue:
    """A value of an option: where it is chosen, and whether anything with it can be ordered beside what is chosen."""

    value: str
    address: str
    chosen: bool
    can_order: bool
    image: str = ""


@dataclass(frozen=True)
class Buyable:
    """A product as far as it is chosen: `sku` once only one variant is meant, `missing` what else has to be said."""

    card: ProductCard
    sku: str
    chosen: Mapping[str, str]
    options: Mapping[str, tuple[OptionValue, ...]]
    missing: tuple[str, ...]
    image: str


def tile(product: Product, variants: Sequence[Variant], now: datetime) -> Tile:
    """The tile of those `variants` of a product that are meant; its link keeps what they have in common."""
    shared = {
        name: values.pop()
        for name, all_values in product.options.items()
        if len(all_values) > 1 and len(values := {one.options.get(name, "") for one in variants}) == 1
    }
    meant = () if len(variants) == len(product.variants) else variants
    return Tile(card(product, now, variants=meant), product_address(product.shop, product.id, shared))


def buyable(product: Product, chosen: Mapping[str, str], now: datetime) -> Buyable:
    """The product with the `chosen` values of its options; an option with one value is chosen already."""
    options = product.options
    whole = {name: values[0] for name, values in options.items() if len(values) == 1} | dict(chosen)
    meant = _with(product, whole)
    if not meant:  # never made together: what was chosen first counts
        whole = dict(list(whole.items())[:1])
        meant = _with(product, whole)
    return Buyable(
        card=card(product, now, variants=() if len(meant) == len(product.variants) else meant),
        sku=meant[0].sku if len(meant) == 1 else "",
        chosen=whole,
        options={name: _values(product, name, values, whole) for name, values in options.items()},
        missing=tuple(name for name in options if name not in whole),
        image=next((shown for one in (meant[0].image, *product.images) if (shown := _picture(product, one))), ""),
    )


def _values(product: Product, name: str, values: Sequence[str], whole: Mapping[str, str]) -> tuple[OptionValue, ...]:
    found = []
    for value in values:
        beside = {**whole, name: value}
        meant = _with(product, beside)
        shared = {one: beside[one] for one in product.options if one in beside and len(product.options[one]) > 1}
        found.append(
            OptionValue(
                value=value,
                address=product_address(product.shop, product.id, shared),
                chosen=whole.get(name) == value,
                can_order=any(one.can_order() for one in meant),
                image=_picture(product, meant[0].image) if meant and name == "colour" else "",
            )
        )
    return tuple(found)


def _picture(product: Product, address: str) -> str:
    return picture_url(product, safe_url(address))


def _with(product: Product, options: Mapping[str, str]) -> list[Variant]:
    return [one for one in product.variants if all(one.options.get(name) == options[name] for name in options)]

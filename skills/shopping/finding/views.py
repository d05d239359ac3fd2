"""What a search shows: cards with their buttons, chips for the conditions that hold, and ways to go on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from skills.shop_view import Button, Chip, Facet, FacetValue, ProductCard, ShopView, Tap
from skills.shopping.finding.found import Found
from skills.shopping.finding.labels import chip_label

LABEL_MAX = 60
FACET_VALUES = 12


def found_view(found: Found, now: datetime, count: int) -> ShopView:
    """The first `count` products with all that belongs to them."""
    cards = tuple(with_buttons(one) for one in found.cards(now, count))
    return ShopView(products=cards, total=found.total or None, chips=chips(found), buttons=_orders(found))


def with_buttons(card: ProductCard) -> ProductCard:
    """The card with what can be done with it."""
    values: dict[str, str | int | bool | list[str]] = {"product": card.product}
    buttons = [Button(label="Details", tap=Tap(name="product.details", values=values))]
    if card.can_order:
        chosen = values | ({"sku": card.sku} if card.sku else {})
        add = Tap(name="cart.add", values=chosen | {"quantity": 1})
        buttons.insert(0, Button(label="Add to cart", tap=add, style="primary"))
    buttons.append(Button(label="Similar", tap=Tap(name="find.similar", values=values)))
    return card.model_copy(update={"buttons": tuple(buttons)})


def chips(found: Found) -> tuple[Chip, ...]:
    """The conditions that the products meet, each with the tap that takes it back."""
    meanings = found.collection.meanings if found.collection else {}
    kept = [one for one in found.understood.constraints if one.hard and (one.filter or one.sort)]
    return tuple(
        Chip(
            label=chip_label(one, meanings.get(one.field))[:LABEL_MAX],
            tap=Tap(name="find.drop", values={"label": one.label}),
        )
        for one in kept
    )


def facet_view(label: str, field: str, counts: Mapping[str, int]) -> Facet:
    """Values of a field with how many have each, and the taps that ask for them."""
    values = tuple(
        FacetValue(label=value, count=count, tap=Tap(name="find.add", values={"field": field, "value": value}))
        for value, count in list(counts.items())[:FACET_VALUES]
    )
    return Facet(label=label, values=values)


def compare_button(products: Sequence[str]) -> Button:
    """Puts products side by side."""
    return Button(label="Compare", tap=Tap(name="find.compare", values={"products": list(products)}))


def _orders(found: Found) -> tuple[Button, ...]:
    """Ways to look at what was found; none for a single product."""
    if found.total < 2:
        return ()
    ids = [one.id for one in found.products]
    buttons = [compare_button(ids[: min(3, len(ids))])] if len(ids) > 1 else []
    if found.understood.sort is None:
        buttons.append(Button(label="Cheapest first", tap=Tap(name="find.sort", values={"by": "price"})))
        if any(one.stars is not None for one in found.products):
            buttons.append(Button(label="Best rated", tap=Tap(name="find.sort", values={"by": "rating"})))
    if len(found.ids) > len(ids):
        buttons.append(Button(label="Show more", tap=Tap(name="find.more")))
    return tuple(buttons)

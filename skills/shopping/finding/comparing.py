"""Two or three products side by side: what differs first, what reviewers say, and the difference in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from skills.shop_view import Comparison, ProductCard, ReviewSummary, Row
from skills.shopping.finding.cards import said_name, spoken_price
from skills.shopping.finding.values import amount
from skills.shopping.product import Product

COMPARED = 3
ROWS_MAX = 14
VALUE_MAX = 120
MORE_IS_BETTER = frozenset({"battery life", "warranty", "fill power", "brightness"})
"""Attributes of which nobody wants less; of all others more is better for some and worse for others."""
FEWEST_REVIEWS, CLEARLY = 3, 0.2
"""Reviews that each needs, and stars between them, before one is plainly rated better."""


def compare(products: Sequence[Product], cards: Sequence[ProductCard], reviews: Sequence[ReviewSummary]) -> Comparison:
    """The table; `cards` and `reviews` are those of `products`, in their order."""
    own = [_price(cards), _stars(products), *_attributes(products), *_options(products)]
    rows = [row for row in own if any(row.values)]
    rows.sort(key=lambda row: (row.name not in ("Price", "Rating"), not row.differs, "" in row.values))
    said = [_said("Reviewers like", [one.pros for one in reviews]), _said("They don't", [one.cons for one in reviews])]
    kept = [*rows[: ROWS_MAX - len(said)], *(row for row in said if any(row.values))]
    return Comparison(products=tuple(cards), rows=tuple(kept))


def difference(products: Sequence[Product], comparison: Comparison) -> str:
    """What differs, said in a few words: the price, the rating, and one thing more."""
    names = [said_name(one) for one in products]
    told = []
    price = comparison.rows[0]
    if price.best is not None:
        told.append(f"the {names[price.best]} costs least, {spoken_price(comparison.products[price.best].price)}")
    rating = next((row for row in comparison.rows if row.name == "Rating"), None)
    if rating is not None and rating.best is not None:
        told.append(f"the {names[rating.best]} is rated best, {products[rating.best].stars:g} stars")
    others = [row for row in comparison.rows if row.name not in ("Price", "Rating")]
    telling = [row for row in others if row.differs and all(row.values) and len(" ".join(row.values)) < 50]
    if telling:
        told.append(f"{telling[0].name.lower()}: {' against '.join(telling[0].values)}")
    if not told:
        return "They cost the same, and I know of nothing that tells them apart."
    text = "; ".join(told)
    return f"{text[0].upper()}{text[1:]}."


def _price(cards: Sequence[ProductCard]) -> Row:
    values = tuple(f"from {one.price}" if one.from_price else str(one.price) for one in cards)
    amounts = [one.price.minor if one.can_order else None for one in cards]
    return Row(name="Price", values=values, differs=len(set(values)) > 1, best=_least(amounts))


def _stars(products: Sequence[Product]) -> Row:
    values = tuple("" if one.stars is None else f"{one.stars:g} of 5 ({one.reviews})" for one in products)
    best = None
    if all(one.stars is not None and one.reviews >= FEWEST_REVIEWS for one in products):
        stars = [one.stars or 0.0 for one in products]
        ahead = sorted(stars, reverse=True)
        best = stars.index(ahead[0]) if ahead[0] - ahead[1] >= CLEARLY else None
    return Row(name="Rating", values=values, differs=len(set(values)) > 1, best=best)


def _attributes(products: Sequence[Product]) -> list[Row]:
    names = dict.fromkeys(attribute.name for one in products for attribute in one.attributes)
    rows = []
    for name in names:
        found = [one.attribute(name) for one in products]
        values = tuple("" if one is None else one.value[:VALUE_MAX] for one in found)
        best = None
        if name in MORE_IS_BETTER:
            measured = [None if one is None else amount(one) for one in found]
            if len({one[1] for one in measured if one is not None}) == 1 and None not in measured:
                best = _least([-one[0] for one in measured if one is not None])
        known = [value.casefold() for value in values if value]
        differs = len(set(known)) > 1 or len(known) < len(values)
        rows.append(Row(name=f"{name[0].upper()}{name[1:]}", values=values, differs=differs, best=best))
    return rows


def _options(products: Sequence[Product]) -> list[Row]:
    names = dict.fromkeys(name for one in products for name in one.options)
    rows = []
    for name in names:
        values = tuple(", ".join(one.options.get(name, ()))[:VALUE_MAX] for one in products)
        rows.append(Row(name=f"{name[0].upper()}{name[1:]}", values=values, differs=len(set(values)) > 1))
    return rows


def _said(name: str, lines: Sequence[Sequence[str]]) -> Row:
    values = tuple("; ".join(one[:2])[:VALUE_MAX] for one in lines)
    return Row(name=name, values=values, differs=len(set(values)) > 1)


def _least(numbers: Sequence[float | None]) -> int | None:
    """Which is less than all others; None where two are, or some are not known."""
    known = sorted(one for one in numbers if one is not None)
    if len(known) < len(numbers) or len(known) < 2 or known[0] == known[1]:
        return None
    return list(numbers).index(known[0])

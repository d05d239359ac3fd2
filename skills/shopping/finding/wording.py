"""What is said of what was found: from the same products as the cards, and no longer than it has to be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from search_index.understanding import Constraint
from skills.shopping.finding.cards import said_name, spoken_price
from skills.shopping.finding.found import Found
from skills.shopping.finding.labels import phrase
from skills.shopping.words import joined

TOLD = 3
"""Products that are named aloud."""
WORDS = 32
"""Of one spoken answer, at most."""
QUOTED = 60
"""Characters of what somebody said that are said again."""


def telling(found: Found, now: datetime, opening: str) -> tuple[str, int]:
    """`opening` and the first products with their prices, as many as are not too many words; and how many."""
    told = [
        f"the {said_name(product)} at {spoken_price(found.card(product, now).price)}"
        for product in found.products[:TOLD]
    ]
    while len(told) > 1 and len(f"{opening} {joined(told)}".split()) > WORDS:
        told.pop()
    named = joined(told)
    return (f"{opening} {named[0].upper()}{named[1:]}.", len(told)) if named else (opening, 0)


def opening(found: Found, now: datetime, alike: str = "") -> str:
    """One sentence: how many there are of what, under which conditions; or what had to be given up for them.

    `alike` says what they resemble, where that was asked for.
    """
    if found.relaxed:
        return _rescued(found, now)
    if alike:
        return f"{alike}{_where(found, _kept(found))}."
    if words := found.understood.words:
        return f"Here's what fits \u201c{words[:QUOTED]}\u201d best{_where(found, _kept(found))}."
    if found.total == 1:
        return f"There's one match: {_things(found, _kept(found))}."
    return f"I found {found.total:,} {_things(found, _kept(found))}."


def superlative(found: Found, now: datetime) -> str:
    """Which is the first of everything that matches, in the order asked for; empty where none was."""
    order = found.understood.sort
    if order is None or order.field not in ("price", "stars") or found.relaxed:
        return ""
    first = found.products[0]
    shown = found.card(first, now)
    matching = f"Of {found.total:,} {_things(found, _kept(found))}, " if found.total > 1 else ""
    if order.field == "price":
        most = "most expensive" if order.descending else "cheapest"
        said = f"the {most} is the {said_name(first)} at {spoken_price(shown.price)}."
    elif shown.stars is not None:
        most = "best" if order.descending else "worst"
        said = f"the {most} rated is the {said_name(first)} with {shown.stars:g} stars, at {spoken_price(shown.price)}."
    else:
        return ""
    return f"{matching}{said}" if matching else f"{said[0].upper()}{said[1:]}"


def nothing(found: Found) -> str:
    """Where there is nothing, whatever is given up."""
    if words := found.understood.words:
        what = f"anything for \u201c{words[:QUOTED]}\u201d{_where(found, _kept(found))}"
    else:
        what = f"any {_things(found, _kept(found))}"
    return f"I couldn't find {what}. Try other words, or ask me what we sell."


def _rescued(found: Found, now: datetime) -> str:
    given_up = [one.constraint for one in found.relaxed]
    missing = f"I found no {_things(found, [*_kept(found), *given_up])}."
    others = [f"\u201c{_phrase(found, one)}\u201d" for one in given_up if not one.is_price]
    without = f"leaving out {joined(others)}, " if others else ""
    if len(others) < len(given_up):
        price = spoken_price(found.card(found.products[0], now).price)
        said = f"{without}the nearest costs {price}."
    else:
        said = f"{without}there {'is' if found.total == 1 else 'are'} {found.total:,}."
    return f"{missing} {said[0].upper()}{said[1:]}"


def _kept(found: Found) -> list[Constraint]:
    return [one for one in found.understood.constraints if one.hard and one.filter is not None]


def _things(found: Found, constraints: Sequence[Constraint]) -> str:
    """The things as they were asked for: "waterproof hiking boots in brown, under $200"."""
    flags = [_phrase(found, one) for one in constraints if _is_adjective(one)]
    return f"{' '.join([*flags, _noun(found)])}{_where(found, constraints)}"


def _where(found: Found, constraints: Sequence[Constraint]) -> str:
    """What stands behind the noun: " in brown, under $200"."""
    kinds = [one for one in constraints if one.field == "category" and not one.excludes]
    told = [_phrase(found, one) for one in constraints if one not in kinds and not _is_adjective(one)]
    if not told:
        return ""
    return f"{',' if told[0].startswith('not ') else ''} {', '.join(told)}"


def _is_adjective(one: Constraint) -> bool:
    """Whether it is said before the noun: "waterproof boots"."""
    return one.values == (True,)


def _noun(found: Found) -> str:
    """The kind of things that were asked for, by its category's name."""
    kinds = [one for one in _kept(found) if one.field == "category" and not one.excludes]
    if not kinds:
        return "products"
    name = str(kinds[-1].values[0])
    return name if name.isupper() else f"{name[0].lower()}{name[1:]}"


def _phrase(found: Found, one: Constraint) -> str:
    return phrase(one, found.collection.meanings.get(one.field) if found.collection else None)

"""What the address of a shop's page says of a visitor's choice, and the addresses of other choices."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from urllib.parse import quote, urlencode

from sanic import Request

from skills.shopping.browsing import Choice, Order
from skills.shopping.money import LARGEST, digits

QUERY_MAX = 200
VALUE_MAX = 60
CHOSEN_MAX = 40
PAGE_MAX = 10_000
_price = re.compile(r"\d{1,9}(?:[.,]\d{1,3})?", re.ASCII).fullmatch


@dataclass(frozen=True)
class Asked:
    """A choice as an address holds it; what an address cannot mean is left out of it."""

    path: str
    query: str = ""
    choice: Choice = field(default_factory=Choice)
    least: str = ""
    most: str = ""
    """The prices as they were typed."""
    page: int = 1

    def address(self) -> str:
        """Where this choice is shown."""
        query = urlencode([*self.fields(), *self.limits(), *([("page", str(self.page))] if self.page > 1 else [])])
        return f"{self.path}?{query}" if query else self.path

    def fields(self) -> list[tuple[str, str]]:
        """What a form has to send along that asks for limits."""
        choice = self.choice
        told: list[tuple[str, str]] = [("q", self.query), ("category", choice.category)]
        told += [("f", f"{name}:{value}") for name in choice.values for value in sorted(choice.values[name])]
        told += [("sort", "" if choice.order is Order.RELEVANCE else choice.order.value)]
        return [one for one in told if one[1]]

    def limits(self) -> list[tuple[str, str]]:
        """The limits that hold."""
        told = [("min", self.least), ("max", self.most), ("stock", "1" if self.choice.in_stock else "")]
        return [one for one in told if one[1]]

    def is_narrowed(self) -> bool:
        """Whether anything is chosen beside a category and an order."""
        return bool(self.query or self.choice.values or self.limits())

    def on_page(self, page: int) -> str:
        """Another page of the same."""
        return replace(self, page=page).address()

    def in_category(self, category: str) -> str:
        """The same search in a category, or in all; what was chosen in another has no meaning there."""
        return Asked(self.path, self.query, Choice(category=category, order=self.choice.order)).address()

    def ordered(self, order: Order) -> str:
        """The same in another order."""
        return replace(self, choice=replace(self.choice, order=order), page=1).address()

    def toggled(self, name: str, value: str) -> str:
        """The same with a facet's value, or without it where it is chosen."""
        kept = self.choice.values.get(name, frozenset()) ^ {value}
        values = {one: own for one, own in {**self.choice.values, name: kept}.items() if own}
        return replace(self, choice=replace(self.choice, values=values), page=1).address()

    def unlimited(self) -> str:
        """The same without limits of price and stock."""
        choice = replace(self.choice, least=None, most=None, in_stock=False)
        return replace(self, choice=choice, least="", most="", page=1).address()


def read_choice(request: Request, path: str, currency: str) -> Asked:
    """The choice of an address."""
    values: dict[str, frozenset[str]] = {}
    for one in _all(request, "f")[:CHOSEN_MAX]:
        name, colon, value = one.partition(":")
        if colon and name and value and max(len(name), len(value)) <= VALUE_MAX:
            values[name] = values.get(name, frozenset()) | {value}
    sort, least, most = _one(request, "sort"), _one(request, "min"), _one(request, "max")
    choice = Choice(
        category=_one(request, "category")[:VALUE_MAX],
        values=values,
        least=_minor(least, currency),
        most=_minor(most, currency),
        in_stock=_one(request, "stock") == "1",
        order=Order(sort) if sort in set(Order) else Order.RELEVANCE,
    )
    page = _one(request, "page")
    number = int(page) if page.isascii() and page.isdigit() and len(page) <= 5 else 1
    query = " ".join(_one(request, "q").split())[:QUERY_MAX]
    return Asked(
        path,
        query,
        choice,
        least="" if choice.least is None else least,
        most="" if choice.most is None else most,
        page=min(max(1, number), PAGE_MAX),
    )


def read_options(request: Request, options: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Which of a product's options an address names, of those that there are."""
    told = {name: _one(request, name) for name in options}
    return {name: told[name] for name, values in options.items() if told[name] in set(values)}


def product_address(shop: str, product: str, options: Mapping[str, str] | None = None) -> str:
    """A product's page, with what is chosen of it."""
    query = urlencode(dict(options or {}))
    return f"/demo/shop/{shop}/products/{quote(product)}" + (f"?{query}" if query else "")


def _one(request: Request, name: str) -> str:
    found = _all(request, name)
    return found[0].strip() if found else ""


def _all(request: Request, name: str) -> list[str]:
    return [str(one) for one in request.args.getlist(name) or []]


def _minor(text: str, currency: str) -> int | None:
    """A price that was typed in whole units, in minor ones; None for what is none."""
    if not _price(text):
        return None
    minor = int(Decimal(text.replace(",", ".")).scaleb(digits(currency)))
    return minor if minor <= LARGEST else None
